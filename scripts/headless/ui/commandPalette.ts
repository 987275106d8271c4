import type { QuickInput } from "./quickInput";
import type { Screen } from "./screen";

const stepWithinMs = 5_000;
const mostTries = 4;

/** The command palette, opened with F1. */
export class CommandPalette {
  constructor(
    private readonly screen: Screen,
    private readonly quickInput: QuickInput,
  ) {}

  /** Runs a command by its title, e.g. "Volvo Charging: Refresh". Rejects if it is not there. */
  async run(title: string): Promise<void> {
    await this.find(title);
    await this.quickInput.pick(title);
  }

  /**
   * Opens the palette with the command in it. A busy window occasionally loses the key, and a view or editor that opens
   * late takes the focus and closes the palette. A user would press the key again.
   */
  private async find(title: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.screen.page.keyboard.press("F1");
      try {
        await this.quickInput.waitFor((state) => state.value.startsWith(">"), stepWithinMs);
        await this.quickInput.type(`>${title}`, stepWithinMs);
        await this.quickInput.waitFor(({ items }) => items.some(({ label }) => label === title), stepWithinMs);
        return;
      } catch (error) {
        if (tries === mostTries) throw error;
      }
    }
  }
}
