import type { CarModel } from "../charging/carModel";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import type { Failure } from "../volvo/failure";
import { createSlots } from "../volvo/slots";
import { requestsInFlight } from "../volvo/transport";
import { activeHold, type Hold } from "./account";
import type { Garage } from "./garage";
import { type ListRefusal, listRefusal } from "./listRefusal";
import { holdAfter } from "./outcome";
import { isNotPermitted, type NotPermittedError } from "./permission";
import { nextUtcMidnight } from "./quota";

export interface ListedCar {
  readonly vin: Vin;
  readonly model: CarModel | undefined;
}

export type CarList =
  | { readonly kind: "found"; readonly cars: readonly ListedCar[] }
  | ListRefusal
  /** The user's own budget of calls is used up until then (ms). */
  | { readonly kind: "budgetSpent"; readonly until: number }
  /** Another window has become the one that asks, while this one was about to. */
  | { readonly kind: "takenOver" };

/**
 * The account's cars, with their models as far as Volvo tells them: one car's failure does not touch another's.
 * Nothing is asked while Volvo asks to wait, nor once it does. Rejects only when `signal` aborts. `now` in ms.
 */
export async function listCars(
  client: VolvoClient,
  garage: Garage,
  now: () => number,
  signal: AbortSignal,
): Promise<CarList> {
  const hold = heldBy();
  if (hold) return { kind: "failed", problem: hold };
  const list = await permitted(client.listVehicles(signal));
  if (list === "budgetSpent") return { kind: "budgetSpent", until: nextUtcMidnight(now()) };
  if (list === "notLeading") return { kind: "takenOver" };
  if (!list.ok) {
    obey(list.failure);
    return listRefusal({ failure: list.failure, at: now() });
  }
  const slots = createSlots(requestsInFlight);
  const cars = list.value.map(async (vin): Promise<ListedCar> => {
    const known = garage.car(vin)?.model;
    if (known) return { vin, model: known };
    const release = await slots.take(signal);
    try {
      return { vin, model: heldBy() ? undefined : await modelOf(vin) };
    } finally {
      release();
    }
  });
  return { kind: "found", cars: await Promise.all(cars) };

  async function modelOf(vin: Vin): Promise<CarModel | undefined> {
    const model = await permitted(client.carModel(vin, signal));
    if (typeof model !== "object") return undefined;
    if (!model.ok) obey(model.failure);
    return model.ok ? model.value : undefined;
  }

  function heldBy(): Hold | undefined {
    return activeHold(garage.current.account, now());
  }

  function obey(failure: Failure): void {
    const hold = holdAfter(failure, now(), 0);
    if (hold) garage.held(hold, []);
  }
}

/** What came of a request, or the reason why it must not leave. */
async function permitted<T>(result: Promise<T>): Promise<T | NotPermittedError["reason"]> {
  try {
    return await result;
  } catch (error) {
    if (isNotPermitted(error)) return error.reason;
    throw error;
  }
}
