import type { LockFolder } from "./numberedLock";

/** At most `most` actions within `withinMs` (ms). */
export interface Rate {
  readonly most: number;
  readonly withinMs: number;
}

/**
 * Counts one action over all processes that share `folder`: each action creates a numbered file with its time. Resolves
 * with 0 if the rate allows the action, which is then counted; otherwise with the time (ms) until the next attempt.
 * Rejects if the folder cannot be used. `now` is in ms since the epoch.
 */
export async function countIn(
  folder: Pick<LockFolder, "list" | "create" | "read" | "remove">,
  { most, withinMs }: Rate,
  now: number,
): Promise<number> {
  for (;;) {
    const numbers = (await folder.list()).map(Number).filter((number) => Number.isSafeInteger(number) && number > 0);
    const last = Math.max(0, ...numbers);
    const oldest = last - most + 1;
    if (oldest > 0) {
      const at = Number((await folder.read(String(oldest))) ?? -Infinity);
      const waitMs = at + withinMs - now;
      // A longer wait means that the clock was set back after the action.
      if (waitMs > 0 && waitMs <= withinMs) return waitMs;
    }
    if (!(await folder.create(String(last + 1), String(now)))) continue;
    await Promise.all(numbers.filter((number) => number < oldest).map((number) => folder.remove(String(number))));
    return 0;
  }
}
