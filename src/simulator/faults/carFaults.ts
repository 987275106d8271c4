import { isJsonObject, type JsonObject, withJson } from "./alteration";
import type { Fault, FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";
import { jsonAnswer } from "../http";
import { problemAnswer } from "../api/problemAnswer";

function withDetails(context: FaultContext, change: (details: JsonObject) => void): SimulatedAnswer | undefined {
  return withJson(context, (body) => {
    if (isJsonObject(body["data"])) change(body["data"]);
  });
}

/** Misbehavior of Connected Vehicle v2. */
export const carFaults = {
  "empty-car-list": {
    row: 34,
    description: "200 with no car in the account",
    source: "Dielee/volvo2mqtt#284",
    kinds: ["cars"],
    answer: () => jsonAnswer(200, { data: [] }),
  },
  "car-list-without-wrapper": {
    row: 31,
    description: "The bare list, closer to the specification",
    source: "Connected Vehicle API v2 specification",
    kinds: ["cars"],
    answer: unwrapped,
  },
  "car-details-without-wrapper": {
    row: 31,
    description: "The details as specified, without `data`",
    source: "Connected Vehicle API v2 specification",
    kinds: ["car-details"],
    answer: unwrapped,
  },
  "car-details-unavailable": {
    row: 32,
    description: "500 for the details of a car",
    source: "Dielee/volvo2mqtt#215",
    kinds: ["car-details"],
    answer: (context) => problemAnswer(context, 500, "INTERNAL_SERVER_ERROR", "Internal Server Error"),
  },
  "car-details-sparse": {
    row: 30,
    description: "No color, images, battery or upholstery",
    source: "thomasddn/ha-volvo-cars#87",
    kinds: ["car-details"],
    answer: (context) =>
      withDetails(context, (details) => {
        for (const name of ["externalColour", "images", "batteryCapacityKWH"]) Reflect.deleteProperty(details, name);
        const { model } = isJsonObject(details["descriptions"]) ? details["descriptions"] : {};
        details["descriptions"] = { model };
      }),
  },
  "car-details-without-model": {
    row: 30,
    description: "No descriptions at all",
    source: "",
    kinds: ["car-details"],
    answer: (context) => withDetails(context, (details) => void Reflect.deleteProperty(details, "descriptions")),
  },
  "car-details-null-words": {
    row: 30,
    description: 'The string "null" for the upholstery, and NONE for the fuel',
    source: "home-assistant/core fixtures",
    kinds: ["car-details"],
    answer: (context) =>
      withDetails(context, (details) => {
        details["fuelType"] = "NONE";
        if (isJsonObject(details["descriptions"])) details["descriptions"]["upholstery"] = "null";
      }),
  },
} as const satisfies Record<string, Fault>;

function unwrapped(context: FaultContext): SimulatedAnswer | undefined {
  const honest = context.honest();
  if (honest.status !== 200) return undefined;
  return { ...honest, body: JSON.stringify((JSON.parse(honest.body) as JsonObject)["data"]) };
}
