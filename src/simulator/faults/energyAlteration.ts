import { isJsonObject, type JsonObject, withJson } from "./alteration";
import { wireTime } from "../energyState";
import type { FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";

/** The body of an Energy answer, whichever version it is of, ready to be changed in place. */
export class EnergyBody {
  constructor(
    readonly version: 1 | 2,
    readonly members: JsonObject,
  ) {}

  /** The name of the time in each member. */
  get timeName(): "timestamp" | "updatedAt" {
    return this.version === 1 ? "timestamp" : "updatedAt";
  }

  get connectionName(): "chargingConnectionStatus" | "chargerConnectionStatus" {
    return this.version === 1 ? "chargingConnectionStatus" : "chargerConnectionStatus";
  }

  /** The connection, where the answer has one. */
  get connection(): JsonObject | undefined {
    const member = this.members[this.connectionName];
    return isJsonObject(member) ? member : undefined;
  }

  /** Every member that has a value. */
  get measured(): JsonObject[] {
    return Object.values(this.members).filter((member) => isJsonObject(member) && "value" in member) as JsonObject[];
  }

  /** Every member whose value is a number, in v1 a number in a string. */
  get numbers(): JsonObject[] {
    return this.measured.filter((member) => "unit" in member);
  }

  /** Sets the word of a member the answer has, as measured at `atMs`, and drops an ERROR it may have been. */
  setWord(name: string, value: string, atMs: number): void {
    if (!(name in this.members)) return;
    const status = this.version === 2 ? { status: "OK" } : {};
    this.members[name] = { ...status, value, [this.timeName]: wireTime(atMs) };
  }
}

/** The honest Energy answer with its members changed; undefined where there is nothing to change. */
export function withEnergy(context: FaultContext, change: (body: EnergyBody) => void): SimulatedAnswer | undefined {
  return withJson(context, (body) => {
    if (context.kind === "energy-v2") {
      change(new EnergyBody(2, body));
    } else if (context.kind === "energy-v1" && isJsonObject(body["data"])) {
      change(new EnergyBody(1, body["data"]));
    }
  });
}
