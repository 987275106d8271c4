import type { ChartContent, LaneSegment, LaneState, LegendEntry, Point, Run, Tick } from "./content";
import { element, escaped, tenths } from "./markup";

/*
 * The chart as SVG. Colors, fonts and line widths are classes of page.css, since the page allows no inline style.
 *
 *   ┌ lane of states ────────────┐
 *   ├ level (%, left axis)       ┤
 *   │ and power (kW, right axis) │
 *   └ times ─────────────────────┘
 */

/** Pixels. */
const plotLeft = 52;
const rightMargin = 60;
const laneTop = 2;
const laneHeight = 26;
const chargingHeight = 4;
const plotTop = 44;
const plotHeight = 170;
const plotBottom = plotTop + plotHeight;
const letterWidth = 8;
const labelGap = 12;
const dotRadius = 2;
/** Narrower shapes are widened to this. */
const leastShapeWidth = 1.5;

export const chartHeight = plotBottom + 24;
const leastWidth = 240;

/** The distance of the time `at` (ms since the epoch) from the left end of the chart, in pixels. */
export function xOf(at: number, { from, to }: Pick<ChartContent, "from" | "to">, width: number): number {
  const inside = Math.min(Math.max(at, from), to);
  return plotLeft + ((inside - from) / (to - from)) * plotWidth(width);
}

/** The moment at a distance of `x` pixels from the left end of the chart. */
export function timeAt(x: number, { from, to }: Pick<ChartContent, "from" | "to">, width: number): number {
  const share = Math.min(Math.max((x - plotLeft) / plotWidth(width), 0), 1);
  return from + share * (to - from);
}

function plotWidth(width: number): number {
  return Math.max(width, leastWidth) - plotLeft - rightMargin;
}

/** The chart as markup, `width` pixels wide. Every text in it is escaped. */
export function chartSvg(chart: ChartContent, width: number): string {
  const full = Math.max(width, leastWidth);
  const parts = [
    patterns(),
    axes(chart, width),
    ...chart.segments.map((segment) => laneRect(segment, chart, width)),
    ...chart.charging.map(([from, to]) => {
      const x = xOf(from, chart, width);
      const wide = Math.max(xOf(to, chart, width) - x, leastShapeWidth);
      const y = laneTop + laneHeight + 2;
      return element("rect", { class: "charging", x, y, width: wide, height: chargingHeight });
    }),
    ...chart.power.map((run) => powerArea(run, chart, width)),
    ...chart.level.map((run) => levelLine(run, chart, width)),
    element("line", { class: "cursor", y1: laneTop, y2: plotBottom, visibility: "hidden" }),
  ];
  const box = `0 0 ${tenths(full)} ${chartHeight}`;
  return element(
    "svg",
    { class: "chart", viewBox: box, width: full, height: chartHeight, "aria-hidden": "true" },
    parts.join(""),
  );
}

/**
 * The legend as markup: states, lines and areas with their letters, patterns and names. Every text in it is escaped.
 */
export function legendList({ legend, ...chart }: ChartContent): string {
  const entries = legend.map((entry) => legendItem(swatch(entry), entry.label));
  const line = element("path", { class: "level", d: "M1 10H11V4H21" });
  const area = element("path", { class: "power", d: "M1 13V8H11V3H21V13Z" });
  const bar = element("rect", { class: "charging", x: 1, y: 5, width: 20, height: chargingHeight });
  if (chart.charging.length > 0) entries.push(legendItem(bar, chart.chargingLabel));
  if (chart.level.length > 0) entries.push(legendItem(line, chart.levelLabel));
  if (chart.power.length > 0) entries.push(legendItem(area, chart.powerLabel));
  return element("ul", { class: "legend" }, entries.join(""));
}

