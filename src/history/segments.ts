import type { HistoryContext, Row, Segment, SegmentState, Span } from "./model";
import { isGap } from "./rows";

/**
 * The segments of `range`, as far as it is not later than `now`: they follow each other without holes or overlaps. Time
 * that was not observed is drawn as that, unless the same state was seen before and after it and the car has reported
 * nothing newer; such a segment is `bridged`. Rows by time.
 */
export function segmentsOf(
  rows: readonly Row[],
  range: Span,
  { now, observedUntil }: HistoryContext,
): readonly Segment[] {
  const end = Math.min(range.to, now);
  const segments: Segment[] = [];
  let at = range.from;
  /** Adds the segment from where the last one ends to `to`. */
  const add = (to: number, state: SegmentState, certain: boolean, bridged = false) => {
    const until = Math.min(to, end);
    if (until <= at) return;
    const last = segments.at(-1);
    const isSame = last?.state === state && last.certain === certain && (last.bridged ?? false) === bridged;
    if (isSame) segments[segments.length - 1] = { ...last, to: until };
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
    const seenUntil = Math.max(before.t, Math.min(row.p ?? before.t, row.t));
    const state = stateOf(before);
    add(seenUntil, state, true);
    if (isGap(row)) {
      const isBridged = before.c === row.c && row.p !== undefined && row.m !== undefined && row.m <= seenUntil;
      if (isBridged) add(row.t, state, false, true);
      else add(row.t, "notObserved", true);
    } else if (before.c !== row.c) {
      // The change lies somewhere in between; the report of the car, if there is one, narrows it down.
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

/** The latest moment of the change that a row tells: its report by the car where that is newer than `after`, else its own. */
export function latestChange({ m, t }: Row, after: number): number {
  return m !== undefined && m > after && m <= t ? m : t;
}

function stateOf({ c }: Row): SegmentState {
  return c === "?" ? "unknown" : c;
}

/** The index of the last row at or before `at`; -1 where there is none. */
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
