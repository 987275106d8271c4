import type { HistoryView } from "./view";

/** The states in the lane, in the order of the legend. */
export const laneStates = ["ac", "dc", "in", "out", "fault", "unknown", "notObserved"] as const;
export type LaneState = (typeof laneStates)[number];

/** Limit for the points of level and power together in one message to the page. */
export const mostPoints = 5_000;
/** Limit for the rows of the table in one message to the page. */
export const rowsPerPage = 25;
export const mostSegments = 2_000;

/** A period with one state, in ms since the epoch. */
export interface LaneSegment {
  readonly from: number;
  readonly to: number;
  readonly state: LaneState;
  /** True if the state was observed from start to end. */
  readonly certain: boolean;
}

/** A value at a moment (ms since the epoch). It holds until the next one. */
export type Point = readonly [at: number, value: number];

/** Ms since the epoch. */
export type Span = readonly [from: number, to: number];

/** The points of a period without a gap in the observations. Nothing is drawn between two runs. */
export type Run = readonly Point[];

export interface LegendEntry {
  readonly state: LaneState;
  /** Shown in the lane; empty for `notObserved`. */
  readonly letter: string;
  readonly label: string;
}

/** A place on an axis. */
export interface Tick {
  /** Ms since the epoch, percent or watts. */
  readonly at: number;
  readonly label: string;
}

export interface ChartContent {
  /** Ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** A spoken summary. */
  readonly label: string;
  readonly segments: readonly LaneSegment[];
  readonly charging: readonly Span[];
  readonly chargingLabel: string;
  readonly legend: readonly LegendEntry[];
  /** Percent. */
  readonly level: readonly Run[];
  readonly levelLabel: string;
  /** Watts. */
  readonly power: readonly Run[];
  readonly powerLabel: string;
  readonly times: readonly Tick[];
  readonly levels: readonly Tick[];
  /** The last one is the top of the axis; empty if no power is known. */
  readonly powers: readonly Tick[];
  /** The positions of the cursor with the texts to read out, in order of time. */
  readonly stops: readonly Tick[];
  /** The distance that PageUp and PageDown move the cursor (ms). */
  readonly leapMs: number;
}

export interface TableContent {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The last row; empty without sessions. */
  readonly totals: readonly string[];
  /** Sentences below the table, for example about the estimate of its energy. */
  readonly notes: readonly string[];
  /** "1 – 25 of 40"; empty if all rows fit on one page. */
  readonly pages: string;
  readonly hasNextPage: boolean;
}

/** The texts that do not depend on the view. */
export interface PageWords {
  readonly title: string;
  readonly car: string;
  readonly range: string;
  readonly day: string;
  readonly week: string;
  readonly month: string;
  readonly previous: string;
  readonly today: string;
  readonly next: string;
  readonly chartHelp: string;
  readonly previousPage: string;
  readonly nextPage: string;
}

/** The whole content of the page. All texts are in VS Code's language. */
export interface PageContent {
  readonly kind: "content";
  readonly words: PageWords;
  readonly view: HistoryView;
  readonly cars: readonly { readonly key: string; readonly name: string }[];
  /** "Nov 23 – 29, 2026". */
  readonly range: string;
  /** True if the history begins before the range. */
  readonly hasEarlier: boolean;
  /** True if the range ends before the present. */
  readonly hasLater: boolean;
  /** Explains an empty page, or names the start of the history. */
  readonly notice: string;
  /** The button beside the notice; empty for none. */
  readonly noticeAction: string;
  readonly chart: ChartContent | undefined;
  readonly table: TableContent | undefined;
}

/** The number of points in `runs`. */
export function pointsOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.length, 0);
}