function legendItem(picture: string, label: string): string {
  const size = { viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" };
  return element("li", {}, element("svg", size, picture) + element("span", {}, escaped(label)));
}

function swatch({ state, letter }: LegendEntry): string {
  const body = stateRect(state, { x: 0.5, y: 0.5, width: 21, height: 13 });
  return body + (letter === "" ? "" : letterMark(letter, 11, 7));
}

/** One fill pattern for each state, so that states differ even without color. */
function patterns(): string {
  const path = (d: string, width = 1.5) =>
    element("path", { d, stroke: "currentColor", "stroke-width": width, fill: "none" });
  const shapes: Readonly<Partial<Record<LaneState, string>>> = {
    ac: path("M-1 1L1-1M-1 9L9-1M7 9L9 7"),
    dc: element("rect", { width: 8, height: 8, fill: "currentColor", "fill-opacity": "0.6" }),
    in: element("circle", { cx: 4, cy: 4, r: 1.5, fill: "currentColor" }),
    fault: path("M0 0L8 8M8 0L0 8"),
    unknown: path("M2 0V8M6 0V8", 1),
  };
  const all = Object.entries(shapes).map(([state, shape]) =>
    element("pattern", { id: `p-${state}`, class: state, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, shape),
  );
  return element("defs", {}, all.join(""));
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function stateRect(state: LaneState, box: Box, more = ""): string {
  const fill = state === "out" || state === "notObserved" ? "none" : `url(#p-${state})`;
  return element("rect", { class: `state ${state}${more}`, ...box, fill });
}

function laneRect(segment: LaneSegment, chart: ChartContent, width: number): string {
  const x = xOf(segment.from, chart, width);
  const wide = Math.max(xOf(segment.to, chart, width) - x, leastShapeWidth);
  const box = { x, y: laneTop, width: wide, height: laneHeight };
  const rect = stateRect(segment.state, box, segment.certain || segment.state === "notObserved" ? "" : " doubtful");
  const letter = chart.legend.find(({ state }) => state === segment.state)?.letter ?? "";
  const fits = letter !== "" && wide >= letter.length * letterWidth + 8;
  return rect + (fits ? letterMark(letter, x + wide / 2, laneTop + laneHeight / 2) : "");
}

/** A letter on a plain background, to keep it legible on a pattern. */
function letterMark(letter: string, x: number, y: number): string {
  const width = letter.length * letterWidth + 2;
  const ground = element("rect", { class: "ground", x: x - width / 2, y: y - 6, width, height: 12 });
  return ground + element("text", { class: "letter", x, y: y + 4 }, escaped(letter));
}

function axes(chart: ChartContent, width: number): string {
  const [start, end] = [plotLeft, plotLeft + plotWidth(width)];
  const lines = chart.levels.map(({ at, label }) => {
    const y = levelY(at);
    return (
      element("path", { class: "grid", d: `M${tenths(start)} ${tenths(y)}H${tenths(end)}` }) +
      element("text", { class: "label at-end", x: start - 6, y: y + 4 }, escaped(label))
    );
  });
  const powers = chart.powers.map(({ at, label }) =>
    element("text", { class: "label", x: end + 6, y: powerY(at, chart) + 4 }, escaped(label)),
  );
  return [...lines, ...powers, ...timeLabels(chart, width)].join("");
}

/** A line for each time, and labels for as many times as fit. */
function timeLabels(chart: ChartContent, width: number): readonly string[] {
  const step = labelStep(chart.times, chart, width);
  return chart.times.map(({ at, label }, index) => {
    const x = xOf(at, chart, width);
    const line = element("path", { class: "grid", d: `M${tenths(x)} ${plotTop}V${plotBottom}` });
    const isShown = index % step === 0;
    return line + (isShown ? element("text", { class: "label at-middle", x, y: plotBottom + 17 }, escaped(label)) : "");
  });
}

/** The n such that every nth label fits. */
function labelStep(times: readonly Tick[], chart: ChartContent, width: number): number {
  const [first, second] = times;
  if (!first || !second) return 1;
  const wanted = Math.max(...times.map(({ label }) => label.length)) * 7 + labelGap;
  return Math.max(1, Math.ceil(wanted / (xOf(second.at, chart, width) - xOf(first.at, chart, width))));
}

function levelY(percent: number): number {
  return plotBottom - (Math.min(Math.max(percent, 0), 100) / 100) * plotHeight;
}

function powerY(watts: number, { powers }: ChartContent): number {
  const top = powers.at(-1)?.at ?? 0;
  return plotBottom - (top > 0 ? Math.min(Math.max(watts / top, 0), 1) : 0) * plotHeight;
}

function levelLine(run: Run, chart: ChartContent, width: number): string {
  const places = run.map(([at, value]): Point => [xOf(at, chart, width), levelY(value)]);
  const [first] = places;
  if (!first) return "";
  if (isShort(places)) return element("circle", { class: "level-dot", cx: first[0], cy: first[1], r: dotRadius });
  return element("path", { class: "level", d: `M${tenths(first[0])} ${tenths(first[1])}${steps(places)}` });
}

function powerArea(run: Run, chart: ChartContent, width: number): string {
  const places = run.map(([at, value]): Point => [xOf(at, chart, width), powerY(value, chart)]);
  const [first] = places;
  if (!first || run.every(([, value]) => value === 0)) return "";
  const end = isShort(places) ? `h${leastShapeWidth}` : steps(places);
  const d = `M${tenths(first[0])} ${plotBottom}V${tenths(first[1])}${end}V${plotBottom}Z`;
  return element("path", { class: "power", d });
}

function isShort(places: readonly Point[]): boolean {
  return (places.at(-1)?.[0] ?? 0) - (places[0]?.[0] ?? 0) < leastShapeWidth;
}

/** A path of steps: each value holds until the next one, so a line runs to the right and then up or down. */
function steps(places: readonly Point[]): string {
  return places
    .slice(1)
    .map(([x, y], index) => `H${tenths(x)}${y === places[index]?.[1] ? "" : `V${tenths(y)}`}`)
    .join("");
}
