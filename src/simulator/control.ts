import * as v from "valibot";
import { availabilities } from "./api/gateway";
import { energyMembers, type EnergyMemberState } from "./energyState";
import { faultNames } from "./faults/faults";
import { emptyAnswer, jsonAnswer, type SimulatedAnswer, type SimulatedRequest } from "./http";
import { plugStates } from "./plugState";
import { RequestError } from "./requestError";
import { splitUrl } from "./requestLog";
import { apiNames, pathKinds } from "./route";
import type { SimulatedVolvo } from "./simulatedVolvo";
import { signInDecisions } from "./volvoId/authorizeEndpoint";

export const controlPath = "/_control";

const measuredMember = v.strictObject({
  status: v.literal("OK"),
  value: v.union([v.string(), v.number()]),
  unit: v.optional(v.string()),
  updatedAt: v.pipe(v.string(), v.isoTimestamp()),
});

const missingMember = v.strictObject({
  status: v.literal("ERROR"),
  code: v.string(),
  message: v.optional(v.string()),
});

const plugChange = v.strictObject({
  state: v.picklist(plugStates),
  /** ISO 8601, or milliseconds since the epoch. */
  measuredAt: v.optional(v.union([v.number(), v.pipe(v.string(), v.isoTimestamp())])),
  batteryLevel: v.optional(v.number()),
  targetLevel: v.optional(v.number()),
  live: v.optional(v.boolean()),
  /** Single members in Energy v2 format, overriding those of the state. */
  members: v.optional(v.record(v.picklist(energyMembers), v.variant("status", [measuredMember, missingMember]))),
});

const fault = v.strictObject({
  name: v.picklist(faultNames, "Unknown fault"),
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  kind: v.optional(v.picklist(pathKinds)),
  vin: v.optional(v.string()),
});

const availability = v.strictObject({
  "energy-v1": v.optional(v.picklist(availabilities)),
  "energy-v2": v.optional(v.picklist(availabilities)),
  "connected-vehicle": v.optional(v.picklist(availabilities)),
});

const limits = v.strictObject({ perDay: v.optional(v.number()), perMinute: v.optional(v.number()) });

const signIn = v.strictObject({ decision: v.picklist(signInDecisions) });

const testToken = v.strictObject({
  api: v.optional(v.picklist(apiNames)),
  scopes: v.optional(v.array(v.string())),
  lifetimeMs: v.optional(v.number()),
});

/** Moves the simulator's clock forward. Absent if the clock is the system clock. */
export type AdvanceClock = (ms: number) => Promise<void> | void;

type Handler = (argument: string, body: unknown) => SimulatedAnswer | Promise<SimulatedAnswer>;

/**
 * The remote control of a simulated Volvo. Requests and answers are JSON:
 *
 * - `GET|DELETE /_control/requests`, `GET /_control/state`
 * - `PUT /_control/cars/{vin}` `{state, measuredAt?, batteryLevel?, targetLevel?, live?, members?}`
 * - `POST /_control/faults` `{name, times?, kind?, vin?}`, `GET|DELETE /_control/faults`
 * - `PUT /_control/availability`, `PUT /_control/limits`, `POST /_control/tokens` `{api?, scopes?, lifetimeMs?}`
 * - `PUT /_control/sign-in` `{decision}` sets the user's decision in the browser
 * - `DELETE /_control/sign-ins` ends all sign-ins
 * - `POST /_control/clock` `{advanceMs}`, with a fake clock only
 */
export class SimulatorControl {
  private readonly handlers: Readonly<Record<string, Handler>>;

  constructor(volvo: SimulatedVolvo, advanceClock?: AdvanceClock) {
    this.handlers = {
      "GET requests": () => jsonAnswer(200, volvo.requests.all),
      "DELETE requests": () => {
        volvo.requests.clear();
        return emptyAnswer(204);
      },
      "GET state": () => jsonAnswer(200, stateOf(volvo)),
      "PUT cars": (vin, body) => {
        const { measuredAt, members = {}, ...change } = v.parse(plugChange, body);
        const measuredAtMs = typeof measuredAt === "string" ? Date.parse(measuredAt) : measuredAt;
        const car = volvo.car(vin);
        car.set(defined({ ...change, measuredAtMs }));
        for (const name of energyMembers) {
          const member = members[name];
          if (member) car.setMember(name, memberState(member));
        }
        return emptyAnswer(204);
      },
      "GET faults": () => jsonAnswer(200, { active: volvo.faults.active, known: faultNames }),
      "POST faults": (_, body) => {
        volvo.faults.inject(v.parse(fault, body));
        return emptyAnswer(204);
      },
      "DELETE faults": () => {
        volvo.faults.clear();
        return emptyAnswer(204);
      },
      "PUT availability": (_, body) => {
        Object.assign(volvo.gateway.availability, v.parse(availability, body));
        return emptyAnswer(204);
      },
      "PUT limits": (_, body) => {
        volvo.gateway.limits = v.parse(limits, body);
        return emptyAnswer(204);
      },
      "PUT sign-in": (_, body) => {
        volvo.volvoId.decision = v.parse(signIn, body).decision;
        return emptyAnswer(204);
      },
      "DELETE sign-ins": () => {
        volvo.volvoId.endAllSignIns();
        return emptyAnswer(204);
      },
      "POST tokens": (_, body) =>
        jsonAnswer(201, { accessToken: volvo.issueTestToken(defined(v.parse(testToken, body))).value }),
      "POST clock": async (_, body) => {
        if (!advanceClock) return jsonAnswer(409, { message: "The system clock cannot be advanced" });
        await advanceClock(v.parse(v.strictObject({ advanceMs: v.number() }), body).advanceMs);
        return jsonAnswer(200, { now: volvo.clock.now() });
      },
    };
  }

  /**
   * Answers a request below {@link controlPath}. An invalid body or an unknown car gives a 400 with the reason, an error
   * of the simulator itself a 500.
   */
  async handle(request: SimulatedRequest): Promise<SimulatedAnswer> {
    const [, , name = "", argument = ""] = splitUrl(request.url).path.split("/");
    const handler = this.handlers[`${request.method} ${name}`];
    if (!handler) return jsonAnswer(404, { message: "Unknown control", controls: Object.keys(this.handlers) });
    try {
      return await handler(argument, parsedBody(request));
    } catch (error) {
      const isBadRequest = error instanceof RequestError || v.isValiError(error);
      return jsonAnswer(isBadRequest ? 400 : 500, { message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function parsedBody({ body }: SimulatedRequest): unknown {
  try {
    return body ? JSON.parse(body) : {};
  } catch (error) {
    throw new RequestError("The body is not JSON", { cause: error });
  }
}

function stateOf(volvo: SimulatedVolvo): unknown {
  return {
    now: volvo.clock.now(),
    cars: volvo.cars.map(({ vin, plugState, energy, description }) => ({ vin, plugState, energy, description })),
    availability: volvo.gateway.availability,
    limits: volvo.gateway.limits,
    callsToday: volvo.gateway.callsToday,
    faults: volvo.faults.active,
    signIn: { decision: volvo.volvoId.decision, events: volvo.volvoId.events },
  };
}

function memberState(
  member: v.InferOutput<typeof measuredMember> | v.InferOutput<typeof missingMember>,
): EnergyMemberState {
  if (member.status === "ERROR") return defined(member);
  const { updatedAt, ...rest } = member;
  return defined({ ...rest, updatedAtMs: Date.parse(updatedAt) });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** `object` without its undefined members. */
function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
