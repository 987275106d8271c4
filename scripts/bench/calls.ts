import { dayMs, minuteMs } from "../../src/base/clock";
import { callsInWorkingDays } from "../../test/support/workingDays";
import type { Row, Section } from "./report";

/** What Home Assistant asks for one car's energy: every two minutes (home-assistant/core#159200), day and night. */
const homeAssistantMs = 2 * minuteMs;
/** All that it asks for, as stated there. */
const homeAssistantDay = 6_336;
const quota = 10_000;

export const calls: Section = {
  name: "calls",
  title: "Calls to Volvo",
  async measure({ log }) {
    const rows: Row[] = [];
    for (const [period, days] of [
      ["working day", 1],
      ["month (30 days)", 30],
    ] as const) {
      for (const cars of [1, 2]) {
        const homeAssistant = (days * cars * dayMs) / homeAssistantMs;
        let ofOne = 0;
        for (const windows of [1, 5]) {
          log(`${period}, ${cars} cars, ${windows} windows`);
          const ours = await callsInWorkingDays({ cars, windows, days });
          const fixed = await callsInWorkingDays({ cars, windows, days, isAlone: true });
          if (windows === 1) ofOne = ours;
          rows.push({
            figure: `${period}, ${cars} ${cars === 1 ? "car" : "cars"}, ${windows} ${windows === 1 ? "window" : "windows"}`,
            ours: String(ours),
            beside: `a timer of 5 min per window ${fixed}, Home Assistant's energy interval ${homeAssistant}`,
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
        `Home Assistant runs day and night; with all it asks for it stays below ${homeAssistantDay} a day by its own account. Volvo's limit is ${quota} a day for one application.`,
      ],
    };
  },
};
