import { dayMs, minuteMs } from "../base/clock";
import type { CarHistory, MomentRange, Session } from "../history/model";
import { isoText } from "../present/times";

/**
 * A moment between two times (ISO 8601 in UTC). `earliest` is absent if it is unknown, or so close to `latest` that
 * `latest` alone is exact enough.
 */
interface MomentStatus {
  readonly earliest?: string;
  readonly latest: string;
}

/** A charging session for other programs, from plugging in to unplugging. */
export interface SessionStatus {
  /** The id of the vehicle. */
  readonly vehicle: string;
  readonly start: MomentStatus;
  /** Absent while the vehicle is plugged in. */
  readonly end?: MomentStatus;
  readonly lastSeenAt: string;
  readonly charger: Session["charger"];
  readonly chargedMinutes: number;
  /** Percent. */
  readonly levelFrom?: number;
  readonly levelTo?: number;
  /** Estimated, not for billing. */
  readonly energy?: { readonly kwh: number; readonly method: "level" | "power"; readonly estimated: true };
  readonly targetReached: boolean;
  /** The battery level had fallen while the vehicle was not observed, so it was probably unplugged in between. */
  readonly probablyUnpluggedBefore?: true;
}

/** The sessions of all `cars` in the last `days` before `now` (ms since the epoch), newest first. */
export function sessionStatuses(
  cars: readonly Pick<CarHistory, "id" | "sessions">[],
  days: number,
  now: number,
): readonly SessionStatus[] {
  return cars
    .flatMap(({ id, sessions }) => sessions.map((session) => ({ id, session })))
    .filter(({ session }) => session.lastSeenAt >= now - days * dayMs)
    .sort((a, b) => b.session.lastSeenAt - a.session.lastSeenAt)
    .map(({ id, session }) => sessionStatus(id, session));
}

function sessionStatus(vehicle: string, session: Session): SessionStatus {
  const { start, end, lastSeenAt, charger, chargedMs, levelFrom, levelTo, energy } = session;
  return {
    vehicle,
    start: momentStatus(start),
    ...(end && { end: momentStatus(end) }),
    lastSeenAt: isoText(lastSeenAt),
    charger,
    chargedMinutes: Math.round(chargedMs / minuteMs),
    ...(levelFrom !== undefined && { levelFrom }),
    ...(levelTo !== undefined && { levelTo }),
    ...(energy && { energy: { kwh: Math.round(energy.kwh * 10) / 10, method: energy.method, estimated: true } }),
    targetReached: session.isTargetReached,
    ...(session.isAfterUnseenUnplug && { probablyUnpluggedBefore: true }),
  };
}

function momentStatus({ earliest, latest, isOneTime }: MomentRange): MomentStatus {
  return { ...(earliest !== undefined && !isOneTime && { earliest: isoText(earliest) }), latest: isoText(latest) };
}
