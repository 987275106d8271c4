import type { Failure } from "./failure";
import type { EnergyApiVersion } from "./reading";

/** Which version worked last, until when (ms), for which scope. Kept over restarts by whoever owns it. */
export interface WorkingVersion {
  readonly scope: string;
  readonly version: EnergyApiVersion;
  readonly until: number;
  /** Neither version is available; asked again after `until`. */
  readonly failure?: Failure;
}
