import type { Locator } from "playwright-core";
import { endHover } from "./hover";
import { defaultLimitMs, type Screen } from "./screen";

export interface Notification {
  readonly message: string;
  readonly severity: "info" | "warning" | "error" | "progress";
  readonly source: string;
  readonly buttons: readonly string[];
}

const centerSelector = ".notifications-center.visible .notification-list-item";
const toastSelector = `.notifications-toasts .notification-toast, ${centerSelector}`;
/** Maximum time until a toast shows. */
const popsUpWithinMs = 3_000;
/** Maximum time until a visible toast accepts a click. */
const takesClicksWithinMs = 5_000;
const attempts = 3;

/**
 * The notifications in the workbench's corner, and a record of all notifications ever shown, across reloads. If more
 * than two arrive within 0.8 s, VS Code shows the rest only in its notification center. The searches therefore open and
 * read the center too.
 */
export class Notifications {
  private readonly record: Notification[] = [];

  private constructor(private readonly screen: Screen) {}

  /** Call it before the page loads the workbench. */
  static async observe(screen: Screen): Promise<Notifications> {
    const notifications = new Notifications(screen);
    const onShown = (seen: Notification) => notifications.record.push(seen);
    await screen.page.exposeFunction("notificationShown", onShown);
    await screen.page.addInitScript((selector) => inPage.recordToasts(selector), toastSelector);
    return notifications;
  }

  /** All notifications ever shown, oldest first. Each change of a text adds an entry. */
  shown(): readonly Notification[] {
    return [...this.record];
  }

  /** The visible notifications, newest first. */
  async current(): Promise<Notification[]> {
    return await this.screen.page.evaluate((selector) => inPage.toasts(selector), toastSelector);
  }

  /** Waits for a notification whose message contains `message`, and looks in the center if it does not pop up. */
  async waitFor(message: string | RegExp): Promise<Notification> {
    const found = await this.findAnywhere(message);
    await this.toggleCenter(false);
    return found;
  }

  /** The notifications in the notification center: all that were not closed, newest first. */
  async center(): Promise<Notification[]> {
    await this.toggleCenter(true);
    const found = await this.screen.page.evaluate((selector) => inPage.toasts(selector), centerSelector);
    await this.toggleCenter(false);
    return found;
  }

  /** Waits for the notification and clicks one of its buttons. */
  async click(message: string | RegExp, button: string): Promise<void> {
    await this.clickIn(message, `"${button}"`, (toast) => toast.getByRole("button", { name: button, exact: true }));
  }

  /** Waits for the notification and closes it with its close button, or cancels it if it shows progress. */
  async close(message: string | RegExp): Promise<void> {
    await this.clickIn(message, "the cross", async (toast) => {
      await toast.hover({ timeout: takesClicksWithinMs });
      const cross = toast.locator(".codicon-notifications-clear, .codicon-close");
      if ((await cross.count()) > 0) return cross.first();
      return toast.getByRole("button", { name: "Cancel", exact: true });
    });
  }

  /** Waits until no visible notification contains `message`. */
  async waitUntilGone(message: string | RegExp): Promise<void> {
    await this.screen.eventually(
      `no notification with ${String(message)}`,
      async () => (await this.current()).map((toast) => toast.message),
      (messages) => !messages.some((text) => matches(text, message)),
    );
  }

  /**
   * Clicks in the notification and waits until it disappears. VS Code moves a toast into its notification center after
   * 10 s to 15 s. If that happens before the click, the search is repeated.
   */
  private async clickIn(message: string | RegExp, what: string, part: (toast: Locator) => Locator | Promise<Locator>) {
    for (let attempt = 1; ; attempt++) {
      await this.makeClickable(message);
      try {
        const target = await part(this.toast(message));
        await this.screen.click(target, `${what} of notification ${String(message)}`, { limitMs: takesClicksWithinMs });
        break;
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
    await this.waitUntilGone(message);
    await this.toggleCenter(false);
  }

  private async find(message: string | RegExp, limitMs: number): Promise<Notification> {
    return await this.screen.appears(
      `a notification with ${String(message)}`,
      async () => (await this.current()).find((toast) => matches(toast.message, message)),
      undefined,
      limitMs,
    );
  }

  private async findAnywhere(message: string | RegExp): Promise<Notification> {
    return await this.find(message, popsUpWithinMs).catch(async () => {
      await this.toggleCenter(true);
      return await this.find(message, defaultLimitMs - popsUpWithinMs);
    });
  }

  /** Clicks the bell unless the center is already in the wanted state. */
  private async toggleCenter(open: boolean): Promise<void> {
    const isOpen = async () => (await this.screen.page.locator(".notifications-center.visible").count()) > 0;
    if ((await isOpen()) === open) return;
    await this.screen.click(this.screen.page.locator('[id="status.notifications"] a').first(), "the bell");
    await this.screen.eventually(
      open ? "an open notification center" : "no open notification center",
      isOpen,
      (value) => value === open,
    );
  }

  /** Waits for the notification, and closes the hover of a status-bar item that may cover it. */
  private async makeClickable(message: string | RegExp): Promise<void> {
    await this.findAnywhere(message);
    await endHover(this.screen);
  }

  private toast(message: string | RegExp) {
    return this.screen.page.locator(toastSelector).filter({ hasText: message }).first();
  }
}

function matches(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}
