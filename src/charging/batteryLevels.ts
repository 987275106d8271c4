/** Levels count upwards while a car is plugged in, and downwards while it is not. */
export type LevelDirection = "up" | "down";

/** The highest level of this plug-in, or the lowest since the car was unplugged, in whole percent as shown. */
export interface LevelMark {
  readonly direction: LevelDirection;
  readonly furthest: number;
  readonly last: number;
}

/** The mark after a reading of `level` percent. */
export function followLevel(before: LevelMark | undefined, direction: LevelDirection, level: number): LevelMark {
  const last = Math.round(level);
  if (before?.direction !== direction) return { direction, furthest: last, last };
  const furthest = direction === "up" ? Math.max(before.furthest, last) : Math.min(before.furthest, last);
  return { direction, furthest, last };
}

/**
 * The level of `levels` that was crossed between two marks; the last one of several. If the direction has changed
 * between them, the crossing starts at the last reading.
 */
export function crossedLevel(levels: readonly number[], before: LevelMark, after: LevelMark): number | undefined {
  const from = before.direction === after.direction ? before.furthest : before.last;
  const to = after.last;
  const crossed =
    after.direction === "up"
      ? levels.filter((level) => from < level && level <= to)
      : levels.filter((level) => to <= level && level < from);
  if (crossed.length === 0) return undefined;
  return after.direction === "up" ? Math.max(...crossed) : Math.min(...crossed);
}
