import type { Screen } from "./screen";

/** The editor area. */
export class Editors {
  constructor(private readonly screen: Screen) {}

  /** The tabs' labels, the active one's first. */
  async tabs(): Promise<string[]> {
    return await this.screen.page.evaluate(() => inPage.tabs());
  }

  /** Waits until an editor with `label` in its tab is active. */
  async waitForTab(label: string | RegExp): Promise<void> {
    await this.screen.eventually(
      `an editor ${String(label)}`,
      () => this.tabs(),
      ([active]) => active !== undefined && active.search(label) >= 0,
    );
  }

  /** Clicks the action above a line whose title contains `title`. */
  async clickLens(title: string): Promise<void> {
    await this.screen.page.locator(".codelens-decoration a").filter({ hasText: title }).first().click();
  }

  /** The visible lines of the active text editor. */
  async text(): Promise<string> {
    return await this.screen.page.evaluate(() => inPage.editorText());
  }
}
