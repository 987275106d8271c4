import { t } from "@vscode/l10n";
import type { CarHistory, PanelCar, Segment, SegmentState, Span } from "../history/model";
import { pointsOf } from "../history/points";
import { segmentsOf } from "../history/segments";
import {
  type ChartContent,
  type LaneState,
  laneStates,
  type LegendEntry,
  mostSegments,
  type PageContent,
  type PageWords,
  type Run,
  type Tick,
} from "../historyPage/content";
import type { HistoryView } from "../historyPage/view";
import { cursorSteps, type HistoryRange, timeTicks } from "./historyRange";
import { pointLimit, runsOf, valueAt } from "./historyRuns";
import { historyTable } from "./historyTable";
import { countText, kilowattText, percentText } from "./numbers";
import { durationText, weekdayTimeText } from "./historyTimes";
import { dayText, type Locale } from "./times";

/** The data that the panel shows, before it is put into words. */
export interface HistoryInputs {
  /** Its `car` is the key of the shown car. */
  readonly view: HistoryView;
  readonly range: HistoryRange;
  /** All cars, in the order of the settings. */
  readonly cars: PageContent["cars"];
  /** The shown car with the part of its history in {@link range}; `undefined` if there is no car. */
  readonly car: PanelCar | undefined;
  /** The setting `history.enabled`. */
  readonly isKept: boolean;
  readonly isDemo: boolean;
  /** Ms since the epoch. */
  readonly now: number;
  readonly locale: Locale;
}

/** The part of a car's history that lies in `range`, until `now`. */
export function panelCar(history: CarHistory, name: string, range: Span, now: number): PanelCar {
  const { id, rows, sessions, keptSince, observedUntil, newerMonths } = history;
  const context = { now, ...(observedUntil !== undefined && { observedUntil }) };
  return {
    ...{ id, name, sessions, newerMonths, ...(keptSince !== undefined && { keptSince }) },
    segments: segmentsOf(rows, range, context),
    points: pointsOf(rows, range, pointLimit),
  };
}

/** The content of the panel's page. */
export function historyContent(inputs: HistoryInputs): PageContent {
  const { range, cars, car, now, locale } = inputs;
  // The current range is not tied to a time, so that it moves on with the clock.
  const at = range.isPresent ? undefined : inputs.view.at;
  const table = car?.keptSince === undefined ? undefined : historyTable(car.sessions, range, inputs.view.page, locale);
  const view = { ...inputs.view, at, page: table?.page ?? 0 };
  return {
    kind: "content",
    words: words(),
    view,
    cars,
    range: range.title,
    hasEarlier: car?.keptSince !== undefined && car.keptSince < range.from,
    hasLater: range.to <= now,
    notice: notices(inputs).join(" "),
    noticeAction: inputs.isKept ? "" : t("Open Settings"),
    chart: car && table ? chartContent(car, inputs, table.count) : undefined,
    table,
  };
}

function words(): PageWords {
  return {
    title: t("Charging History"),
    car: t("Car"),
    range: t("Time range"),
    day: t("Day"),
    week: t("Week"),
    month: t("Month"),
    previous: t("Earlier"),
    today: t("Today"),
    next: t("Later"),
    chartHelp: t(
      "Arrow keys move through time, Page Up and Page Down in larger steps, Home and End to the start and the end.",
    ),
    previousPage: t("Previous Page"),
    nextPage: t("Next Page"),
  };
}

function notices({ car, isKept, isDemo, locale }: HistoryInputs): readonly string[] {
  const kept = car?.keptSince;
  return [
    ...(isDemo ? [t("Demo: these cars are simulated.")] : []),
    ...(isKept ? [] : [t("History is off. Nothing is recorded.")]),
    ...(car ? [] : [t("There is no car yet.")]),
    ...(car && kept === undefined && isKept && car.newerMonths.length === 0
      ? [t("Nothing has been recorded yet. From now on, history is kept while VS Code is open.")]
      : []),
    ...(kept === undefined ? [] : [t("The history starts on {0}.", dayText(kept, locale))]),
    ...(car && car.newerMonths.length > 0
      ? [t("Recorded by a newer version, and not shown: {0}. Reload the window.", car.newerMonths.join(", "))]
      : []),
  ];
}

function chartContent(car: PanelCar, inputs: HistoryInputs, sessions: number): ChartContent {
  const { range, locale, view, now } = inputs;
  const { segments, points } = car;
  const level = runsOf(points, segments, range, (point) => point.level);
  const power = runsOf(points, segments, range, (point) => point.power);
  const { leapMs } = cursorSteps[view.unit];
  const lane = longest(segments);
  const charging = car.sessions.flatMap(({ phases }) =>
    phases.filter(({ from, to }) => from < range.to && to > range.from),
  );
  return {
    ...{ from: range.from, to: range.to, leapMs },
    label: [car.name, range.title, ...shares(segments), t("Charging sessions: {0}", countText(sessions, locale))].join(
      ". ",
    ),
    segments: lane.map(({ from, to, state, certain }) => ({ from, to, state, certain })),
    charging: charging.map(({ from, to }) => [Math.max(from, range.from), Math.min(to, range.to)]),
    chargingLabel: t("Charging"),
    legend: laneStates.filter((state) => segments.some((segment) => segment.state === state)).map(legendEntry),
    ...{ level, power },
    levelLabel: t("Battery level"),
    powerLabel: t("Power"),
    times: timeTicks(range, view.unit, locale),
    levels: [0, 50, 100].map((at) => ({ at, label: percentText(at, locale) })),
    powers: powerTicks(power, locale),
    stops: stopsOf({ segments: lane, level, power, charging }, inputs, Math.min(now, range.to)),
  };
}

