import { setTimeout as delay } from "node:timers/promises";

/** What a part of the soak is given. */
export interface SoakOptions {
  /** When nothing new is begun any more (ms). */
  readonly until: number;
  /** 0 to 1, by the seed. */
  readonly random: () => number;
  /** Aborted by Ctrl+C: what is under way is ended. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What a part of the soak has found. */
export interface Findings {
  /** What happened, in numbers, for the report. */
  readonly lines: readonly string[];
  /** What must not happen. */
  readonly failures: readonly string[];
}

/** A number between these, by the seed. */
export function between(random: () => number, low: number, high: number): number {
  return low + (high - low) * random();
}

/** One of them, by the seed; `undefined` of none. */
export function oneOf<T>(random: () => number, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

/** Waits so long, or until the soak ends. Never rejects. */
export async function pause({ until, signal }: Pick<SoakOptions, "until" | "signal">, ms: number): Promise<void> {
  await delay(Math.max(0, Math.min(ms, until - Date.now())), undefined, { signal }).catch(() => undefined);
}

export function isOver({ until, signal }: Pick<SoakOptions, "until" | "signal">): boolean {
  return signal.aborted || Date.now() >= until;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
