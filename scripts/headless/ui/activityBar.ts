import type { Icon } from "./icon";
import type { Screen } from "./screen";

export interface ActivityBarEntry {
  /** The title, plus ` - ` and the badge's tooltip if there is a badge. */
  readonly ariaLabel: string;
  readonly badge: string | undefined;
  readonly icon: Icon | undefined;
  /** True if the side bar shows its views. */
  readonly open: boolean;
}

const entrySelector = ".part.activitybar .composite-bar .action-item";

/** The column of view containers at the edge of the workbench. */
export class ActivityBar {
  constructor(private readonly screen: Screen) {}

  /** The entry of the view container with this title, or undefined. */
  async entry(title: string): Promise<ActivityBarEntry | undefined> {
    const entries = await this.screen.page.evaluate((selector) => inPage.activityBar(selector), entrySelector);
    return entries.find(({ ariaLabel }) => ariaLabel === title || ariaLabel.startsWith(`${title} `));
  }

  /** The entry, once it exists and `accept` holds. */
  async waitFor(title: string, accept: (entry: ActivityBarEntry) => boolean = () => true): Promise<ActivityBarEntry> {
    return await this.screen.appears(`"${title}" in the activity bar`, () => this.entry(title), accept);
  }

  /** Opens the container's views in the side bar. */
  async open(title: string): Promise<void> {
    const { open, ariaLabel } = await this.waitFor(title);
    if (open) return;
    const label = this.screen.page.locator(`${entrySelector} .action-label[aria-label="${ariaLabel}"]`);
    // The badge covers the icon and would receive a strict click.
    await label.click({ force: true });
    await this.waitFor(title, (entry) => entry.open);
  }
}
