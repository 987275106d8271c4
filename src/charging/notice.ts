import { hourMs } from "../base/clock";
import { type CarEvent, eventLifeMs } from "./changes";

/** A time of day on the user's clock. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** There are cars to plug in. They are looked up when the notice is shown. */
export interface Reminder {
  /** The same in every window. */
  readonly id: string;
  readonly kind: "reminder";
  /** When it was created, ms since the epoch. */
  readonly at: number;
}

/** A reminder expires after this time if no window gets focus. */
export const reminderLifeMs = 3 * hourMs;

/** The content of a notification: an event of a car, or the reminder of the day. */
export type Notice = CarEvent | Reminder;

export type NoticeKind = Notice["kind"];

/** True if it is still worth showing at `now` (ms). */
export function isFresh(notice: Notice, now: number): boolean {
  return Math.abs(now - notice.at) < (notice.kind === "reminder" ? reminderLifeMs : eventLifeMs);
}

/** The later kinds of notice that make an earlier one outdated. */
const supersededBy: Readonly<Record<NoticeKind, readonly NoticeKind[]>> = {
  fault: [],
  connected: ["disconnected"],
  disconnected: ["connected"],
  chargingStarted: ["disconnected", "chargingInterrupted", "chargingDone"],
  chargingInterrupted: ["disconnected", "chargingStarted", "chargingDone"],
  chargingDone: ["disconnected", "chargingStarted"],
  pluggedButIdle: ["disconnected", "chargingStarted", "chargingDone"],
  batteryLevel: ["connected", "disconnected", "batteryLevel"],
  reminder: [],
};

/**
 * True if a later notice of the same car makes this one outdated, so that it is not shown any more. Of several battery
 * levels crossed at once, only the last one is shown.
 */
export function isSuperseded(notice: Notice, all: readonly Notice[]): boolean {
  if (notice.kind === "reminder") return false;
  return all.some(
    (later) =>
      later.kind !== "reminder" &&
      later.vin === notice.vin &&
      (later.at > notice.at || isFurther(later, notice)) &&
      supersededBy[notice.kind].includes(later.kind),
  );
}

function isFurther(later: Notice, notice: Notice): boolean {
  if (later.kind !== "batteryLevel" || notice.kind !== "batteryLevel" || later.at !== notice.at) return false;
  return later.direction === "up" ? later.level > notice.level : later.level < notice.level;
}
