import type { Fault } from "./fault";
import { bodyFaults } from "./bodyFaults";
import { carFaults } from "./carFaults";
import { gatewayFaults } from "./gatewayFaults";
import { memberErrorFaults } from "./memberErrorFaults";
import { networkFaults } from "./networkFaults";
import { numberFaults } from "./numberFaults";
import { signInFaults } from "./signInFaults";
import { timeFaults } from "./timeFaults";
import { tokenFaults } from "./tokenFaults";
import { valueFaults } from "./valueFaults";

const table = {
  ...gatewayFaults,
  ...networkFaults,
  ...bodyFaults,
  ...valueFaults,
  ...memberErrorFaults,
  ...numberFaults,
  ...timeFaults,
  ...carFaults,
  ...tokenFaults,
  ...signInFaults,
};

export type FaultName = keyof typeof table;

/** All injectable faults by name. */
export const faults: Readonly<Record<FaultName, Fault>> = table;

export const faultNames = Object.keys(table) as readonly FaultName[];
