import { faults } from "../../../src/simulator/faults/faults";
import type { PathKind } from "../../../src/simulator/route";
import { type SequenceOutcome, sequencesOf } from "../../support/sequences/sequences";
import type { WatchedOptions } from "../../support/sequences/watchedProduct";
import type { FaultCase } from "./faultCase";
import { kindsOf } from "./faultRun";

const lived = new Map<string, Promise<SequenceOutcome>>();

/** The sequences of a fault, which are the same for all its cases at the same place and with the same account. */
export function faultSequences(one: FaultCase, account = accountOf(one)): Promise<SequenceOutcome> {
  const key = [one.fault, one.at, account].join(" ");
  const outcome = lived.get(key) ?? sequencesOf({ fault: one.fault }, optionsOf(one, account));
  lived.set(key, outcome);
  return outcome;
}

export function accountOf(one: FaultCase): WatchedOptions["account"] {
  return kindsOf(one).includes("token") ? "Volvo ID" : (one.account ?? "test token");
}

function optionsOf(one: FaultCase, account: WatchedOptions["account"]): WatchedOptions {
  const kinds: readonly PathKind[] = kindsOf(one).filter((kind) => faults[one.fault].kinds.includes(kind));
  return {
    ...{ account, kinds, unnamed: one.at === "car details" },
    apiVersion: one.at === "v1" ? "v1" : "auto",
  };
}
