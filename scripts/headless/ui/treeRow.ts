import type { Locator } from "playwright-core";
import { hoverOver, type Hover } from "./hover";
import { Menu } from "./menu";
import type { Icon } from "./icon";
import type { Screen } from "./screen";

export interface TreeRowState {
  readonly index: number;
  readonly label: string;
  readonly description: string;
  readonly ariaLabel: string;
  /** 1 for the tree's first level. */
  readonly level: number;
  /** Undefined without children. */
  readonly expanded: boolean | undefined;
  readonly icon: Icon | undefined;
  /** Labels of the inline actions. */
  readonly actions: readonly string[];
  readonly selected: boolean;
}

const expandsWithinMs = 3_000;
const expandTries = 4;

/** A row of a tree. Each use finds it by its label again, because rows move. */
export class TreeRow {
  constructor(
    private readonly screen: Screen,
    private readonly tree: string,
    private readonly rows: () => Promise<readonly TreeRowState[]>,
    private readonly label: string,
    private readonly parent: string | undefined,
  ) {}

  /** The row as shown, or undefined. */
  async read(): Promise<TreeRowState | undefined> {
    const rows = await this.rows();
    if (this.parent === undefined) return rows.find(({ label }) => label === this.label);
    const start = rows.findIndex(({ label }) => label === this.parent);
    const level = rows[start]?.level ?? 0;
    const below = start < 0 ? [] : rows.slice(start + 1);
    const end = below.findIndex((row) => row.level <= level);
    return (end < 0 ? below : below.slice(0, end)).find(({ label }) => label === this.label);
  }

  /** The row, once it exists and `accept` holds. */
  async waitFor(accept: (row: TreeRowState) => boolean = () => true, limitMs?: number): Promise<TreeRowState> {
    return await this.screen.appears(`row "${this.label}" of the tree`, () => this.read(), accept, limitMs);
  }

  /** The row's element, e.g. for a screenshot. */
  async locate(): Promise<Locator> {
    const { index } = await this.waitFor();
    return this.screen.page.locator(`${this.tree} .monaco-list-row[data-index="${index}"]`);
  }

  async click(): Promise<void> {
    await this.screen.click((await this.locate()).locator(".label-name"), `row "${this.label}"`);
  }

  async expand(): Promise<void> {
    await this.setExpanded(true);
  }

  async collapse(): Promise<void> {
    await this.setExpanded(false);
  }

  /** Expands the focused row with the right arrow key. */
  async expandByKeyboard(): Promise<void> {
    await this.repeatUntilExpanded(true, () => this.screen.page.keyboard.press("ArrowRight"));
  }

  async hover(): Promise<Hover> {
    return await hoverOver(this.screen, (await this.locate()).locator(".label-name"), `row "${this.label}"`);
  }

  /** Points at the row and clicks one of its inline actions. */
  async runInline(action: string): Promise<void> {
    const row = await this.locate();
    await row.hover();
    const target = row.locator(`.actions .action-label[aria-label="${action}"]`);
    await this.screen.click(target, `inline action "${action}" of row "${this.label}"`);
  }

  /** Opens the context menu: read its items, then pick one or close it. */
  async openMenu(): Promise<Menu> {
    await this.screen.click((await this.locate()).locator(".label-name"), `row "${this.label}"`, { button: "right" });
    return new Menu(this.screen);
  }

  private async setExpanded(expanded: boolean): Promise<void> {
    await this.waitFor((row) => row.expanded !== undefined);
    await this.repeatUntilExpanded(expanded, async () => {
      // If the previous click took effect late, a second click would undo it.
      if ((await this.read())?.expanded === expanded) return;
      await this.screen.click((await this.locate()).locator(".monaco-tl-twistie"), `the arrow of row "${this.label}"`);
    });
  }

  /** VS Code occasionally loses a key or a click while it reads the tree again. A user would repeat it. */
  private async repeatUntilExpanded(expanded: boolean, act: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      await act();
      try {
        await this.waitFor((row) => row.expanded === expanded, expandsWithinMs);
        return;
      } catch (error) {
        if (tries === expandTries) throw error;
      }
    }
  }
}
