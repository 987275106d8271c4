import { type Guard, isTime, maybe, oneOf, shapeOf } from "./guards";

export const rangeUnits = ["day", "week", "month"] as const;
export type RangeUnit = (typeof rangeUnits)[number];

/** The selection in the panel. VS Code stores it across a reload of the window, so it names the car by its key. */
export interface HistoryView {
  /** The key of the car; `undefined` for the car in the status bar. */
  readonly car: string | undefined;
  readonly unit: RangeUnit;
  /**
   * A moment within the range, and within the last day of a week (ms since the epoch). `undefined` for the present
   * range, which changes as time passes.
   */
  readonly at: number | undefined;
  /** The page of the table, from 0. */
  readonly page: number;
}

export const firstView: HistoryView = { car: undefined, unit: "week", at: undefined, page: 0 };

const earliest = Date.UTC(2015, 0, 1);
const latest = Date.UTC(2200, 0, 1);
const mostPages = 1_000;

export const isKey = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
const isMoment = (value: unknown): value is number => isTime(value) && value >= earliest && value < latest;
const isPage = (value: unknown): value is number => isTime(value) && value >= 0 && value < mostPages;

export const isHistoryView: Guard<HistoryView> = shapeOf<HistoryView>({
  car: maybe(isKey),
  unit: oneOf(rangeUnits),
  at: maybe(isMoment),
  page: isPage,
});

/** The view that VS Code has stored for a window; {@link firstView} if it is damaged or from another version. */
export function keptView(value: unknown): HistoryView {
  if (!isHistoryView(value)) return firstView;
  // Drops further members.
  const { car, unit, at, page } = value;
  return { car, unit, at, page };
}
