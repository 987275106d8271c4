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
  /** The problem of settings or credentials that prevents all requests. Called before and after the requests. */
  readonly obstacle: () => Problem | undefined;
  /** The fingerprint of the current credentials. */
  readonly credentials: () => string | undefined;
  readonly hasApiKey: () => boolean;
  readonly grant: () => ConnectionEvidence["grant"];
}

/**
 * Tries the credentials with Volvo: reads the cars like a manual refresh, within the same limits, and requests the
 * account's list of cars. A request is not repeated within ten seconds; the last result counts instead. Rejects only if
 * `signal` aborts.
 */
export function createEvidenceTaker(ports: EvidencePorts): (signal: AbortSignal) => Promise<ConnectionEvidence> {
  const { clock, client, carStore, polling, turns } = ports;
  let lastList:
    { readonly until: number; readonly credentials: string | undefined; readonly list: ListEvidence } | undefined;

  async function requestList(outcome: RefreshOutcome, signal: AbortSignal): Promise<ListEvidence> {
    const credentials = ports.credentials();
    const now = clock.now();
    if (outcome.kind === "held" || activeHold(carStore.current.account, now) || isCutOff()) return { kind: "notAsked" };
    if (lastList && lastList.credentials === credentials && now < lastList.until) return lastList.list;
    const answer = await takeTurn(signal);
    if (answer.kind === "listed" || answer.kind === "failed")
      lastList = { until: now + minimumGapMs, credentials, list: answer };
    return answer;
  }

  async function takeTurn(signal: AbortSignal): Promise<ListEvidence> {
    const asked = await turns.take("change", (turn) => requestInTurn(turn), { signal });
    return asked?.value ?? { kind: "notAsked" };
  }

  async function requestInTurn(turn: Turn): Promise<ListEvidence> {
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

  /**
   * Refreshes the cars. Cars that still need a recheck, as after a change of credentials, were asked for less than ten
   * seconds ago. This waits until they can be asked again.
   */
  async function refreshCars(): Promise<RefreshOutcome> {
    const outcome = await polling.refresh();
    if (!carStore.current.cars.some(({ recheck }) => recheck)) return outcome;
    await polling.checkDue();
    return polling.refresh();
  }

  /** True if no car got an answer: a request for the list would get none either. */
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
    const outcome = await refreshCars();
    signal.throwIfAborted();
    const list = await requestList(outcome, signal);
    const isAsked = ({ vin, attemptedAt: at, recheck }: Car) =>
      // A car that needs a recheck has no valid answer: it was lost, or was for other credentials.
      !recheck &&
      ((outcome.kind === "checked" && outcome.vins.includes(vin)) ||
        (at !== undefined && startedAt - at < minimumGapMs && at <= clock.now()));
    return {
      hasApiKey: ports.hasApiKey(),
      grant: ports.grant(),
      obstacle: ports.obstacle(),
      outcome,
      list,
      cars: carStore.current.cars.map((car) => ({ ...car, asked: isAsked(car) })),
    };
  };
}
