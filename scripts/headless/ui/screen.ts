import { setTimeout as delay } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";

const pollMs = 50;
export const defaultLimitMs = 15_000;

/** A page of the workbench. Failed waits report the visible state. */
export class Screen {
  constructor(readonly page: Page) {}

  /**
   * Reads until `accept` holds and resolves with the accepted value. Rejects after `limitMs` with the last value and
   * the visible state. Repeats a read that throws, for example because an element has just disappeared.
   */
  async eventually<T, U extends T>(
    what: string,
    read: () => Promise<T>,
    accept: (value: T) => value is U,
    limitMs?: number,
  ): Promise<U>;
  async eventually<T>(
    what: string,
    read: () => Promise<T>,
    accept: (value: T) => boolean,
    limitMs?: number,
  ): Promise<T>;
  async eventually<T>(
    what: string,
    read: () => Promise<T>,
    accept: (value: T) => boolean,
    limitMs: number = defaultLimitMs,
  ): Promise<T> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      let last: unknown;
      try {
        const value = await read();
        if (accept(value)) return value;
        last = value;
      } catch (error) {
        if (this.page.isClosed()) throw error;
        last = error instanceof Error ? error.message : error;
      }
      if (Date.now() > deadline) throw await this.failure(`${what}: not within ${limitMs / 1000} s`, last);
      await delay(pollMs);
    }
  }

  /** Like `eventually`, for values that may still be undefined. */
  async appears<T>(
    what: string,
    read: () => Promise<T | undefined>,
    accept: (value: T) => boolean = () => true,
    limitMs?: number,
  ): Promise<T> {
    const isThere = (value: T | undefined): value is T => value !== undefined && accept(value);
    return await this.eventually(what, read, isThere, limitMs);
  }

  /** The screen-reader label of the focused element; empty if none is focused. */
  async focused(): Promise<string> {
    return await this.page.evaluate(() => inPage.focused());
  }

  /** The number of visible endless animations. */
  async endlessAnimations(): Promise<number> {
    return await this.page.evaluate(() => inPage.endlessAnimations());
  }

  /** An error with the visible state. */
  async failure(message: string, last?: unknown): Promise<Error> {
    const reading = last === undefined ? [] : [`last reading: ${JSON.stringify(last)}`];
    return new Error([message, ...reading, "on screen:", ...(await describe(this.page))].join("\n  "));
  }

  /** Clicks once the element accepts clicks. A failure reports the visible state. */
  async click(
    target: Locator,
    what: string,
    { button = "left", limitMs = defaultLimitMs }: { button?: "left" | "right"; limitMs?: number } = {},
  ): Promise<void> {
    try {
      await target.click({ timeout: limitMs, button });
    } catch (error) {
      const lines = error instanceof Error ? error.message.split("\n") : [String(error)];
      const cause = lines.findLast((line) => line.includes("intercepts pointer events")) ?? lines[0];
      throw await this.failure(`Could not click ${what}: ${cause}`);
    }
  }
}

/** One line for each visible part of the workbench. */
async function describe(page: Page): Promise<string[]> {
  try {
    return await page.evaluate(() => inPage.describe());
  } catch (error) {
    return [`(unreadable: ${error instanceof Error ? error.message : String(error)})`];
  }
}
