import { isJsonObject, type JsonObject, withJson } from "./alteration";
import { wireTime } from "../energyState";
import type { FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";

/** The body of an Energy answer of either version. Faults change it in place. */
export class EnergyBody {
  constructor(
    readonly version: 1 | 2,
    readonly members: JsonObject,
  ) {}

  /** The name of the time member. */
  get timeName(): "timestamp" | "updatedAt" {
    return this.version === 1 ? "timestamp" : "updatedAt";
  }

  get connectionName(): "chargingConnectionStatus" | "chargerConnectionStatus" {
    return this.version === 1 ? "chargingConnectionStatus" : "chargerConnectionStatus";
  }

  /** The connection, if the answer has one. */
  get connection(): JsonObject | undefined {
    const member = this.members[this.connectionName];
    return isJsonObject(member) ? member : undefined;
  }

  /** All members that have a value. */
  get measured(): JsonObject[] {
    return Object.values(this.members).filter((member) => isJsonObject(member) && "value" in member) as JsonObject[];
  }

  /** All members with a numeric value, which v1 writes as a string. */
  get numbers(): JsonObject[] {
    return this.measured.filter((member) => "unit" in member);
  }

  /** Replaces an existing member, even an ERROR, with a word measured at `atMs`. */
  setWord(name: string, value: string, atMs: number): void {
    if (!(name in this.members)) return;
    const status = this.version === 2 ? { status: "OK" } : {};
    this.members[name] = { ...status, value, [this.timeName]: wireTime(atMs) };
  }
}

/** The honest Energy answer with its members changed; undefined if there is nothing to change. */
export function withEnergy(context: FaultContext, change: (body: EnergyBody) => void): SimulatedAnswer | undefined {
  return withJson(context, (body) => {
    if (context.kind === "energy-v2") {
      change(new EnergyBody(2, body));
    } else if (context.kind === "energy-v1" && isJsonObject(body["data"])) {
      change(new EnergyBody(1, body["data"]));
    }
  });
}
