import type { Failure } from "./failure";
import type { EnergyApiVersion } from "./reading";

/** Refusals of a version in a row, with no other answer of it between them. Times in ms. */
export interface Refusals {
  readonly count: number;
  readonly since: number;
  readonly at: number;
}

/** What is known of the versions of the Energy API. Kept over restarts by the owner of the memory. */
export interface WorkingVersion {
  readonly scope: string;
  readonly version: EnergyApiVersion;
  /** Until then `version` is asked first (ms). */
  readonly until: number;
  /** Neither version is available; not asked again until `until`. */
  readonly failure?: Failure;
  /** The versions that have ever answered in this scope. */
  readonly worked?: readonly EnergyApiVersion[];
  readonly refused?: Readonly<Partial<Record<EnergyApiVersion, Refusals>>>;
}
