import type { Clock } from "../base/clock";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { type CallCount, countsFor, isPossibleCount, utcDay } from "./quota";

/** Where the calls of all windows are counted. */
export interface Ledger {
  /**
   * Counts one call, unless it would be more than `budget` on this UTC day over all windows. Counted before it is made,
   * so that what dies after it has not made it for nothing. Never rejects.
   */
  spend(budget: number): Promise<{ readonly granted: boolean; readonly count: CallCount }>;
}

interface Counted {
  /** How many of the calls, the first ones, may be made. */
  readonly granted: number;
  readonly count: CallCount;
}

const keptDays = 7;

/**
 * The count of calls as one small file per window and UTC day: each window writes its own only, so nobody waits for
 * anybody, and the sum is never too low. Without a folder, or while it cannot be used, the window counts for itself.
 */
export function createLedger(folder: StateFolder | undefined, clock: Clock, log: Logger): Ledger {
  const id = crypto.randomUUID().slice(0, 8);
  const own = new Map<number, number>();
  let others = 0;
  let hasComplained = false;
  let last: Promise<unknown> = Promise.resolve();
  /** Calls that are counted together once the counting before them is done. */
  let waiting: { readonly budgets: number[]; readonly counted: Promise<Counted> } | undefined;

  /** Counts a call for each of `budgets` together, as many as each of these has room for. */
  async function count(budgets: readonly number[]): Promise<Counted> {
    const calls = budgets.length;
    const day = utcDay(clock.now());
    const before = own.get(day) ?? 0;
    own.set(day, before + calls);
    await guarded(async () => {
      await write(day);
      others = await countOthers(day);
    });
    const total = [...own].reduce((sum, [ofDay, made]) => sum + (countsFor(ofDay, day) ? made : 0), others);
    const room = Math.min(...budgets) - (total - calls);
    const granted = Math.max(0, Math.min(calls, room));
    if (granted < calls) {
      own.set(day, before + granted);
      await guarded(() => write(day));
    }
    return { granted, count: { day, calls: total - calls + granted } };
  }

  async function write(day: number): Promise<void> {
    if (!folder) return;
    const name = `${day}-${id}`;
    const content = String(own.get(day) ?? 0);
    if (await folder.overwrite(name, content)) return;
    await folder.create(name, content);
    await removeOld(folder, day - keptDays);
  }

  async function countOthers(today: number): Promise<number> {
    const names = (await folder?.list()) ?? [];
    const counts = names
      .filter((name) => countsFor(dayOf(name), today) && !name.endsWith(`-${id}`))
      .map(async (name) => {
        const text = await folder?.read(name);
        // A file that is just being created counts for a call that it is created for.
        if (text === "") return 1;
        const count = Number(text ?? 0);
        if (isPossibleCount(count)) return count;
        complain("a file of theirs is damaged");
        return 0;
      });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async function removeOld(folder: StateFolder, beforeDay: number): Promise<void> {
    const old = (await folder.list()).filter((name) => dayOf(name) < beforeDay);
    await Promise.all(old.map((name) => folder.remove(name)));
  }

  async function guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      complain(errorText(error));
    }
  }

  function complain(why: string): void {
    if (!hasComplained) log.warn(`Calls cannot be counted over all windows: ${why}`);
    hasComplained = true;
  }

  return {
    async spend(budget) {
      if (!waiting) {
        const budgets: number[] = [];
        const counted = last.then(() => {
          waiting = undefined;
          return count(budgets);
        });
        last = counted;
        waiting = { budgets, counted };
      }
      const { budgets, counted } = waiting;
      const place = budgets.push(budget);
      const { granted, count: sum } = await counted;
      return { granted: place <= granted, count: sum };
    },
  };
}

function dayOf(name: string): number {
  return Number(/^(\d+)-/.exec(name)?.[1] ?? NaN);
}
