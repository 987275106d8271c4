import { type Clock, sleep } from "../base/clock";
import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Hold, NumberedLock } from "../base/numberedLock";

/** After a secret was stored the lock is held until VS Code has written it down: `store` resolves up to 100 ms before. */
export const flushMs = 250;

/** What is done holding the lock. `stored` tells that a secret was handed to VS Code. */
type LockedAction<T> = (hold: Hold, stored: () => void) => Promise<T>;

/** The lock as a file. */
export type GrantLockFile = Pick<NumberedLock, "acquire" | "takeOver">;

/** The lock that all windows share for the grant: whoever holds it may present the refresh token and store another. */
export class GrantLock implements Disposable {
  private readonly lingering = new Map<Hold, Promise<void>>();

  constructor(
    private readonly lock: GrantLockFile,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /**
   * Runs `action` holding the lock, and keeps that for {@link flushMs} more where a secret was stored. "busy" where the
   * lock cannot be had within `limitMs`, "unusable" where its folder cannot be written. Rejects where `action` does.
   */
  async holding<T extends object>(limitMs: number, action: LockedAction<T>): Promise<T | "busy" | "unusable"> {
    const hold = await this.orUnusable(this.lock.acquire(new AbortController().signal, limitMs));
    if (hold === undefined) return "busy";
    return hold === "unusable" ? hold : this.run(hold, action);
  }

  /**
   * Runs `action`, which stores a secret, for somebody who waits no longer for whoever holds the lock, and takes it from
   * that one. Where there is none to be had, `action` runs without. Rejects where `action` does.
   */
  async takingOver(action: () => Promise<void>): Promise<void> {
    const hold = await this.orUnusable(this.lock.takeOver());
    if (hold === undefined || hold === "unusable") return action();
    await this.run(hold, (_, stored) => {
      stored();
      return action();
    });
  }

  /** Resolves once nothing that was done holding the lock is under way any more. */
  async whenReleased(): Promise<void> {
    await Promise.all(this.lingering.values());
  }

  /** What is only waiting for VS Code to write goes at once; a request under way keeps the lock. */
  dispose(): void {
    for (const hold of this.lingering.keys()) hold.releaseNow();
  }

  private async orUnusable(taken: Promise<Hold | undefined>): Promise<Hold | "unusable" | undefined> {
    try {
      return await taken;
    } catch (error) {
      this.log.error(`The lock of the sign-in cannot be used: ${errorText(error)}`);
      return "unusable";
    }
  }

  private async run<T>(hold: Hold, action: LockedAction<T>): Promise<T> {
    let lingerMs = 0;
    try {
      return await action(hold, () => (lingerMs = flushMs));
    } finally {
      this.releaseAfter(hold, lingerMs);
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
