import type { Screen } from "./screen";

const menuSelector = ".context-view .monaco-menu";
/** Longer than the time in which a new menu ignores clicks. */
const ignoresClicksMs = 150;

/** The open context menu or drop-down menu. */
export class Menu {
  constructor(private readonly screen: Screen) {}

  /** The labels in order, without separators, once a menu shows. */
  async items(): Promise<string[]> {
    return await this.screen.eventually(
      "an open menu",
      () => this.read(),
      (items) => items.length > 0,
    );
  }

  /** Picks an item by its label and waits until the menu is closed. */
  async pick(label: string): Promise<void> {
    await this.items();
    // A menu ignores clicks in its first 100 ms, and does not show it.
    await this.screen.page.evaluate((ms) => inPage.pause(ms), ignoresClicksMs);
    const item = this.screen.page
      .locator(`${menuSelector} .action-menu-item`)
      .filter({ has: this.screen.page.getByText(label, { exact: true }) });
    await this.screen.click(item.last(), `menu item "${label}"`);
    await this.waitUntilClosed();
  }

  /** Selects an item with the arrow keys and runs it with Enter, as a user without a mouse does. */
  async pickByKeyboard(label: string): Promise<void> {
    const { keyboard } = this.screen.page;
    const items = await this.items();
    // A menu also ignores keys until it has the focus.
    await this.screen.page.evaluate((ms) => inPage.pause(ms), ignoresClicksMs);
    for (let step = 0; (await this.focused()) !== label; step++) {
      if (step > items.length) throw await this.screen.failure(`The arrow keys do not reach "${label}"`);
      await keyboard.press("ArrowDown");
    }
    await keyboard.press("Enter");
    await this.waitUntilClosed();
  }

  async close(): Promise<void> {
    await this.screen.page.keyboard.press("Escape");
    await this.waitUntilClosed();
  }

  private async waitUntilClosed(): Promise<void> {
    await this.screen.eventually(
      "no open menu",
      () => this.read(),
      (items) => items.length === 0,
    );
  }

  private async focused(): Promise<string> {
    const selector = `${menuSelector} .action-item.focused .action-label`;
    return (await this.screen.page.evaluate((parts) => inPage.texts(parts), selector)).at(-1) ?? "";
  }

  private async read(): Promise<string[]> {
    return await this.screen.page.evaluate((selector) => inPage.menuItems(selector), menuSelector);
  }
}
