import type { Locator } from "playwright-core";
import type { Icon } from "./icon";
import { defaultLimitMs, type Screen } from "./screen";

export interface QuickPickItem {
  /** Its position in the list, from 0. */
  readonly index: number;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly icons: readonly Icon[];
  /** Undefined in a single-choice list. */
  readonly checked: boolean | undefined;
}

export interface QuickInputState {
  readonly title: string;
  readonly step: string;
  readonly placeholder: string;
  readonly value: string;
  /** The prompt, or while the value is refused, the message that replaces it. */
  readonly message: string;
  readonly severity: "none" | "info" | "warning" | "error";
  readonly isPassword: boolean;
  readonly enabled: boolean;
  readonly busy: boolean;
  /** Labels of the buttons in title and input line, e.g. "Back". */
  readonly buttons: readonly string[];
  /** The visible items; longer lists scroll. Empty for an input box. */
  readonly items: readonly QuickPickItem[];
}

export const quickInputSelector = ".quick-input-widget";

/** The box at the top of the workbench: input box, quick pick and command palette. */
export class QuickInput {
  private readonly input: Locator;

  constructor(private readonly screen: Screen) {
    this.input = screen.page.locator(`${quickInputSelector} .quick-input-filter input`);
  }

  /** The visible box, or undefined. */
  async read(): Promise<QuickInputState | undefined> {
    return await this.screen.page.evaluate((selector) => inPage.quickInput(selector), quickInputSelector);
  }

  /** The box, once one is open and `accept` holds. */
  async waitFor(accept: (state: QuickInputState) => boolean = () => true, limitMs?: number): Promise<QuickInputState> {
    return await this.screen.appears("an open input box or quick pick", () => this.read(), accept, limitMs);
  }

  async waitUntilClosed(): Promise<void> {
    await this.screen.eventually(
      "no open input box or quick pick",
      () => this.read(),
      (state) => state === undefined,
    );
  }

  async isPassword(): Promise<boolean> {
    return (await this.waitFor()).isPassword;
  }

  /** The validation message, once there is one. */
  async validationMessage(): Promise<string> {
    return (await this.waitFor((state) => state.severity !== "none")).message;
  }

  /** Replaces the box's value with `text`, without Enter. Rejects if a step takes longer than `limitMs`. */
  async type(text: string, limitMs: number = defaultLimitMs): Promise<void> {
    await this.waitFor((state) => state.enabled, limitMs);
    await this.input.fill(text, { timeout: limitMs });
    await this.waitFor((state) => state.value === text, limitMs);
  }

  /**
   * Types and presses Enter. Resolves when the box is closed or asks the next question. Rejects if it refuses `text`.
   */
  async answer(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  /** Presses Enter. Resolves when the box is closed or asks the next question. Rejects if it refuses its value. */
  async accept(): Promise<void> {
    const before = await this.waitFor((state) => state.enabled);
    // Not a plain key press: the focus may be on a checkbox, which Enter would toggle.
    await this.input.press("Enter");
    await this.waitForNext(before);
  }

  /** Presses Escape and waits until the box is closed. */
  async cancel(): Promise<void> {
    await this.waitFor();
    await this.screen.page.keyboard.press("Escape");
    await this.waitUntilClosed();
  }

  /** Clicks one of the box's buttons, e.g. "Back". */
  async press(button: string): Promise<void> {
    await this.waitFor((state) => state.buttons.includes(button));
    const target = this.screen.page.locator(`${quickInputSelector} .action-label[aria-label="${button}"]`);
    await this.screen.click(target, `button "${button}" of the input box`);
  }

  /** The items, once there are any. */
  async items(): Promise<readonly QuickPickItem[]> {
    return (await this.waitFor((state) => state.items.length > 0)).items;
  }

  /** Picks the item with this label. Resolves when the box is closed or asks the next question. */
  async pick(label: string): Promise<void> {
    const before = await this.waitForItem(label);
    await this.screen.click(this.row(before, label).locator(".label-name").first(), `item "${label}"`);
    await this.waitForNext(before);
  }

  /** Checks exactly the items with these labels and presses Enter. */
  async pickSeveral(labels: readonly string[]): Promise<void> {
    for (const label of labels) await this.waitForItem(label);
    for (const { label, checked } of await this.items()) {
      if (checked === labels.includes(label)) continue;
      const state = await this.waitForItem(label);
      await this.screen.click(this.row(state, label).getByRole("checkbox"), `checkbox of "${label}"`);
      await this.waitFor(({ items }) => items.some((item) => item.label === label && item.checked !== checked));
    }
    await this.accept();
  }

  private async waitForItem(label: string): Promise<QuickInputState> {
    return await this.waitFor(({ enabled, items }) => enabled && items.some((item) => item.label === label));
  }

  private row(state: QuickInputState, label: string): Locator {
    const index = state.items.find((item) => item.label === label)?.index ?? -1;
    return this.screen.page.locator(`${quickInputSelector} .quick-input-list .monaco-list-row[data-index="${index}"]`);
  }

  private async waitForNext(before: QuickInputState): Promise<void> {
    let refusedSince = Number.POSITIVE_INFINITY;
    const after = await this.screen.eventually(
      `an answer to ${question(before)}`,
      () => this.read(),
      (state) => {
        if (state === undefined || !isSameBox(before, state)) return true;
        refusedSince = isRefused(state) ? Math.min(refusedSince, Date.now()) : Number.POSITIVE_INFINITY;
        return Date.now() - refusedSince > refusalCountsAfterMs;
      },
    );
    if (after && isSameBox(before, after)) {
      throw await this.screen.failure(`The box refuses its value: ${after.message}`);
    }
  }
}

/** A message about the previous value stays visible until the new one is validated. */
const refusalCountsAfterMs = 1_000;

/** Identifies a box by the parts that do not depend on the answer or its validation. */
function question({ title, step, placeholder, isPassword, items }: QuickInputState): string {
  return JSON.stringify({ title, step, placeholder, isPassword, items: items.map(({ label }) => label) });
}

/** Compares the prompts only if no message about the value replaces one of them. */
function isSameBox(before: QuickInputState, after: QuickInputState): boolean {
  const hasReplacedPrompt = before.severity !== "none" || after.severity !== "none";
  return question(before) === question(after) && (hasReplacedPrompt || before.message === after.message);
}

function isRefused({ severity, busy, enabled }: QuickInputState): boolean {
  return severity === "error" && enabled && !busy;
}
