import type { LockFolder } from "./numberedLock";

export interface Rate {
  /** No more than so many … */
  readonly most: number;
  /** … within this time (ms). */
  readonly withinMs: number;
}

/**
 * Counts an action over all processes that share `folder`, whose files are numbered and hold their time. Resolves with
 * 0 once it is counted, else with the time (ms) after which to try again. Rejects if the folder cannot be used. `now`
 * in ms since the epoch.
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
      // A time ahead of the clock was told by a clock that was set back since.
      if (waitMs > 0 && waitMs <= withinMs) return waitMs;
    }
    if (!(await folder.create(String(last + 1), String(now)))) continue;
    await Promise.all(numbers.filter((number) => number < oldest).map((number) => folder.remove(String(number))));
    return 0;
  }
}
