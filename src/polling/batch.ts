import type { Clock } from "../base/clock";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import type { Failure } from "../charging/failure";
import { requestsInFlight } from "../volvo/transport";
import type { CarStore } from "../charging/carStore";
import { outcomeOf } from "./outcome";

export interface BatchPorts {
  readonly clock: Clock;
  readonly client: Pick<VolvoClient, "read">;
  readonly carStore: CarStore;
  readonly turn: Turn;
  /** The user asks: a version of the API that is known not to work is tried as well. */
  readonly forced: boolean;
  /** Changes since a reading that is older than this (ms) are no events. */
  readonly longestGapMs: number;
  /** 0 to 1, drawn for this batch. */
  readonly jitter: number;
  /** Called for each request for the car when it leaves. */
  readonly onSend: (vin: Vin) => void;
}

export interface BatchResult {
  /** The cars that have a new reading or problem. */
  readonly answered: ReadonlySet<Vin>;
  /** Another window holds the sign-in that is needed. */
  readonly isUnauthorized: boolean;
}

/**
 * Asks for `vins`, a few at a time, and stores the outcomes in `carStore`. The other windows can read which cars these
 * are before the first request leaves. If the turn ends or is lost, or the calls are used up, the remaining cars stay
 * due. An answer is dropped if its turn was lost or its credentials have been replaced. Rejects if the turn's signal
 * aborts or the folder cannot be used.
 */
export async function readBatch(ports: BatchPorts, vins: readonly Vin[]): Promise<BatchResult> {
  const { carStore, client, clock, turn, jitter, forced } = ports;
  const before = carStore.current.account;
  const cars = new Map(carStore.current.cars.map((car) => [car.vin, car]));
  const isOutdated = () => carStore.current.account.credentials !== before.credentials;
  const refused = new Set<"key" | "token">();
  const queue = [...vins];
  const answered = new Set<Vin>();
  const sent = new Set<Vin>();
  let isAnyRead = false as boolean;
  let isOver = false;
  let isUnauthorized = false;

  carStore.started(vins, jitter);
  for (const vin of vins) carStore.attempted(vin, clock.now());
  try {
    await turn.write();
    const mayGoOn = () => !isOver && !isOutdated() && turn.mayStart();
    const work = async () => {
      for (let vin = mayGoOn() ? queue.shift() : undefined; vin; vin = mayGoOn() ? queue.shift() : undefined) {
        await read(vin);
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: requestsInFlight }, work));
    for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  } finally {
    for (const vin of vins) if (!answered.has(vin)) restore(vin);
    carStore.finished(vins);
  }
  if (!isOutdated() && !isAnyRead && refused.size > 0) {
    carStore.updateAccount((account) => ({
      ...account,
      keyRefusals: before.keyRefusals + (refused.has("key") ? 1 : 0),
      tokenRefusals: before.tokenRefusals + (refused.has("token") ? 1 : 0),
    }));
  }
  return { answered, isUnauthorized };

  /** The car is due as before. If a request for it has left, it is due again after the gap of ten seconds. */
  function restore(vin: Vin): void {
    const car = cars.get(vin);
    const { attemptedAt } = carStore.car(vin) ?? {};
    if (!car) return;
    if (sent.has(vin)) carStore.unanswered({ vin, recheck: true, ...(attemptedAt !== undefined && { attemptedAt }) });
    else if (!isOutdated()) carStore.unanswered(car);
    else carStore.unanswered({ vin, recheck: true });
  }

  async function read(vin: Vin): Promise<void> {
    const onSend = () => {
      sent.add(vin);
      ports.onSend(vin);
      carStore.attempted(vin, clock.now());
    };
    const result = await client.read(vin, turn, { forced, onSend });
    turn.signal.throwIfAborted();
    if (isOutdated()) return;
    const failure = result.ok ? undefined : result.failure;
    const isRefused = failure?.kind === "noCredentials" && isElsewhere(failure.problem);
    isUnauthorized ||= isRefused;
    // After a late answer, another window may have the turn and may have asked.
    const isLost = isRefused || !(await turn.isHeldRecently());
    if (isLost || failure?.kind === "notSent") {
      isOver = true;
      return;
    }
    answered.add(vin);
    if (result.ok) {
      isAnyRead = true;
      carStore.succeeded(vin, result.value, ports.longestGapMs);
    } else if (failure) {
      fail(vin, failure);
    }
  }

  function fail(vin: Vin, failure: Failure): void {
    const now = clock.now();
    const outcome = outcomeOf(failure, before, now, jitter);
    carStore.failed(vin, outcome.problem, now, outcome.transient);
    if (outcome.refused) refused.add(outcome.refused);
    if (!outcome.hold) return;
    // Volvo asks to wait, so the cars that are still in the queue wait as well.
    const waiting = queue.splice(0);
    carStore.held(outcome.hold, waiting);
  }
}

function isElsewhere({ kind }: Problem): boolean {
  return kind === "signedInElsewhere";
}
