import type { Frame, Locator } from "playwright-core";
import type { Screen } from "./screen";

export interface WalkthroughStep {
  /** The step's id in package.json. */
  readonly id: string;
  readonly title: string;
  readonly expanded: boolean;
  readonly done: boolean;
}

const stepSelector = ".gettingStartedContainer .getting-started-step";

/** The walkthrough in the editor area. */
export class Walkthrough {
  constructor(private readonly screen: Screen) {}

  /** The steps from top to bottom; empty if no walkthrough is open. */
  async steps(): Promise<WalkthroughStep[]> {
    const steps = await this.screen.page.locator(stepSelector).all();
    return Promise.all(
      steps.map(async (step) => ({
        id: ((await step.getAttribute("data-step-id")) ?? "").split("#").pop() ?? "",
        title: (await step.locator(".step-title").first().textContent()) ?? "",
        expanded: ((await step.getAttribute("class")) ?? "").split(" ").includes("expanded"),
        done: (await step.getAttribute("aria-checked")) === "true",
      })),
    );
  }

  /** The steps, once there are any and `accept` holds. */
  async waitFor(accept: (steps: readonly WalkthroughStep[]) => boolean = () => true): Promise<WalkthroughStep[]> {
    return await this.screen.eventually(
      "the walkthrough's steps",
      () => this.steps(),
      (steps) => steps.length > 0 && accept(steps),
    );
  }

  async expand(id: string): Promise<void> {
    const [step] = (await this.waitFor((steps) => steps.some((each) => each.id === id))).filter(
      (each) => each.id === id,
    );
    if (!step?.expanded) await this.screen.click(this.step(id).locator(".step-title").first(), `step "${id}"`);
    await this.waitFor((steps) => steps.some((each) => each.id === id && each.expanded));
  }

  /** The text of the open step, including buttons and links. */
  async text(): Promise<string> {
    return (await this.screen.page.locator(`${stepSelector}.expanded`).innerText()).trim();
  }

  /** Clicks a button or link of the open step. */
  async click(label: string): Promise<void> {
    const target = this.screen.page.locator(`${stepSelector}.expanded`).locator("button, a").filter({ hasText: label });
    await this.screen.click(target.first(), `"${label}" of the open step`);
  }

  /** The size in CSS pixels of the picture beside the open step, an SVG in a frame of its own. */
  async pictureSize(): Promise<{ width: number; height: number }> {
    // VS Code recreates the frame while it renders, so a read of the old frame must be repeated.
    const read = async () => (await (await this.findPicture())?.boundingBox()) ?? undefined;
    return await this.screen.appears("the step's picture", read, ({ width }) => width > 0);
  }

  /** The painted picture beside the open step. */
  async picture(): Promise<Locator> {
    return await this.screen.appears("the step's picture", () => this.findPicture());
  }

  private async findPicture(): Promise<Locator | undefined> {
    for (const frame of this.screen.page.frames().reverse()) {
      const svg = await visibleSvg(frame);
      if (svg) return svg;
    }
    return undefined;
  }

  private step(id: string): Locator {
    return this.screen.page.locator(`${stepSelector}[data-step-id$="#${id}"]`);
  }
}

async function visibleSvg(frame: Frame): Promise<Locator | undefined> {
  if (frame === frame.page().mainFrame() || frame.isDetached()) return undefined;
  const svg = frame.locator("svg").first();
  return (await svg.count()) > 0 && (await svg.isVisible()) ? svg : undefined;
}
