import { isStale, type Reading } from "./reading";

/** The user's settings that decide which cars are to be plugged in. */
export interface PlugInWish {
  readonly staleAfterMs: number;
  /** Percent; a car at or above it needs no charge. */
  readonly belowLevel: number;
}

/**
 * True if the car is known to be unplugged and its battery is below the level. An unknown level, as with Energy v1, counts
 * as below. False if the reading is out of date.
 */
export function isToBePluggedIn(reading: Reading | undefined, wish: PlugInWish, now: number): boolean {
  if (reading?.connection.value.kind !== "disconnected" || isStale(reading, now, wish.staleAfterMs)) return false;
  const level = reading.details.batteryLevel?.value;
  return level === undefined || level < wish.belowLevel;
}
