import type { Locator } from "playwright-core";
import { clickInHover, hoverOver, type Hover } from "./hover";
import type { Icon } from "./icon";
import type { Screen } from "./screen";

export interface StatusBarItemState {
  /** Without the icons. */
  readonly text: string;
  readonly ariaLabel: string;
  readonly icons: readonly Icon[];
  readonly background: "none" | "error" | "warning";
  readonly side: "left" | "right";
}

/** One item of the status bar. `id` is `<publisher>.<extension>.<id given to createStatusBarItem>`. */
export class StatusBarItem {
  readonly locator: Locator;

  constructor(
    private readonly screen: Screen,
    readonly id: string,
  ) {
    this.locator = screen.page.locator(`.statusbar-item[id="${id}"]`);
  }

  /** The item as shown, or undefined if there is none. */
  async read(): Promise<StatusBarItemState | undefined> {
    return await this.screen.page.evaluate((id) => inPage.statusBarItem(id), this.id);
  }

  /** The item, once it shows and `accept` holds. Rejects after `limitMs`. */
  async waitFor(
    accept: (state: StatusBarItemState) => boolean = () => true,
    limitMs?: number,
  ): Promise<StatusBarItemState> {
    return await this.screen.appears(`status-bar item ${this.id}`, () => this.read(), accept, limitMs);
  }

  /**
   * Starts recording the item's text and icons. Resolves with a function that stops the recording and returns all
   * states in order: the present state first, undefined for any time without the item.
   */
  async record(): Promise<() => Promise<readonly (StatusBarItemState | undefined)[]>> {
    await this.screen.page.evaluate((id) => inPage.recordItem(id), this.id);
    return async () => await this.screen.page.evaluate(() => inPage.recordedItem());
  }

  /** Waits until the item is gone. */
  async waitUntilHidden(): Promise<void> {
    await this.screen.eventually(
      `no status-bar item ${this.id}`,
      () => this.read(),
      (state) => state === undefined,
    );
  }

  async hover(): Promise<Hover> {
    return await hoverOver(this.screen, this.locator, `status-bar item ${this.id}`);
  }

  /** Opens the hover and clicks one of its links. */
  async clickHoverLink(text: string): Promise<void> {
    await clickInHover(this.screen, this.locator, `status-bar item ${this.id}`, text);
  }

  async click(): Promise<void> {
    await this.screen.click(this.locator.locator("a").first(), `status-bar item ${this.id}`);
  }
}