function stateWord(state: SegmentState): string {
  switch (state) {
    case "ac":
      return t("AC");
    case "dc":
      return t("DC");
    case "in":
      return t("Plugged in");
    case "out":
      return t("Unplugged");
    case "fault":
      return t("Fault");
    case "unknown":
      return t("Unknown");
    case "notObserved":
      return t("Not observed");
  }
}

/** The letter that the lane shows beside the pattern; empty for time that was not observed. */
function letterOf(state: LaneState): string {
  switch (state) {
    case "ac":
      return t("AC");
    case "dc":
      return t("DC");
    case "in":
      return t({ message: "P", comment: ["One letter in the chart: plugged in"] });
    case "out":
      return t({ message: "U", comment: ["One letter in the chart: unplugged"] });
    case "fault":
      return "!";
    case "unknown":
      return "?";
    case "notObserved":
      return "";
  }
}

/** "AC for 31 h 5 min", for each state that lasted a minute or more of the range. */
function shares(segments: readonly Segment[]): readonly string[] {
  return laneStates.flatMap((state) => {
    const sum = segments.reduce((total, { state: own, from, to }) => total + (own === state ? to - from : 0), 0);
    const duration = durationText(sum);
    return duration === undefined ? [] : [t("{0} for {1}", stateWord(state), duration)];
  });
}

/** All of `segments`, or the longest if the page accepts no more. The others are left empty in the chart. */
function longest(segments: readonly Segment[]): readonly Segment[] {
  if (segments.length <= mostSegments) return segments;
  const length = ({ from, to }: Segment) => to - from;
  const kept = new Set([...segments].sort((a, b) => length(b) - length(a)).slice(0, mostSegments));
  return segments.filter((segment) => kept.has(segment));
}

const kilowatt = 1_000;
const axisTops = [2, 4, 8, 12, 24, 50, 100, 150, 200, 250, 300, 400, 600, 1_000].map((amount) => amount * kilowatt);

/** Empty if no power was reported. */
function powerTicks(power: readonly Run[], locale: Locale): readonly Tick[] {
  const most = power.reduce((top, run) => run.reduce((found, [, watts]) => Math.max(found, watts), top), 0);
  if (most <= 0) return [];
  const top = axisTops.find((candidate) => candidate >= most) ?? most;
  return [0, top / 2, top].map((at) => ({ at, label: kilowattText(at, locale) }));
}

interface Drawn {
  readonly segments: readonly Segment[];
  readonly level: readonly Run[];
  readonly power: readonly Run[];
  readonly charging: readonly Span[];
}

/** The stops of the cursor: regular times before `end` (ms since the epoch), and the changes of the state. */
function stopsOf(drawn: Drawn, { range, view, locale }: HistoryInputs, end: number): readonly Tick[] {
  const times = new Set(drawn.segments.map(({ from }) => from));
  for (let at = range.from; at < end; at += cursorSteps[view.unit].stepMs) times.add(at);
  let index = 0;
  return [...times]
    .sort((a, b) => a - b)
    .map((at) => {
      while (index < drawn.segments.length && (drawn.segments[index]?.to ?? 0) <= at) index++;
      const segment = drawn.segments[index];
      return { at, label: stopText(at, segment && segment.from <= at ? segment : undefined, drawn, locale) };
    });
}

function stopText(at: number, segment: Segment | undefined, { level, power, charging }: Drawn, locale: Locale): string {
  const [percent, watts] = [valueAt(level, at), valueAt(power, at)];
  const isCharging = charging.some(({ from, to }) => from <= at && at < to);
  return [
    weekdayTimeText(at, locale),
    ...(segment ? [segmentText(segment, locale)] : []),
    ...(isCharging ? [t("Charging")] : []),
    ...(percent === undefined ? [] : [percentText(percent, locale)]),
    ...(watts === undefined || watts <= 0 ? [] : [kilowattText(watts, locale)]),
  ].join(" · ");
}

function segmentText({ from, to, state, certain, bridged }: Segment, locale: Locale): string {
  const word = stateWord(state);
  const times = [weekdayTimeText(from, locale), weekdayTimeText(to, locale)] as const;
  if (state === "notObserved") return t("Not observed from {0} to {1}", ...times);
  if (bridged) return t("{0}, seen before and after", word);
  return certain ? word : t("{0}, until some time between {1} and {2}", word, ...times);
}

function legendEntry(state: LaneState): LegendEntry {
  return { state, letter: letterOf(state), label: stateWord(state) };
}
