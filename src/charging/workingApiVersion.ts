import type { Failure } from "./failure";
import type { EnergyApiVersion } from "./reading";

/** Refusals of a version in a row, without another answer between them. `since` and `at`: the first and last one (ms). */
export interface Refusals {
  readonly count: number;
  readonly since: number;
  readonly at: number;
}

/** The knowledge about the versions of the Energy API, which is kept over restarts. */
export interface WorkingVersion {
  readonly scope: string;
  readonly version: EnergyApiVersion;
  /** `version` is asked first until this time (ms). */
  readonly until: number;
  /** Present if neither version is available. They are not asked again until `until`. */
  readonly failure?: Failure;
  /** The versions that have answered in this scope. */
  readonly worked?: readonly EnergyApiVersion[];
  readonly refused?: Readonly<Partial<Record<EnergyApiVersion, Refusals>>>;
}
