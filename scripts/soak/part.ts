import { setTimeout as delay } from "node:timers/promises";

/** The options of a part of the soak. */
export interface SoakOptions {
  /** The time (ms since the epoch) after which a part begins no new action. */
  readonly until: number;
  /** A number from 0 to 1, determined by the seed. */
  readonly random: () => number;
  /** Aborted by Ctrl+C: a part then also ends its present action. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** The results of a part of the soak. */
export interface Findings {
  /** Lines for the report, with the numbers of all events. */
  readonly lines: readonly string[];
  /** Violations of the product's promises. */
  readonly failures: readonly string[];
}

/** A random number from `low` to `high`. */
export function between(random: () => number, low: number, high: number): number {
  return low + (high - low) * random();
}

/** A random element of `from`; `undefined` if it is empty. */
export function oneOf<T>(random: () => number, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

/** Waits for `ms`, but not beyond the end of the soak. Never rejects. */
export async function pause({ until, signal }: Pick<SoakOptions, "until" | "signal">, ms: number): Promise<void> {
  await delay(Math.max(0, Math.min(ms, until - Date.now())), undefined, { signal }).catch(() => undefined);
}

export function isOver({ until, signal }: Pick<SoakOptions, "until" | "signal">): boolean {
  return signal.aborted || Date.now() >= until;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
