import { dayMs, hourMs } from "../../../src/base/clock";
import type { ChartContent, PageContent } from "../../../src/historyPage/content";
import { firstView } from "../../../src/historyPage/view";

const start = Date.UTC(2026, 10, 27);
const at = (hours: number) => start + hours * hourMs;

/** A day with each state, a night that was not observed, and a charge. */
export const chart: ChartContent = {
  from: start,
  to: start + dayMs,
  label: "EX30",
  leapMs: 3 * hourMs,
  segments: [
    { from: at(0), to: at(1), state: "dc", certain: true },
    { from: at(1), to: at(2), state: "fault", certain: true },
    { from: at(2), to: at(3), state: "unknown", certain: true },
    { from: at(3), to: at(4), state: "in", certain: true },
    { from: at(4), to: at(8), state: "notObserved", certain: true },
    { from: at(8), to: at(8.05), state: "out", certain: false },
    { from: at(8.05), to: at(18), state: "out", certain: true },
    { from: at(18), to: at(24), state: "ac", certain: true },
  ],
  charging: [[at(18), at(20)]],
  chargingLabel: "Charging",
  legend: [
    { state: "ac", letter: "AC", label: "AC" },
    { state: "dc", letter: "DC", label: "DC" },
    { state: "in", letter: "P", label: "Plugged in" },
    { state: "out", letter: "U", label: "Unplugged" },
    { state: "fault", letter: "!", label: "Fault" },
    { state: "unknown", letter: "?", label: "Unknown" },
    { state: "notObserved", letter: "", label: "Not observed" },
  ],
  level: [
    [
      [at(0), 90],
      [at(4), 90],
    ],
    [[at(6), 85]],
    [
      [at(8), 80],
      [at(18), 41],
      [at(19), 60],
      [at(20), 80],
      [at(24), 80],
    ],
  ],
  levelLabel: "Battery level",
  power: [
    [
      [at(8), 0],
      [at(18), 11_000],
      [at(20), 0],
      [at(24), 0],
    ],
  ],
  powerLabel: "Power",
  times: [0, 3, 6, 9, 12, 15, 18, 21].map((hours) => ({ at: at(hours), label: `${hours}:00` })),
  levels: [0, 50, 100].map((level) => ({ at: level, label: `${level} %` })),
  powers: [0, 6_000, 12_000].map((watts) => ({ at: watts, label: `${watts / 1000} kW` })),
  stops: [0, 6, 12, 18].map((hours) => ({ at: at(hours), label: `at ${hours}` })),
};

export const content: PageContent = {
  kind: "content",
  words: {
    ...{ title: "Charging History", car: "Car", range: "Time range", day: "Day", week: "Week", month: "Month" },
    ...{ previous: "Earlier", today: "Today", next: "Later", chartHelp: "Keys", previousPage: "Back", nextPage: "On" },
  },
  view: firstView,
  cars: [{ key: "0123456789abcdef", name: "EX30" }],
  range: "November 27, 2026",
  ...{ hasEarlier: true, hasLater: false },
  ...{ notice: "", noticeAction: "", chart },
  table: {
    caption: "Charging sessions",
    columns: ["Plugged in", "Battery"],
    rows: [["Fri 18:10", "41 → 80 %"]],
    totals: ["Total: 1", ""],
    ...{ notes: [], pages: "", hasNextPage: false },
  },
};
