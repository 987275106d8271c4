import type { Clock } from "../base/clock";
import type { Turn, Turns } from "../base/turn";
import type { Problem } from "../charging/problem";
import type { VolvoClient } from "../volvo/client";
import { activeHold, budgetSpent } from "../charging/account";
import type { ConnectionEvidence, ListEvidence } from "./row";
import type { Car } from "../charging/car";
import type { CarStore } from "../charging/carStore";
import { holdAfter } from "../polling/outcome";
import type { Polling, RefreshOutcome } from "../polling/polling";
import { minimumGapMs } from "../polling/schedule";

export interface EvidencePorts {
  readonly clock: Clock;
  readonly client: Pick<VolvoClient, "listVehicles">;
  readonly carStore: Pick<CarStore, "current" | "held">;
  readonly polling: Pick<Polling, "refresh" | "checkDue">;
  readonly turns: Turns;
  /** The setting or credential that prevents every request; asked again after the requests. */
  readonly obstacle: () => Problem | undefined;
  /** The fingerprint of the credentials. */
  readonly credentials: () => string | undefined;
  readonly hasApiKey: () => boolean;
  readonly grant: () => ConnectionEvidence["grant"];
}

/**
 * Tries the credentials out with Volvo: reads the cars as a refresh by hand does, within the same limits, and asks for
 * the account's list of cars. What was asked for less than ten seconds ago is not asked for again: its result counts.
 * Rejects only when `signal` aborts.
 */
export function createEvidenceTaker(ports: EvidencePorts): (signal: AbortSignal) => Promise<ConnectionEvidence> {
  const { clock, client, carStore, polling, turns } = ports;
  let last:
    { readonly until: number; readonly credentials: string | undefined; readonly list: ListEvidence } | undefined;

  async function list(outcome: RefreshOutcome, signal: AbortSignal): Promise<ListEvidence> {
    const credentials = ports.credentials();
    const now = clock.now();
    if (outcome.kind === "held" || activeHold(carStore.current.account, now) || isCutOff()) return { kind: "notAsked" };
    if (last && last.credentials === credentials && now < last.until) return last.list;
    const answer = await ask(signal);
    if (answer.kind === "listed" || answer.kind === "failed")
      last = { until: now + minimumGapMs, credentials, list: answer };
    return answer;
  }

  async function ask(signal: AbortSignal): Promise<ListEvidence> {
    const asked = await turns.take("change", (turn) => askInTurn(turn), { signal });
    return asked.kind === "done" ? asked.value : { kind: "notAsked" };
  }

  async function askInTurn(turn: Turn): Promise<ListEvidence> {
    const result = await client.listVehicles(turn);
    const at = clock.now();
    if (result.ok) return { kind: "listed", vins: result.value };
    const { failure } = result;
    if (failure.kind === "notSent") {
      return failure.reason === "budgetSpent" ? { kind: "held", hold: budgetSpent(at) } : { kind: "notAsked" };
    }
    const hold = holdAfter(failure, at, 0);
    if (hold) carStore.held(hold, []);
    return { kind: "failed", failure, at };
  }

  /** Cars that are due again, as they are for new credentials, may have been asked for less than ten seconds ago. */
  async function refreshed(): Promise<RefreshOutcome> {
    const outcome = await polling.refresh();
    if (!carStore.current.cars.some(({ recheck }) => recheck)) return outcome;
    await polling.checkDue();
    return polling.refresh();
  }

  /** Where no car got an answer there is none for the list either. */
  function isCutOff(): boolean {
    const { cars } = carStore.current;
    return cars.length > 0 && cars.every(({ problem }) => problem?.kind === "offline" || problem?.kind === "timeout");
  }

  return async (signal) => {
    const before = { hasApiKey: ports.hasApiKey(), grant: ports.grant() };
    const startedAt = clock.now();
    const obstacle = ports.obstacle();
    if (obstacle) {
      const cars = carStore.current.cars.map((car) => ({ ...car, asked: false }));
      return { ...before, obstacle, outcome: { kind: "notReady" }, list: { kind: "notAsked" }, cars };
    }
    const outcome = await refreshed();
    signal.throwIfAborted();
    const found = await list(outcome, signal);
    const isAsked = ({ vin, attemptedAt: at, recheck }: Car) =>
      // What is due again is known by nothing that counts: its answer was lost, or was to other credentials.
      !recheck &&
      ((outcome.kind === "checked" && outcome.vins.includes(vin)) ||
        (at !== undefined && startedAt - at < minimumGapMs && at <= clock.now()));
    return {
      hasApiKey: ports.hasApiKey(),
      grant: ports.grant(),
      obstacle: ports.obstacle(),
      outcome,
      list: found,
      cars: carStore.current.cars.map((car) => ({ ...car, asked: isAsked(car) })),
    };
  };
}
