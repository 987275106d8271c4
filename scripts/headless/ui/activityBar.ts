import type { Icon } from "./icon";
import type { Screen } from "./screen";

export interface ActivityBarEntry {
  /** Title and, with a badge, ` - ` and the badge's tooltip. */
  readonly ariaLabel: string;
  readonly badge: string | undefined;
  readonly icon: Icon | undefined;
  /** Whether its views are the ones in the side bar. */
  readonly open: boolean;
}

const entrySelector = ".part.activitybar .composite-bar .action-item";

/** The column of view containers at the workbench's edge. */
export class ActivityBar {
  constructor(private readonly screen: Screen) {}

  /** The entry of the view container with this title, or undefined. */
  async entry(title: string): Promise<ActivityBarEntry | undefined> {
    const entries = await this.screen.page.evaluate((selector) => inPage.activityBar(selector), entrySelector);
    return entries.find(({ ariaLabel }) => ariaLabel === title || ariaLabel.startsWith(`${title} `));
  }

  /** The entry once it is there and `accept` holds. */
  async waitFor(title: string, accept: (entry: ActivityBarEntry) => boolean = () => true): Promise<ActivityBarEntry> {
    return await this.screen.appears(`"${title}" in the activity bar`, () => this.entry(title), accept);
  }

  /** Brings the container's views into the side bar, if another's are there. */
  async open(title: string): Promise<void> {
    const { open, ariaLabel } = await this.waitFor(title);
    if (open) return;
    const label = this.screen.page.locator(`${entrySelector} .action-label[aria-label="${ariaLabel}"]`);
    // The badge lies over the icon and would be what a strict click hits.
    await label.click({ force: true });
    await this.waitFor(title, (entry) => entry.open);
  }
}
