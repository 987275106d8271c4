import { jsonAnswer, type SimulatedAnswer } from "../http";
import type { PathKind } from "../route";

/**
 * Energy v2 specifies `{error: {code, message, details}}`, but its answers had the inner object alone
 * (home-assistant/core#167521).
 */
export type EnergyV2ErrorShape = "unwrapped" | "as-specified";

export interface ProblemContext {
  readonly kind: PathKind;
  readonly operationId: string;
  readonly energyV2Errors: EnergyV2ErrorShape;
}

/** An error in the API's own format: `word`, such as `NOT_FOUND`, and a message. */
export function problemAnswer(context: ProblemContext, status: number, word: string, message: string): SimulatedAnswer {
  switch (context.kind) {
    case "energy-v2":
    case "capabilities": {
      const error = { code: word.toUpperCase(), message, details: [] };
      const body = context.energyV2Errors === "unwrapped" ? error : { error };
      return jsonAnswer(status, body, { "vcc-api-operationid": context.operationId });
    }
    case "energy-v1":
      return jsonAnswer(status, {
        status,
        operationId: context.operationId,
        error: { message: word, description: message },
      });
    case "authorize":
    case "token":
    case "revoke":
      return jsonAnswer(status, { error: word.toLowerCase(), error_description: message });
    case "cars":
    case "car-details":
    case "unrouted":
      return jsonAnswer(status, { error: { message: word, description: message } });
  }
}

/** The gateway's answer to a path it does not serve (thomasddn/ha-volvo-cars#111). */
export function unroutedAnswer(): SimulatedAnswer {
  return jsonAnswer(404, { statusCode: 404, message: "Resource not found" });
}

/** The gateway's answer to an invalid key (volvo-cars/developer-portal-api-samples#8). */
export function keyRefusedAnswer(): SimulatedAnswer {
  return jsonAnswer(401, {
    status: 401,
    error: {
      message: "Access denied due to invalid VCC-API-KEY. Make sure to provide a valid key for an active application.",
    },
  });
}

/**
 * The gateway's answer once the daily quota is spent (home-assistant/core#173571). `remaining` is the time until the
 * quota resets, as text.
 */
export function quotaSpentAnswer(remaining: string | undefined): SimulatedAnswer {
  const when = remaining === undefined ? "" : ` Quota will be replenished in ${remaining}.`;
  return jsonAnswer(403, { statusCode: 403, message: `Out of call volume quota.${when}` });
}

/** The API's answer to an invalid token (Dielee/volvo2mqtt#110). */
export function tokenRefusedAnswer(context: ProblemContext): SimulatedAnswer {
  return problemAnswer(context, 401, "Unauthorized", "Full authentication is required to access this resource");
}

/** The API's answer for a car without a relationship to the account (evcc-io/evcc#16726). */
export function noRelationshipAnswer(context: ProblemContext): SimulatedAnswer {
  return problemAnswer(context, 403, "FORBIDDEN", "No relationship to UUID");
}

/** The API's answer for a resource the application or token may not use (wording of home-assistant/core#169582). */
export function clientNotAllowedAnswer(context: ProblemContext): SimulatedAnswer {
  const api = context.kind === "cars" || context.kind === "car-details" ? "Connected Vehicle" : "Energy";
  return problemAnswer(context, 403, "FORBIDDEN", `Client not allowed to access ${api} API`);
}

/** The API's answer for a car of another market (Dielee/volvo2mqtt#136, home-assistant/core#167521). */
export function marketRefusedAnswer(context: ProblemContext): SimulatedAnswer {
  return context.kind === "energy-v2" || context.kind === "capabilities"
    ? problemAnswer(context, 404, "VEHICLE_NOT_FOUND", "Vehicle does not belong to allowed markets")
    : problemAnswer(context, 404, "NOT_FOUND", "Does not belong to allowed markets");
}
