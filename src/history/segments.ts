import type { HistoryContext, Row, Segment, SegmentState, Span } from "./model";
import { isGap, stateSeenUntil } from "./rows";

/**
 * The segments of `range` up to `now`, without holes or overlaps. Time that was not observed becomes a segment of its own.
 * If the same state was seen before and after it, and the car has reported nothing newer, the segment has that state and
 * is `bridged`. `rows` are sorted by time.
 */
export function segmentsOf(
  rows: readonly Row[],
  range: Span,
  { now, observedUntil }: HistoryContext,
): readonly Segment[] {
  const end = Math.min(range.to, now);
  const segments: Segment[] = [];
  let at = range.from;
  /** Adds the segment from the end of the last one to `to`. */
  const add = (to: number, state: SegmentState, certain: boolean, bridged = false) => {
    const until = Math.min(to, end);
    if (until <= at) return;
    const last = segments.at(-1);
    const isContinued = last?.state === state && last.certain === certain && (last.bridged ?? false) === bridged;
    if (isContinued) segments[segments.length - 1] = { ...last, to: until };
    else segments.push({ from: at, to: until, state, certain, ...(bridged && { bridged }) });
    at = until;
  };
  const first = Math.max(0, lastBefore(rows, range.from));
  for (let index = first; at < end; index++) {
    const row = rows[index];
    if (!row) break;
    const before = rows[index - 1];
    if (!before) {
      add(row.t, "notObserved", true);
      continue;
    }
    const seenUntil = stateSeenUntil(before, row);
    const state = stateOf(before);
    add(seenUntil, state, true);
    if (isGap(row)) {
      const isBridged = before.c === row.c && row.p !== undefined && row.m !== undefined && row.m <= seenUntil;
      if (isBridged) add(row.t, state, false, true);
      else add(row.t, "notObserved", true);
    } else if (before.c !== row.c) {
      // The change lies between the two readings. If the car has reported it, the report narrows the time down.
      const changedAt = latestChange(row, seenUntil);
      add(changedAt, state, false);
      add(row.t, stateOf(row), true);
    }
  }
  const last = rows.at(-1);
  if (last) add(Math.max(last.t, observedUntil ?? last.t), stateOf(last), true);
  add(end, "notObserved", true);
  return segments;
}

/** The latest possible time of the change in a row: the car's report if it is newer than `after`, else the row's time. */
export function latestChange({ m, t }: Row, after: number): number {
  return m !== undefined && m > after && m <= t ? m : t;
}

function stateOf({ c }: Row): SegmentState {
  return c === "?" ? "unknown" : c;
}

/** The index of the last row at or before `at`; -1 if there is none. */
export function lastBefore(rows: readonly Row[], at: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.t ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
