import type { Clock } from "../base/clock";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import { requestsInFlight } from "../volvo/transport";
import type { Garage } from "./garage";
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
  readonly onAsk: (vin: Vin) => void;
  /** Called once the garage holds what came of asking. */
  readonly onAnswer: (vin: Vin) => void;
  /** Whether there are calls left for another car. */
  readonly mayGoOn: () => boolean;
}

/**
 * Asks for `vins`, a few at a time, and writes what comes of it into the garage. Once the credentials have changed
 * nobody is asked any more, and what still comes in says nothing about the new ones: it is dropped, and the car is due.
 * Rejects when `signal` aborts; nothing is written from then on.
 */
export async function readBatch(ports: BatchPorts, vins: readonly Vin[]): Promise<void> {
  const { garage, client, clock, signal } = ports;
  const before = garage.current.account;
  const isOutdated = () => garage.current.account.credentials !== before.credentials;
  const refused = new Set<"key" | "token">();
  const queue = [...vins];
  const succeeded = new Set<Vin>();

  async function read(vin: Vin): Promise<void> {
    const car = garage.car(vin);
    garage.attempted(vin, clock.now());
    await ports.announced();
    signal.throwIfAborted();
    if (isOutdated()) {
      if (car) garage.notAttempted(car);
      return;
    }
    ports.onAsk(vin);
    const result = await client.read(vin, signal, ports.forced);
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
