import { type Clock, dayMs } from "../base/clock";
import type { WindowTurn } from "../windows/turns";
import type { VolvoClient } from "../volvo/client";
import { activeHold } from "../charging/account";
import type { Car } from "../charging/car";
import type { CarStore } from "../charging/carStore";
import { holdAfter } from "./outcome";

export interface ModelPorts {
  readonly clock: Clock;
  readonly client: Pick<VolvoClient, "carModel">;
  readonly carStore: CarStore;
  readonly turn: WindowTurn;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Learns the models of the cars that the user has given no name, at most once a day each and only after a reading has
 * come: a name is never worth the first request. A failure of one car does not affect another, unless it holds for all,
 * and none is shown: the end of the VIN is a name as well. Rejects as the client does.
 */
export async function learnModels({ clock, client, carStore, turn, random }: ModelPorts): Promise<void> {
  const isDue = ({ name, reading, modelAskedAt }: Car) =>
    name === undefined && reading && (modelAskedAt === undefined || clock.now() - modelAskedAt >= dayMs);
  const due = carStore.current.cars.filter(isDue).map(({ vin }) => vin);
  if (due.length === 0) return;
  // A window that is killed now has made calls for these cars.
  carStore.started(due, carStore.current.jitter);
  try {
    await turn.write();
    for (const vin of due) {
      if (!turn.mayStart() || activeHold(carStore.current.account, clock.now())) break;
      const model = await client.carModel(vin, turn);
      // Cut off with the turn: it is asked again in the next one.
      if (!model.ok && (model.failure.kind === "notSent" || turn.remainingMs() === 0)) break;
      const now = clock.now();
      carStore.modelKnown(vin, model.ok ? model.value : undefined, now);
      const hold = model.ok ? undefined : holdAfter(model.failure, now, random());
      if (hold) carStore.held(hold, []);
      carStore.finished([vin]);
    }
  } finally {
    carStore.finished(due);
  }
}
