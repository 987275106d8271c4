import type { Assignments } from "./countedViews";
import type { ProductConfig } from "./polledProduct";
import type { Profile } from "./profile";

export const ways = ["product", "fetch", "undici"] as const;
export type Way = (typeof ways)[number];

export interface PollConfig extends Omit<ProductConfig, "origin"> {
  /** One for each of {@link ways}. */
  readonly origins: readonly string[];
  /** Timed, each way in turn. */
  readonly rounds: number;
  /** Of each way alone, for the heap, in each of {@link heapBlocks}; none where 0. */
  readonly heapRounds: number;
  /** Of the product, under the profiler; none where 0. */
  readonly profiledRounds: number;
}

export interface PollMeasurements {
  /** ms, one per round. */
  readonly tookMs: Readonly<Record<Way, readonly number[]>>;
  /** CPU of the host per poll, in ms, writing included. */
  readonly cpuMs: Readonly<Record<Way, number>>;
  /** Bytes that stay on the heap after each block of rounds of one way. */
  readonly heapGrowth: Readonly<Record<Way, readonly number[]>>;
  /** Calls of the folder that windows share, per poll, by kind. */
  readonly folderCalls: Readonly<Record<string, number>>;
  /** In {@link countedPolls} polls that bring nothing new but their own time. */
  readonly assigned: Assignments;
  /** When what is shown is painted again after each of them. */
  readonly assignedAgain: Assignments;
  /** Of the rounds for it. */
  readonly profile: Profile | undefined;
}

export const countedPolls = 10;
export const heapBlocks = 5;
