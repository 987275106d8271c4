import type { Tick } from "./content";

/**
 * The new stop of the chart's cursor after a key press; `undefined` for a key that does not move it. Arrow keys move to
 * the next stop, PageUp and PageDown by `leapMs`. Without a cursor (`index` is `undefined`), Home moves to the first
 * stop and all other keys to the last, the newest.
 */
export function movedBy(
  key: string,
  index: number | undefined,
  stops: readonly Tick[],
  leapMs: number,
): number | undefined {
  const last = stops.length - 1;
  const leap = (current: number, by: number) => stopAt(stops, (stops[current]?.at ?? 0) + by) ?? current;
  const to = (target: (current: number) => number) =>
    last < 0 ? undefined : index === undefined ? last : Math.min(Math.max(target(index), 0), last);
  switch (key) {
    case "ArrowLeft":
      return to((current) => current - 1);
    case "ArrowRight":
      return to((current) => current + 1);
    case "PageUp":
      return to((current) => Math.min(leap(current, -leapMs), current - 1));
    case "PageDown":
      return to((current) => Math.max(leap(current, leapMs), current + 1));
    case "Home":
      return last < 0 ? undefined : 0;
    case "End":
      return last < 0 ? undefined : last;
    default:
      return undefined;
  }
}

/** The last stop at or before `at`, or else the first; `undefined` without stops. `stops` are in order of time. */
export function stopAt(stops: readonly Tick[], at: number): number | undefined {
  if (stops.length === 0) return undefined;
  let [low, high] = [0, stops.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((stops[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
