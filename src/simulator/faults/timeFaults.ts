import { dayMs, hourMs, minuteMs } from "../../base/clock";
import { withEnergy } from "./energyAlteration";
import { wireTime } from "../energyState";
import { energyKinds, type Fault } from "./fault";

const missingTimeSource = "home-assistant/core fixtures";

/** The new text of a member's time, given the true time and now (ms since the epoch); `undefined` removes the time. */
type TimeChange = (timeMs: number, nowMs: number, index: number) => string | null | undefined;

/** A fault of row 44 that changes the time of every member. */
function timeFault(description: string, source: string, change: TimeChange) {
  return { ...timeChange(change), row: 44, description, source } as const;
}

function timeChange(change: TimeChange): Pick<Fault, "kinds" | "answer"> {
  return {
    kinds: energyKinds,
    answer: (context) =>
      withEnergy(context, ({ measured, timeName }) => {
        measured.forEach((member, index) => {
          member[timeName] = change(Date.parse(String(member[timeName])), context.nowMs, index);
        });
      }),
  };
}

/** The time with `digits` fractional digits of a second, the first nonzero. */
function withFraction(timeMs: number, digits: number, zone: string): string {
  return `${wireTime(timeMs).slice(0, 19)}.${"5100193".slice(0, digits)}${zone}`;
}

/** Malformed times in an Energy answer, and valid ones that are old. */
export const timeFaults = {
  "time-missing": timeFault("No time in any member", missingTimeSource, () => undefined),
  "time-null": timeFault("An explicit null for every time", "home-assistant/core#179741", () => null),
  "time-empty": timeFault("An empty string for every time", missingTimeSource, () => ""),
  "time-with-milliseconds": timeFault("Three digits of fraction", "thomasddn/ha-volvo-cars#29", (time) =>
    withFraction(time, 3, "Z"),
  ),
  "time-with-microseconds": timeFault("Six digits of fraction", "home-assistant/core#179741", (time) =>
    withFraction(time, 6, "Z"),
  ),
  "time-as-specified": timeFault(
    "Seven digits of fraction and an offset",
    "Volvo Energy API v2 specification",
    (time) => withFraction(time, 7, "+00:00"),
  ),
  "time-with-offset": timeFault(
    "The same moment with the offset +02:00",
    "",
    (time) => `${wireTime(time + 2 * hourMs).slice(0, 19)}+02:00`,
  ),
  "time-in-the-future": timeFault("Measured three days in the future", "", (_, now) => wireTime(now + 3 * dayMs)),
  "time-slightly-in-the-future": timeFault("Measured four minutes in the future: the clocks differ", "", (_, now) =>
    wireTime(now + 4 * minuteMs),
  ),
  "time-of-1970": timeFault("Measured at the epoch", "", () => wireTime(0)),
  "time-invalid": timeFault("An invalid time", "", () => "2026-02-30T25:61:00Z"),
  "time-goes-backwards": timeFault("Measured an hour before the true time", "", (time) => wireTime(time - hourMs)),
  "members-of-different-ages": {
    ...timeChange((time, _, index) => wireTime(time - (index + 1) * 5 * hourMs)),
    row: 46,
    description: "Each member five hours older than the one before",
    source: "home-assistant/core#179741",
  },
  "stale-for-days": {
    ...timeChange((_, now) => wireTime(now - 3 * dayMs)),
    row: 47,
    description: "Everything measured three days ago: the car sleeps or has no coverage",
    source: "evcc-io/evcc#22896",
  },
} as const satisfies Record<string, Fault>;
