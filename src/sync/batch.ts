import type { Clock } from "../base/clock";
import type { Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import type { Result } from "../volvo/failure";
import { requestsInFlight } from "../volvo/transport";
import { announcedForMs, type Garage } from "./garage";
import { outcomeOf } from "./outcome";
import { isNotPermitted } from "./permission";

export interface BatchPorts {
  readonly clock: Clock;
  readonly client: Pick<VolvoClient, "read">;
  readonly garage: Garage;
  /** Resolves once every window knows what the garage says; rejects where another has taken over. */
  readonly announced: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly forced: boolean;
  /** 0 to 1, drawn for this batch. */
  readonly jitter: number;
  /** Called each time that a request for the car leaves. */
  readonly onSend: (vin: Vin) => void;
  /** Called once the garage holds what came of asking. */
  readonly onAnswer: (vin: Vin) => void;
  /** Whether there are calls left for another car. */
  readonly mayGoOn: () => boolean;
}

/**
 * Asks for `vins`, a few at a time, and writes what comes of it into the garage. Cars that are not asked for after all,
 * because the calls of the day are used up or another window has taken over, stay as due as they are. Once the
 * credentials have changed nobody is asked any more, and what still comes in says nothing about the new ones: it is
 * dropped, and the car is due. Rejects when `signal` aborts; nothing is written from then on.
 */
export async function readBatch(ports: BatchPorts, vins: readonly Vin[]): Promise<void> {
  const { garage, client, clock, signal } = ports;
  const before = garage.current.account;
  const isOutdated = () => garage.current.account.credentials !== before.credentials;
  const refused = new Set<"key" | "token">();
  const queue = [...vins];
  const succeeded = new Set<Vin>();

  /** Whether the car is to be asked for still, now that whoever comes after this process will know of it. */
  async function announce(vin: Vin): Promise<boolean> {
    const car = garage.car(vin);
    let isToBeAsked = false;
    garage.attempted(vin, clock.now());
    try {
      await ports.announced();
      isToBeAsked = !isOutdated();
    } finally {
      if (car && !isToBeAsked && !signal.aborted) garage.unanswered(car);
    }
    signal.throwIfAborted();
    return isToBeAsked;
  }

  async function ask(vin: Vin): Promise<Result<Reading>> {
    let attemptedAt = clock.now();
    const onSend = () => {
      ports.onSend(vin);
      // One that waits for another's answer, or for new credentials, can leave later than whoever comes next expects.
      if (clock.now() - attemptedAt < announcedForMs || isOutdated()) return;
      attemptedAt = clock.now();
      garage.attempted(vin, attemptedAt);
    };
    try {
      return await client.read(vin, signal, { forced: ports.forced, onSend });
    } catch (error) {
      // It may be the second request that was not permitted: the car is due, but not within the next ten seconds.
      if (isNotPermitted(error) && !signal.aborted) garage.unanswered({ vin, attemptedAt, recheck: true });
      throw error;
    }
  }

  async function read(vin: Vin): Promise<void> {
    if (!(await announce(vin))) return;
    const result = await ask(vin);
    signal.throwIfAborted();
    if (isOutdated()) return;
    if (result.ok) {
      succeeded.add(vin);
      garage.succeeded(vin, result.value);
      ports.onAnswer(vin);
      return;
    }
    const now = clock.now();
    const outcome = outcomeOf(result.failure, before, now, ports.jitter);
    garage.failed(vin, outcome.problem, now, outcome.transient);
    ports.onAnswer(vin);
    if (outcome.refused) refused.add(outcome.refused);
    // Volvo asked for silence: cars that were not asked for yet wait with the others.
    if (outcome.hold) garage.held(outcome.hold, queue.splice(0));
  }

  const mayGoOn = () => !isOutdated() && ports.mayGoOn();
  async function work(): Promise<void> {
    for (let vin = queue.shift(); vin !== undefined && mayGoOn(); vin = queue.shift()) await read(vin);
  }

  const workers = await Promise.allSettled(Array.from({ length: requestsInFlight }, work));
  for (const worker of workers) {
    if (worker.status === "rejected" && !isNotPermitted(worker.reason)) throw worker.reason;
  }
  if (isOutdated() || succeeded.size > 0 || refused.size === 0) return;
  garage.updateAccount((account) => ({
    ...account,
    keyRefusals: before.keyRefusals + (refused.has("key") ? 1 : 0),
    tokenRefusals: before.tokenRefusals + (refused.has("token") ? 1 : 0),
  }));
}
