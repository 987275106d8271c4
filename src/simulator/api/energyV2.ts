import type { SimulatedCar } from "../car";
import { energyMembers, type EnergyMemberState, isNotSupported, notSupported, wireTime } from "../energyState";
import { jsonAnswer, type SimulatedAnswer } from "../http";
import type { ProblemContext } from "./problemAnswer";

export const energyStateScopes: readonly string[] = ["openid", "energy:state:read"];
export const capabilitiesScopes: readonly string[] = ["openid", "energy:capability:read"];

/**
 * The energy state of a car: ten members without an envelope, each a value with its own time or an ERROR with a code
 * (Volvo Energy API v2 specification).
 */
export function energyStateAnswer(car: SimulatedCar, context: ProblemContext): SimulatedAnswer {
  const energy = car.energy;
  const body = energyMembers.map((name) => [name, wireMember(supported(car) ? energy[name] : notSupported)]);
  return jsonAnswer(200, Object.fromEntries(body), traceHeaders(context));
}

/**
 * The members of the energy state that a car supports. `chargingStatus` has its older name here (Volvo Energy API v2
 * specification; home-assistant/core#167850).
 */
export function capabilitiesAnswer(car: SimulatedCar, context: ProblemContext): SimulatedAnswer {
  const energy = car.energy;
  const capability: Record<string, unknown> = { isSupported: supported(car) };
  for (const name of energyMembers) {
    const isSupported = supported(car) && !isNotSupported(energy[name]);
    capability[name === "chargingStatus" ? "chargingSystemStatus" : name] = { isSupported };
  }
  return jsonAnswer(200, { getEnergyState: capability }, traceHeaders(context));
}

function supported(car: SimulatedCar): boolean {
  return car.description.energySupported !== false;
}

function wireMember(member: EnergyMemberState): unknown {
  if (member.status === "ERROR") return member;
  const { status, value, unit, updatedAtMs } = member;
  return { status, value, ...(unit !== undefined && { unit }), updatedAt: wireTime(updatedAtMs) };
}

/** v2 sends ids in headers instead of the body. Per its specification, `traceparent` is shorter than W3C's. */
function traceHeaders({ operationId }: ProblemContext): Record<string, string> {
  const hex = operationId.replaceAll("-", "").toLowerCase();
  return { "vcc-api-operationid": operationId, traceparent: `00-${hex.slice(0, 16)}-${hex.slice(16, 24)}-01` };
}
