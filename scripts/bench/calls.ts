import { dayMs, hourMs, minuteMs } from "../../src/base/clock";
import { FakeClock } from "../../test/support/fakeClock";
import { callsInWorkingDays } from "../../test/support/workingDays";
import type { Row, Section } from "./report";

interface Timer {
  readonly everyMs: number;
  readonly requests: number;
}

/**
 * All requests of Home Assistant for one electric car, day and night: the interval, and the number of requests each
 * time (components/volvo/coordinator.py of home-assistant/core; intervals from its pull request 159200).
 */
const homeAssistant: readonly Timer[] = [
  // Doors and windows.
  { everyMs: minuteMs, requests: 2 },
  // Engine status and energy state.
  { everyMs: 2 * minuteMs, requests: 2 },
  // Location, and reachability of the car.
  { everyMs: 15 * minuteMs, requests: 2 },
  // Brakes, diagnostics, engine warnings, odometer, statistics, tires, warnings.
  { everyMs: hourMs, requests: 7 },
];
/** Home Assistant's requests for the data that this product shows. */
const homeAssistantEnergy: Timer = { everyMs: 2 * minuteMs, requests: 1 };
/** Its requests per day for one car: the upper limit that the pull request states. */
const homeAssistantDay = 6_336;
const quota = 10_000;

export const calls: Section = {
  name: "calls",
  title: "How many calls does it make?",
  async measure({ log }) {
    const rows: Row[] = [];
    for (const [period, days] of [
      ["working day", 1],
      ["month (30 days)", 30],
    ] as const) {
      for (const cars of [1, 2]) {
        const energy = cars * (await callsOfTimers([homeAssistantEnergy], days));
        const all = cars * (await callsOfTimers(homeAssistant, days));
        let ofOne = 0;
        for (const windows of [1, 5]) {
          log(`${period}, ${cars} cars, ${windows} windows`);
          const ours = await callsInWorkingDays({ cars, windows, days });
          const fixed = await callsInWorkingDays({ cars, windows, days, isAlone: true });
          if (windows === 1) ofOne = ours;
          rows.push({
            figure: `${period}, ${cars} ${cars === 1 ? "car" : "cars"}, ${windows} ${windows === 1 ? "window" : "windows"}`,
            ours: String(ours),
            beside: `a timer of 5 min per window ${fixed}, Home Assistant's energy interval ${energy}, all of its intervals ${all}`,
            ...(windows > 1 && {
              bar: "as with one window, ± 2 %",
              isMet: Math.abs(ours - ofOne) <= Math.max(2, ofOne / 50),
            }),
          });
        }
      }
    }
    return {
      rows,
      notes: [
        "Simulated on a fake clock: windows are open from eight to six, Monday to Friday, and have the focus in working hours; the first car is on a DC charger for half an hour of each day. Names are asked for once a day and counted.",
        `Home Assistant runs day and night, here with electric cars; by its own account it asks for no car more than ${homeAssistantDay} times a day. Volvo's limit is ${quota} a day for one application.`,
      ],
    };
  },
};

/** Number of requests sent by fixed timers alone. */
async function callsOfTimers(timers: readonly Timer[], days: number): Promise<number> {
  const clock = new FakeClock();
  let requests = 0;
  for (const timer of timers) {
    const ask = () => {
      requests += timer.requests;
      clock.after(timer.everyMs, ask);
    };
    clock.after(timer.everyMs, ask);
  }
  await clock.advance(days * dayMs);
  return requests;
}
