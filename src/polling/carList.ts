import type { Clock } from "../base/clock";
import type { Turn, Turns } from "../base/turn";
import type { CarModel } from "../charging/carModel";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import type { Failure, NotSent } from "../charging/failure";
import { createSlots } from "../volvo/requestSlots";
import { requestsInFlight } from "../volvo/transport";
import { activeHold, budgetSpent, type BudgetSpent, type VolvoHold } from "../charging/account";
import type { CarStore } from "../charging/carStore";
import { type ListRefusal, listRefusal } from "./listRefusal";
import { holdAfter } from "./outcome";

export interface ListedCar {
  readonly vin: Vin;
  readonly model: CarModel | undefined;
}

export type CarList =
  | { readonly kind: "found"; readonly cars: readonly ListedCar[] }
  | ListRefusal
  | BudgetSpent
  /** Another window has the lock, or has taken it over. */
  | { readonly kind: "busy" };

export interface CarListPorts {
  readonly client: VolvoClient;
  readonly carStore: CarStore;
  readonly turns: Turns;
  readonly clock: Clock;
}

/**
 * The cars of the account, with the models that Volvo reports. A failure for one car does not affect the others. Sends
 * nothing from the moment at which Volvo asks to wait. Rejects only if `signal` aborts.
 */
export async function listCars(ports: CarListPorts, signal: AbortSignal): Promise<CarList> {
  const outcome = await ports.turns.take("change", (turn) => listInTurn(ports, turn), { signal });
  return outcome?.value ?? { kind: "busy" };
}

async function listInTurn({ client, carStore, clock }: CarListPorts, turn: Turn): Promise<CarList> {
  const hold = heldBy();
  if (hold) return { kind: "failed", problem: hold };
  const list = await client.listVehicles(turn);
  if (!list.ok) {
    if (list.failure.kind === "notSent") return notSent(list.failure, clock.now());
    obey(list.failure);
    return listRefusal({ failure: list.failure, at: clock.now() });
  }
  const slots = createSlots(requestsInFlight);
  const cars = list.value.map(async (vin): Promise<ListedCar> => {
    const known = carStore.car(vin)?.model;
    if (known) return { vin, model: known };
    const release = await slots.take(turn.signal);
    try {
      return { vin, model: heldBy() || !turn.mayStart() ? undefined : await modelOf(vin) };
    } finally {
      release();
    }
  });
  return { kind: "found", cars: await Promise.all(cars) };

  async function modelOf(vin: Vin): Promise<CarModel | undefined> {
    const model = await client.carModel(vin, turn);
    if (model.ok) return model.value;
    obey(model.failure);
    return undefined;
  }

  function heldBy(): VolvoHold | undefined {
    return activeHold(carStore.current.account, clock.now());
  }

  function obey(failure: Failure | NotSent): void {
    const hold = holdAfter(failure, clock.now(), 0);
    if (hold) carStore.held(hold, []);
  }
}

function notSent({ reason }: NotSent, now: number): CarList {
  return reason === "budgetSpent" ? budgetSpent(now) : { kind: "busy" };
}
