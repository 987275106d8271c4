import { withText } from "./alteration";
import { energyKinds, type Fault, type FaultContext } from "./fault";
import { withEnergy } from "./energyAlteration";
import type { SimulatedAnswer } from "../http";

/** Sets every number to `value`; in v1 as a string, as v1 writes all numbers. */
function everyNumber(context: FaultContext, value: string | number): SimulatedAnswer | undefined {
  return withEnergy(context, ({ version, numbers }) => {
    for (const member of numbers) member["value"] = version === 1 ? String(value) : value;
  });
}

/** Odd numbers and units in an Energy answer. */
export const numberFaults = {
  "floats-for-integers": {
    row: 29,
    description: "320.0 where the specification says 320",
    source: "home-assistant/core#179741",
    kinds: energyKinds,
    answer: (context) => withText(context, (text) => text.replace(/"value":("?)(\d+)(?=[",}])/g, '"value":$1$2.0')),
  },
  "numbers-in-the-other-form": {
    row: 29,
    description: "Numbers as strings in v2, strings as numbers in v1",
    source: "",
    kinds: energyKinds,
    answer: (context) =>
      withEnergy(context, ({ version, numbers }) => {
        for (const member of numbers) {
          member["value"] = version === 1 ? Number(member["value"]) : String(member["value"]);
        }
      }),
  },
  "number-nan": {
    row: 29,
    description: 'The string "NaN" for every number',
    source: "",
    kinds: energyKinds,
    answer: (context) => everyNumber(context, "NaN"),
  },
  "number-empty": {
    row: 29,
    description: "An empty string for every number",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyNumber(context, ""),
  },
  "number-negative": {
    row: 29,
    description: "-1 for every number",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyNumber(context, -1),
  },
  "number-overflow": {
    row: 29,
    description: "65535 for every number",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyNumber(context, 65_535),
  },
  "range-in-miles": {
    row: 49,
    description: "The range in `miles`, rounded to tens",
    source: "home-assistant/core#150213",
    kinds: energyKinds,
    answer: (context) => rangeIn(context, "miles"),
  },
  "range-in-mi": {
    row: 49,
    description: "The range in `mi`, rounded to tens",
    source: "home-assistant/core fixtures",
    kinds: energyKinds,
    answer: (context) => rangeIn(context, "mi"),
  },
} as const satisfies Record<string, Fault>;

function rangeIn(context: FaultContext, unit: string): SimulatedAnswer | undefined {
  return withEnergy(context, ({ version, members }) => {
    if (!("electricRange" in members)) return;
    members["electricRange"] = { ...(members["electricRange"] as object), value: version === 1 ? "150" : 150, unit };
  });
}
