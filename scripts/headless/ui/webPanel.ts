import type { Frame, Locator } from "playwright-core";
import type { Screen } from "./screen";

/** The used members of a DOM element. */
interface PageElement {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

/** The web view panel whose page has an element `marker`. VS Code loads the page in a frame within a frame. */
export class WebPanel {
  constructor(
    private readonly screen: Screen,
    private readonly marker: string,
  ) {}

  /** The frame of the page, once it shows its marker. */
  async frame(): Promise<Frame> {
    return await this.screen.appears(`a web view with ${this.marker}`, async () => {
      for (const frame of this.screen.page.frames()) {
        if (frame.isDetached()) continue;
        if (
          await frame
            .locator(this.marker)
            .isVisible()
            .catch(() => false)
        )
          return frame;
      }
      return undefined;
    });
  }

  async locator(selector: string): Promise<Locator> {
    return (await this.frame()).locator(selector);
  }

  /** Waits until `accept` holds for the text of the first `selector`. */
  async waitForText(selector: string, accept: (text: string) => boolean): Promise<string> {
    return await this.screen.eventually(
      `${selector} in the web view`,
      async () => (await (await this.locator(selector)).first().innerText()).replaceAll("\u00a0", " "),
      accept,
    );
  }

  async click(selector: string): Promise<void> {
    await this.screen.click((await this.locator(selector)).first(), `${selector} in the web view`);
  }

  /** The name that a screen reader gives to the focused element of the page; empty if the focus is elsewhere. */
  async focused(): Promise<string> {
    // Reads the name in one step, because the focus may move at any time.
    const names = await (await this.frame()).locator(":focus").evaluateAll((elements: readonly PageElement[]) => {
      return elements.map((each) => each.getAttribute("aria-label") ?? each.textContent);
    });
    return names[0] ?? "";
  }
}
