import { dayMs, hourMs, minuteMs } from "../../base/clock";
import { withEnergy } from "./energyAlteration";
import { wireTime } from "../energyState";
import { energyKinds, type Fault, type FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";

const noTime = "home-assistant/core fixtures";

/** The answer with every time mapped by `change`, which gets milliseconds since the epoch. */
function everyTime(
  context: FaultContext,
  change: (timeMs: number, index: number) => string | null | undefined,
): SimulatedAnswer | undefined {
  return withEnergy(context, ({ measured, timeName }) => {
    measured.forEach((member, index) => {
      member[timeName] = change(Date.parse(String(member[timeName])), index);
    });
  });
}

/** The time with `digits` fractional digits of a second, the first nonzero. */
function withFraction(timeMs: number, digits: number, zone: string): string {
  return `${wireTime(timeMs).slice(0, 19)}.${"5100193".slice(0, digits)}${zone}`;
}

/** Malformed times in an Energy answer, and valid ones that are old. */
export const timeFaults = {
  "time-missing": {
    row: 44,
    description: "No time in any member",
    source: noTime,
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => undefined),
  },
  "time-null": {
    row: 44,
    description: "An explicit null for every time",
    source: "home-assistant/core#179741",
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => null),
  },
  "time-empty": {
    row: 44,
    description: "An empty string for every time",
    source: noTime,
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => ""),
  },
  "time-with-milliseconds": {
    row: 44,
    description: "Three digits of fraction",
    source: "thomasddn/ha-volvo-cars#29",
    kinds: energyKinds,
    answer: (context) => everyTime(context, (time) => withFraction(time, 3, "Z")),
  },
  "time-with-microseconds": {
    row: 44,
    description: "Six digits of fraction",
    source: "home-assistant/core#179741",
    kinds: energyKinds,
    answer: (context) => everyTime(context, (time) => withFraction(time, 6, "Z")),
  },
  "time-as-specified": {
    row: 44,
    description: "Seven digits of fraction and an offset",
    source: "Volvo Energy API v2 specification",
    kinds: energyKinds,
    answer: (context) => everyTime(context, (time) => withFraction(time, 7, "+00:00")),
  },
  "time-with-offset": {
    row: 44,
    description: "The same moment in Stockholm time",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyTime(context, (time) => `${wireTime(time + 2 * hourMs).slice(0, 19)}+02:00`),
  },
  "time-in-the-future": {
    row: 44,
    description: "Measured three days in the future",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => wireTime(context.nowMs + 3 * dayMs)),
  },
  "time-slightly-in-the-future": {
    row: 44,
    description: "Measured four minutes in the future: the clocks differ",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => wireTime(context.nowMs + 4 * minuteMs)),
  },
  "time-of-1970": {
    row: 44,
    description: "Measured at the epoch",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => wireTime(0)),
  },
  "time-invalid": {
    row: 44,
    description: "An invalid time",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => "2026-02-30T25:61:00Z"),
  },
  "time-goes-backwards": {
    row: 44,
    description: "Measured an hour before the true time",
    source: "",
    kinds: energyKinds,
    answer: (context) => everyTime(context, (time) => wireTime(time - hourMs)),
  },
  "members-of-different-ages": {
    row: 46,
    description: "Each member five hours older than the one before",
    source: "home-assistant/core#179741",
    kinds: energyKinds,
    answer: (context) => everyTime(context, (time, index) => wireTime(time - (index + 1) * 5 * hourMs)),
  },
  "stale-for-days": {
    row: 47,
    description: "Everything measured three days ago: the car sleeps or has no coverage",
    source: "evcc-io/evcc#22896",
    kinds: energyKinds,
    answer: (context) => everyTime(context, () => wireTime(context.nowMs - 3 * dayMs)),
  },
} as const satisfies Record<string, Fault>;
