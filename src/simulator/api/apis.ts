import type { AccessToken, AccessTokens } from "./accessTokens";
import { SimulatedCar } from "../car";
import { carDetailsAnswer, carListAnswer, relationScopes } from "./connectedVehicle";
import { energyV1Answer, energyV1Scopes } from "./energyV1";
import { capabilitiesAnswer, capabilitiesScopes, energyStateAnswer, energyStateScopes } from "./energyV2";
import type { Gateway } from "./gateway";
import type { SimulatedAnswer, SimulatedRequest } from "../http";
import {
  marketRefusedAnswer,
  noRelationshipAnswer,
  problemAnswer,
  type ProblemContext,
  unroutedAnswer,
} from "./problemAnswer";
import type { Route } from "../route";

export interface ApiWorld {
  readonly gateway: Gateway;
  readonly accessTokens: AccessTokens;
  readonly cars: readonly SimulatedCar[];
}

/** Answers a call to one of the car APIs as Volvo should. Checks run in Volvo's order: gateway, car, API. */
export function apiAnswer(
  world: ApiWorld,
  request: SimulatedRequest,
  route: Route,
  context: ProblemContext,
): SimulatedAnswer {
  const { api, vin, resource } = route;
  if (api === undefined) return unroutedAnswer();
  const admission = world.gateway.admit(request, { ...route, api }, scopesOf(route), context);
  if ("refusal" in admission) return admission.refusal;
  if (vin === undefined) return carListAnswer(world.cars);
  const car = carOf(world.cars, vin, context);
  return car instanceof SimulatedCar ? answerAbout(car, resource, admission.token, context) : car;
}

function scopesOf(route: Route): readonly string[] {
  switch (route.kind) {
    case "energy-v1":
      return energyV1Scopes(route.resource);
    case "energy-v2":
      return energyStateScopes;
    case "capabilities":
      return capabilitiesScopes;
    default:
      return relationScopes;
  }
}

function answerAbout(
  car: SimulatedCar,
  resource: string | undefined,
  token: AccessToken,
  context: ProblemContext,
): SimulatedAnswer {
  switch (context.kind) {
    case "energy-v1":
      return energyV1Answer(car, resource, token.scopes, context);
    case "energy-v2":
      return energyStateAnswer(car, context);
    case "capabilities":
      return capabilitiesAnswer(car, context);
    default:
      return carDetailsAnswer(car);
  }
}

/** The VINs of Volvo's demo cars contain letters that no real VIN has, so only the length is checked. */
function carOf(cars: readonly SimulatedCar[], vin: string, context: ProblemContext): SimulatedCar | SimulatedAnswer {
  if (!/^[A-Z0-9]{17}$/.test(vin)) return problemAnswer(context, 400, "BAD_REQUEST", "Invalid VIN");
  const car = cars.find((candidate) => candidate.vin === vin);
  if (!car) return marketRefusedAnswer(context);
  return car.description.owner === "someone-else" ? noRelationshipAnswer(context) : car;
}
