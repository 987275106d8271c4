import type { CarModel } from "../charging/carModel";
import type { Problem } from "../charging/problem";
import type { Vin } from "../charging/vin";
import type { VolvoClient } from "../volvo/client";
import { activeHold, emptyAccount } from "./account";
import type { Garage } from "./garage";
import { outcomeOf } from "./outcome";
import { isNotPermitted, type NotPermittedError } from "./permission";
import { nextUtcMidnight } from "./quota";

export interface ListedCar {
  readonly vin: Vin;
  readonly model: CarModel | undefined;
}

export type CarList =
  | { readonly kind: "found"; readonly cars: readonly ListedCar[] }
  /** The token, or the application, may not ask for the list; that says nothing about the cars' readings. */
  | { readonly kind: "notPermitted"; readonly by: "token" | "application" }
  | { readonly kind: "failed"; readonly problem: Problem }
  /** The user's own budget of calls is used up until then (ms). */
  | { readonly kind: "budgetSpent"; readonly until: number }
  /** Another window has become the one that asks, while this one was about to. */
  | { readonly kind: "takenOver" };

/**
 * The account's cars, with their models as far as Volvo tells them: one car's failure does not touch another's.
 * Nothing is asked while Volvo asks to wait. Rejects only when `signal` aborts. `now` in ms.
 */
export async function listCars(
  client: VolvoClient,
  garage: Garage,
  now: number,
  signal: AbortSignal,
): Promise<CarList> {
  const hold = activeHold(garage.current.account, now);
  if (hold) return { kind: "failed", problem: hold };
  const list = await permitted(client.listVehicles(signal));
  if (list === "budgetSpent") return { kind: "budgetSpent", until: nextUtcMidnight(now) };
  if (list === "notLeading") return { kind: "takenOver" };
  if (!list.ok) {
    const { kind } = list.failure;
    if (kind === "tokenRefused") return { kind: "notPermitted", by: "token" };
    if (kind === "forbidden" || kind === "routeGone") return { kind: "notPermitted", by: "application" };
    return { kind: "failed", problem: outcomeOf(list.failure, emptyAccount, now, 0).problem };
  }
  const cars = list.value.map(async (vin): Promise<ListedCar> => {
    const known = garage.car(vin)?.model;
    if (known) return { vin, model: known };
    const model = await permitted(client.carModel(vin, signal));
    return { vin, model: typeof model === "object" && model.ok ? model.value : undefined };
  });
  return { kind: "found", cars: await Promise.all(cars) };
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
