import { Menu } from "./menu";
import type { Icon } from "./icon";
import type { Screen } from "./screen";
import { TreeRow, type TreeRowState } from "./treeRow";

export interface TitleAction {
  readonly label: string;
  readonly icons: readonly Icon[];
}

export interface WelcomeState {
  readonly text: string;
  readonly buttons: readonly string[];
  readonly links: readonly string[];
}

/** The only tree view of its side bar. `container` is the view container's id in package.json. */
export class TreeView {
  private readonly root: string;
  private readonly tree: string;

  constructor(
    private readonly screen: Screen,
    container: string,
  ) {
    this.root = `[id="workbench.view.extension.${container}"]`;
    this.tree = `${this.root} .customview-tree`;
  }

  /** The visible rows from top to bottom; empty if the view is not open. Longer trees scroll. */
  async rows(): Promise<TreeRowState[]> {
    return await this.screen.page.evaluate((tree) => inPage.treeRows(tree), this.tree);
  }

  /** The rows, once `accept` holds. */
  async waitForRows(accept: (rows: readonly TreeRowState[]) => boolean, limitMs?: number): Promise<TreeRowState[]> {
    return await this.screen.eventually("the tree's rows", () => this.rows(), accept, limitMs);
  }

  /** The row with this label, below the row labelled `parent` if given. Fails on use if it does not exist. */
  row(label: string, parent?: string): TreeRow {
    return new TreeRow(this.screen, this.tree, () => this.rows(), label, parent);
  }

  /** The welcome content, or undefined if the tree shows. */
  async welcome(): Promise<WelcomeState | undefined> {
    return await this.screen.page.evaluate((view) => inPage.welcome(view), this.root);
  }

  /** The welcome content, once it shows and `accept` holds. */
  async waitForWelcome(accept: (welcome: WelcomeState) => boolean = () => true): Promise<WelcomeState> {
    return await this.screen.appears("the view's welcome content", () => this.welcome(), accept);
  }

  /** Clicks a button or a link of the welcome content. */
  async clickWelcome(label: string): Promise<void> {
    const target = this.screen.page.locator(`${this.root} .welcome-view-content a`).filter({ hasText: label });
    await this.screen.click(target.first(), `"${label}" in the welcome content`);
  }

  /** The line above the tree; empty if there is none. */
  async message(): Promise<string> {
    const selector = `${this.root} .tree-explorer-viewlet-tree-view > .message`;
    return (await this.texts(selector)).join("\n");
  }

  /** Waits until `accept` holds for the line above the tree. */
  async waitForMessage(accept: (message: string) => boolean): Promise<string> {
    return await this.screen.eventually("the line above the tree", () => this.message(), accept);
  }

  /** True while `withProgress` shows its bar on this view. */
  async isBusy(): Promise<boolean> {
    return (await this.texts(".part.sidebar .monaco-progress-container.active")).length > 0;
  }

  /** The side bar's title. */
  async title(): Promise<string> {
    // The text content, because 1.104 paints capitals.
    return (await this.screen.page.locator(".part.sidebar .composite.title h2").textContent()) ?? "";
  }

  /** Labels and icons of the actions in the title, the overflow menu last. */
  async titleActions(): Promise<TitleAction[]> {
    return await this.screen.page.evaluate((selector) => inPage.titleActions(selector), titleActionsSelector);
  }

  /** Clicks an action in the title. */
  async runTitleAction(label: string): Promise<void> {
    const target = this.screen.page.locator(`${titleActionsSelector} .action-label[aria-label="${label}"]`);
    await this.screen.click(target, `"${label}" in the view's title`);
  }

  /** Opens the "…" menu of the title. */
  async openOverflowMenu(): Promise<Menu> {
    const target = this.screen.page.locator(`${titleActionsSelector} .codicon-toolbar-more`);
    await this.screen.click(target, `the view's "…" menu`);
    return new Menu(this.screen);
  }

  /** The row menu opened with a key. */
  async openedMenu(): Promise<Menu> {
    const menu = new Menu(this.screen);
    await menu.items();
    return menu;
  }

  private async texts(selector: string): Promise<string[]> {
    return await this.screen.page.evaluate((parts) => inPage.texts(parts), selector);
  }
}

const titleActionsSelector = ".part.sidebar .composite.title .title-actions";
