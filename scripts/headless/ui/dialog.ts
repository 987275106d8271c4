import type { Screen } from "./screen";

export interface DialogState {
  readonly message: string;
  readonly detail: string;
  readonly severity: "info" | "warning" | "error" | "none";
  readonly buttons: readonly string[];
}

const boxSelector = ".monaco-dialog-box";

/** The modal dialog in the middle of the workbench. */
export class Dialog {
  constructor(private readonly screen: Screen) {}

  /** The visible dialog, or undefined. */
  async read(): Promise<DialogState | undefined> {
    return await this.screen.page.evaluate((selector) => inPage.dialog(selector), boxSelector);
  }

  /** The dialog, once one shows. */
  async waitFor(): Promise<DialogState> {
    return await this.screen.appears("a modal dialog", () => this.read());
  }

  /** Waits for a dialog, clicks one of its buttons, and waits until it is gone. */
  async click(button: string): Promise<void> {
    const { message } = await this.waitFor();
    const target = this.screen.page.locator(boxSelector).getByRole("button", { name: button, exact: true });
    await this.screen.click(target, `"${button}" in the dialog`);
    await this.screen.eventually(
      `dialog "${message}" gone`,
      () => this.read(),
      (state) => state?.message !== message,
    );
  }
}
