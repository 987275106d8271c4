import { type Clock, dayMs } from "../base/clock";
import type { Turn } from "../base/turn";
import type { VolvoClient } from "../volvo/client";
import { activeHold } from "../charging/account";
import type { Car } from "../charging/car";
import type { CarStore } from "../charging/carStore";
import { holdAfter } from "./outcome";

export interface ModelPorts {
  readonly clock: Clock;
  readonly client: Pick<VolvoClient, "carModel">;
  readonly carStore: CarStore;
  readonly turn: Turn;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Asks for the models of the cars that have no name in the settings: at most once a day each, and only after their first
 * reading, which is more urgent than a name. Failures are not shown, since the end of the VIN serves as a name. Only a
 * failure that concerns all cars ends the look-up for the others. Rejects as the client does.
 */
export async function learnModels({ clock, client, carStore, turn, random }: ModelPorts): Promise<void> {
  const isDue = ({ name, reading, modelAskedAt }: Car) =>
    name === undefined && reading && (modelAskedAt === undefined || clock.now() - modelAskedAt >= dayMs);
  const due = carStore.current.cars.filter(isDue).map(({ vin }) => vin);
  if (due.length === 0) return;
  // If this window is killed now, the others must know which cars it may have asked for.
  carStore.started(due, carStore.current.jitter);
  try {
    await turn.write();
    for (const vin of due) {
      if (!turn.mayStart() || activeHold(carStore.current.account, clock.now())) break;
      const model = await client.carModel(vin, turn);
      // The turn has ended. The next one asks again.
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
