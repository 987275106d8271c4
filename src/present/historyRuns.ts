import type { Point as HistoryPoint, Segment, Span } from "../history/model";
import { mostPoints, type Point, type Run } from "../historyPage/content";

/** The limit of drawn points. Each has a level and a power, and each of the two can end a run with an extra point. */
export const pointLimit = mostPoints / 4;

/**
 * The values of one kind in `range` as runs. A value holds until the next one, and the last one while the car was
 * observed. A run ends where the car was not observed or the value is not known. A reading at a time that was not
 * observed is a run of one point. `points` are sorted by time; `segments` are those of `range`.
 */
export function runsOf(
  points: readonly HistoryPoint[],
  segments: readonly Segment[],
  { from }: Pick<Span, "from">,
  value: (point: HistoryPoint) => number | undefined,
): readonly Run[] {
  const spans = observedSpans(segments);
  const runs: Run[] = [];
  let open: { readonly run: Point[]; readonly span: Span } | undefined;
  let next = 0;
  const close = (at: number) => {
    const last = open?.run.at(-1);
    if (open && last && last[0] < at) open.run.push([at, last[1]]);
    open = undefined;
  };
  for (const point of points) {
    const at = Math.max(point.t, from);
    while (next < spans.length && (spans[next]?.to ?? 0) <= at) next++;
    const span = spans[next];
    const isObserved = span !== undefined && span.from <= at;
    if (open && (open.span !== span || point.isBreak)) close(Math.min(open.span.to, at));
    const known = value(point);
    if (known === undefined) {
      close(at);
    } else if (!isObserved) {
      if (point.t >= from) runs.push([[at, known]]);
    } else if (open) {
      open.run.push([at, known]);
    } else {
      open = { run: [[at, known]], span };
      runs.push(open.run);
    }
  }
  if (open) close(open.span.to);
  return runs;
}

/** The time in which the car was observed. A change of state does not split a span. */
function observedSpans(segments: readonly Segment[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { from, to, state, bridged } of segments) {
    if (state === "notObserved" || bridged) continue;
    const last = spans.at(-1);
    if (last?.to === from) spans[spans.length - 1] = { from: last.from, to };
    else spans.push({ from, to });
  }
  return spans;
}

/** The value of the runs at `at`; `undefined` if it is not known. The end of a run is not part of it. */
export function valueAt(runs: readonly Run[], at: number): number | undefined {
  const run = runs.findLast(([first]) => first !== undefined && first[0] <= at);
  const [first, last] = [run?.at(0), run?.at(-1)];
  if (!run || !first || !last) return undefined;
  const isOver = run.length === 1 ? at > first[0] : at >= last[0];
  if (isOver) return undefined;
  return run.findLast(([start]) => start <= at)?.[1];
}
