import type { QuickInput, QuickInputState } from "./quickInput";
import type { Screen } from "./screen";

/** How long the command palette takes at most to show what it has. */
const offersWithinMs = 2_000;
const paletteOpensWithinMs = 5_000;
const paletteTries = 4;

/** The command palette, as F1 opens it. */
export class CommandPalette {
  constructor(
    private readonly screen: Screen,
    private readonly quickInput: QuickInput,
  ) {}

  /** Runs a command by its title, e.g. "Volvo Charging: Refresh". Rejects where it is not there. */
  async run(title: string): Promise<void> {
    await this.open();
    await this.quickInput.type(`>${title}`);
    await this.quickInput.pick(title);
  }

  /** Whether the command palette offers a command with exactly this title. */
  async offers(title: string): Promise<boolean> {
    await this.open();
    await this.quickInput.type(`>${title}`);
    const isThere = (state?: QuickInputState) => state?.items.some(({ label }) => label === title) ?? false;
    try {
      await this.screen.eventually(`command ${title}`, () => this.quickInput.read(), isThere, offersWithinMs);
      return true;
    } catch {
      return false;
    } finally {
      await this.quickInput.cancel();
    }
  }

  /** A window that is busy, opening an editor for one, loses the key now and then: a person would press it again. */
  private async open(): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.screen.page.keyboard.press("F1");
      try {
        await this.quickInput.waitFor((state) => state.value.startsWith(">"), paletteOpensWithinMs);
        return;
      } catch (error) {
        if (tries === paletteTries) throw error;
      }
    }
  }
}
