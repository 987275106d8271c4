import {
  type ChartContent,
  type LaneSegment,
  laneStates,
  type LegendEntry,
  mostPoints,
  mostSegments,
  type PageContent,
  type PageWords,
  type Point,
  pointsOf,
  rowsPerPage,
  type Span,
  type TableContent,
  type Tick,
} from "./content";
import { isFlag, isNumber, isText, isTime, listOf, maybe, oneOf, shapeOf } from "./guards";
import { isHistoryView } from "./view";

const mostStops = mostSegments + 500;
const mostLabels = 100;
const mostCars = 100;
const mostCells = 12;

const isTick = shapeOf<Tick>({ at: isNumber, label: isText });
const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && isTime(value[0]) && isNumber(value[1]);
const isSpan = (value: unknown): value is Span => isPoint(value) && isTime(value[1]);
const isRuns = listOf(listOf(isPoint, mostPoints), mostPoints);

const isChart = shapeOf<ChartContent>({
  from: isTime,
  to: isTime,
  label: isText,
  segments: listOf(
    shapeOf<LaneSegment>({ from: isTime, to: isTime, state: oneOf(laneStates), certain: isFlag }),
    mostSegments,
  ),
  charging: listOf(isSpan, mostSegments),
  chargingLabel: isText,
  legend: listOf(shapeOf<LegendEntry>({ state: oneOf(laneStates), letter: isText, label: isText }), laneStates.length),
  level: isRuns,
  levelLabel: isText,
  power: isRuns,
  powerLabel: isText,
  times: listOf(isTick, mostLabels),
  levels: listOf(isTick, mostLabels),
  powers: listOf(isTick, mostLabels),
  stops: listOf(isTick, mostStops),
  leapMs: isNumber,
});

const isTable = shapeOf<TableContent>({
  caption: isText,
  columns: listOf(isText, mostCells),
  rows: listOf(listOf(isText, mostCells), rowsPerPage),
  totals: listOf(isText, mostCells),
  notes: listOf(isText, mostCells),
  pages: isText,
  hasNextPage: isFlag,
});

const isWords = shapeOf<PageWords>({
  title: isText,
  car: isText,
  range: isText,
  day: isText,
  week: isText,
  month: isText,
  previous: isText,
  today: isText,
  next: isText,
  chartHelp: isText,
  previousPage: isText,
  nextPage: isText,
});

const isContent = shapeOf<PageContent>({
  kind: oneOf(["content"]),
  words: isWords,
  view: isHistoryView,
  cars: listOf(shapeOf<PageContent["cars"][number]>({ key: isText, name: isText }), mostCars),
  range: isText,
  hasEarlier: isFlag,
  hasLater: isFlag,
  notice: isText,
  noticeAction: isText,
  chart: maybe(isChart),
  table: maybe(isTable),
});

/** The content in a message from the extension; `undefined` for any other message. */
export function parseContent(message: unknown): PageContent | undefined {
  if (!isContent(message)) return undefined;
  const { chart } = message;
  if (chart && (chart.to <= chart.from || pointsOf(chart.level) + pointsOf(chart.power) > mostPoints)) return undefined;
  return message;
}
