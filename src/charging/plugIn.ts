import { isStale, type Reading } from "./reading";

/** Which cars are to be plugged in, by the user's wish. */
export interface PlugInWish {
  readonly staleAfterMs: number;
  /** Percent; a car at or above it needs no charge. */
  readonly belowLevel: number;
}

/**
 * Whether the car is known to be unplugged with a battery below the level. One whose level is not known, as with Energy
 * v1, counts as below; one whose reading is out of date is left alone.
 */
export function isToBePluggedIn(reading: Reading | undefined, wish: PlugInWish, now: number): boolean {
  if (reading?.connection.value.kind !== "disconnected" || isStale(reading, now, wish.staleAfterMs)) return false;
  const level = reading.details.batteryLevel?.value;
  return level === undefined || level < wish.belowLevel;
}
