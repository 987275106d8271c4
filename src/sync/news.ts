import { type CarEvent, eventLifeMs } from "./carEvents";
import { type Reminder, reminderLifeMs } from "./reminderTime";

/** What the user may be told: something that happened to a car, or the reminder of the day. */
export type News = CarEvent | Reminder;

export type NewsKind = News["kind"];

/** Whether it is still worth telling at `now` (ms). */
export function isFresh(news: News, now: number): boolean {
  return Math.abs(now - news.at) < (news.kind === "reminder" ? reminderLifeMs : eventLifeMs);
}

/** What makes news of a kind untrue when it comes later. */
const endsWith: Readonly<Record<NewsKind, readonly NewsKind[]>> = {
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

/** Whether later news of the same car make these untrue, so that somebody who comes only now is not told. */
export function isSuperseded(news: News, all: readonly News[]): boolean {
  if (news.kind === "reminder") return false;
  return all.some(
    (later) =>
      later.kind !== "reminder" &&
      later.vin === news.vin &&
      later.at > news.at &&
      endsWith[news.kind].includes(later.kind),
  );
}
