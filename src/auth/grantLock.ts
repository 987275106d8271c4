import { type Clock, sleep } from "../base/clock";
import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Hold, NumberedLock } from "../base/numberedLock";

/** After a secret was stored the lock is held until VS Code has written it down: `store` resolves up to 100 ms before. */
export const flushMs = 250;

/** The lock that all windows share for the grant: whoever holds it may present the refresh token and store another. */
export class GrantLock implements Disposable {
  private readonly lingering = new Map<Hold, Promise<void>>();

  constructor(
    private readonly lock: Pick<NumberedLock, "acquire">,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /**
   * Runs `action` holding the lock, which is told by calling `stored` that there is something to be written down;
   * `undefined` where the lock cannot be had within `limitMs`. Rejects where `action` does.
   */
  async holding<T>(limitMs: number, action: (hold: Hold, stored: () => void) => Promise<T>): Promise<T | undefined> {
    const hold = await this.acquire(limitMs);
    if (!hold) return undefined;
    let lingerMs = 0;
    try {
      return await action(hold, () => (lingerMs = flushMs));
    } finally {
      this.releaseAfter(hold, lingerMs);
    }
  }

  /** Resolves once nothing that was done holding the lock is under way any more. */
  async whenReleased(): Promise<void> {
    await Promise.all(this.lingering.values());
  }

  /** What is only waiting for VS Code to write goes at once; a request under way keeps the lock. */
  dispose(): void {
    for (const hold of this.lingering.keys()) hold.releaseNow();
  }

  private async acquire(limitMs: number): Promise<Hold | undefined> {
    try {
      return await this.lock.acquire(new AbortController().signal, limitMs);
    } catch (error) {
      this.log.error(`The lock of the sign-in cannot be used: ${errorText(error)}`);
      return undefined;
    }
  }

  private releaseAfter(hold: Hold, lingerMs: number): void {
    const released = (lingerMs === 0 ? Promise.resolve() : sleep(this.clock, lingerMs)).then(async () => {
      await hold.release();
      this.lingering.delete(hold);
    });
    this.lingering.set(hold, released);
  }
}
