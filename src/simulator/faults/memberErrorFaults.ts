import { isJsonObject, withJson } from "./alteration";
import { withEnergy } from "./energyAlteration";
import type { Fault, FaultContext } from "./fault";
import { notFound, type MissingMember } from "../energyState";
import type { SimulatedAnswer } from "../http";

/** The answer with an ERROR for `names`, or for all members. */
function withErrors(
  context: FaultContext,
  error: MissingMember,
  names?: readonly string[],
): SimulatedAnswer | undefined {
  return withEnergy(context, ({ members }) => {
    for (const name of names ?? Object.keys(members)) members[name] = error;
  });
}

const readingFailed: MissingMember = {
  status: "ERROR",
  code: "ERROR_READING_PROPERTY",
  message: "Failed to retrieve property.",
};

const resourceNotSupported: MissingMember = {
  status: "ERROR",
  code: "NOT_SUPPORTED",
  message: "Resource is not supported for this vehicle",
};

/** Errors of single members inside a 200 of Energy v2, and capabilities that contradict the state. */
export const memberErrorFaults = {
  "all-error": {
    row: 41,
    description: "NOT_SUPPORTED for all ten members",
    source: "home-assistant/core fixtures",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, resourceNotSupported),
  },
  "all-error-without-message": {
    row: 41,
    description: "NOT_SUPPORTED for all ten members, with no message",
    source: "home-assistant/core fixtures",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, { status: "ERROR", code: "NOT_SUPPORTED" }),
  },
  "all-not-found": {
    row: 41,
    description: "No value for any member at the moment",
    source: "home-assistant/core#172253",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, notFound),
  },
  "connection-not-supported": {
    row: 41,
    description: "The connection alone is not supported, under the newer spelling of the code",
    source: "home-assistant/core#167850",
    kinds: ["energy-v2"],
    answer: (context) =>
      withErrors(
        context,
        {
          status: "ERROR",
          code: "PROPERTY_NOT_SUPPORTED",
          message: "Property is not supported for this vehicle",
        },
        ["chargerConnectionStatus"],
      ),
  },
  "connection-not-found": {
    row: 41,
    description: "The connection alone has no value at the moment",
    source: "home-assistant/core#150751",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, notFound, ["chargerConnectionStatus"]),
  },
  "connection-error": {
    row: 41,
    description: "The connection alone could not be read",
    source: "home-assistant/core fixtures",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, readingFailed, ["chargerConnectionStatus"]),
  },
  "connection-error-of-new-code": {
    row: 41,
    description: "The connection alone has an unknown error code",
    source: "",
    kinds: ["energy-v2"],
    answer: (context) =>
      withErrors(context, { status: "ERROR", code: "VEHICLE_IN_SERVICE_MODE", message: "Come back later" }, [
        "chargerConnectionStatus",
      ]),
  },
  "charging-type-error": {
    row: 41,
    description: "The charger type alone could not be read",
    source: "home-assistant/core fixtures",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, readingFailed, ["chargingType"]),
  },
  "charging-power-missing": {
    row: 50,
    description: "No charging power in any state",
    source: "home-assistant/core#150751",
    kinds: ["energy-v2"],
    answer: (context) => withErrors(context, readingFailed, ["chargingPower"]),
  },
  "absent-members-null": {
    row: 28,
    description: "Members that a value or an error would omit are present and null",
    source: "home-assistant/core#179668",
    kinds: ["energy-v2"],
    answer: (context) =>
      withEnergy(context, ({ members }) => {
        const absent = { value: null, unit: null, updatedAt: null, code: null, message: null };
        for (const [name, member] of Object.entries(members)) members[name] = { ...absent, ...(member as object) };
      }),
  },
  "capabilities-all-false": {
    row: 43,
    description: "Nothing is supported, in contradiction to the state",
    source: "home-assistant/core#172253",
    kinds: ["capabilities"],
    answer: (context) =>
      withJson(context, (body) => {
        const capability = body["getEnergyState"];
        if (!isJsonObject(capability)) return;
        for (const name of Object.keys(capability)) {
          if (name !== "isSupported") capability[name] = { isSupported: false };
        }
      }),
  },
  "capabilities-newer-status-name": {
    row: 43,
    description: "`chargingStatus` in place of `chargingSystemStatus`",
    source: "home-assistant/core fixtures",
    kinds: ["capabilities"],
    answer: (context) =>
      withJson(context, (body) => {
        const capability = body["getEnergyState"];
        if (!isJsonObject(capability)) return;
        const { chargingSystemStatus, ...others } = capability;
        body["getEnergyState"] = { ...others, chargingStatus: chargingSystemStatus };
      }),
  },
} as const satisfies Record<string, Fault>;
