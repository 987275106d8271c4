import type { Assignments } from "./countedViews";
import type { ProductConfig } from "./polledProduct";
import type { Profile } from "./profile";

export const ways = ["product", "fetch", "undici"] as const;
export type Way = (typeof ways)[number];

export interface PollConfig extends Omit<ProductConfig, "origin"> {
  /** One for each of {@link ways}. */
  readonly origins: readonly string[];
  /** Timed rounds, alternating between the ways. */
  readonly rounds: number;
  /** Rounds of each way alone for the heap, in each of {@link heapBlocks}; 0 for none. */
  readonly heapRounds: number;
  /** Rounds of the product under the profiler; 0 for none. */
  readonly profiledRounds: number;
}

export interface PollMeasurements {
  /** ms, one per round. */
  readonly tookMs: Readonly<Record<Way, readonly number[]>>;
  /** CPU of the host per poll in ms, including writes. */
  readonly cpuMs: Readonly<Record<Way, number>>;
  /** Bytes retained on the heap after each block of rounds of one way. */
  readonly heapGrowth: Readonly<Record<Way, readonly number[]>>;
  /** Calls of the shared folder per poll, by kind. */
  readonly folderCalls: Readonly<Record<string, number>>;
  /** In {@link countedPolls} polls whose only notice is their own time. */
  readonly assigned: Assignments;
  /** In repaints of the unchanged state after each of them. */
  readonly assignedAgain: Assignments;
  /** Of the profiled rounds. */
  readonly profile: Profile | undefined;
}

export const countedPolls = 10;
export const heapBlocks = 5;
