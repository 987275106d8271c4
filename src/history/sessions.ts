import { dayMs, hourMs, minuteMs } from "../base/clock";
import type { RowConnection } from "../charging/recorded";
import type { ChargeRecord } from "../charging/reading";
import { type ChargeValues, followPluggedIn, isReached } from "../charging/targetReached";
import { energyOf } from "./energy";
import type { ChargePhase, HistoryContext, MomentRange, Row, Session, Span } from "./model";
import { isGap } from "./rows";
import { latestChange } from "./segments";

/** A shorter range is one time: two readings of the usual interval lie closer together. */
const oneTimeMs = 30 * minuteMs;
/** A parked car loses no more than this in a gap: a few points, and one more each day. */
const lostPoints = 3;
/** Without levels a car may have been away in a longer gap. */
const seenAgainMs = 6 * hourMs;
/** A pause of charging that is shorter belongs to the phase. */
const pauseMs = 15 * minuteMs;

/** A session as it grows. */
interface Open {
  readonly start: MomentRange;
  readonly isAfterUnseenUnplug: boolean;
  readonly rows: Row[];
  readonly seenAgain: Span[];
  charger: Session["charger"];
  lastSeenAt: number;
  /** The last level that was known, percent. */
  level: number | undefined;
  isDischarging: boolean;
}

/**
 * The sessions in `rows`, by time: from plugged in to unplugged. Neither an unknown connection, a fault, a failed check
 * nor time that was not observed opens or closes one; only a level that has fallen across a gap tells of an unplugging
 * that was not seen.
 */
export function sessionsOf(rows: readonly Row[], context: HistoryContext): readonly Session[] {
  const sessions: Session[] = [];
  let open: Open | undefined;
  /** The last time at which the car was known to be out, or in before an unseen unplugging. */
  let outAt: number | undefined;
  let isUnseen = false;

  const close = (end: MomentRange, isBeforeUnseenUnplug: boolean) => {
    if (open) sessions.push(finished(open, context, end, isBeforeUnseenUnplug));
    open = undefined;
  };
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const seenUntil = before && Math.max(before.t, Math.min(row.p ?? before.t, row.t));
    if (before && seenUntil !== undefined) {
      if (open && isIn(before.c)) open.lastSeenAt = seenUntil;
      if (isOut(before)) outAt = seenUntil;
    }
    const changedAt = latestChange(row, seenUntil ?? -Infinity);
    if (isOut(row)) {
      if (open) close(range(open.lastSeenAt, changedAt, seenUntil, row), false);
      outAt = row.t;
      isUnseen = false;
      return;
    }
    if (open && seenUntil !== undefined && isGap(row)) {
      const kind = acrossGap(open, row, row.t - seenUntil);
      if (kind === "unplugged") {
        outAt = open.lastSeenAt;
        isUnseen = true;
        close({ earliest: open.lastSeenAt, latest: row.t, isOneTime: row.t - open.lastSeenAt <= oneTimeMs }, true);
      } else if (kind === "seenAgain" && isIn(row.c)) {
        open.seenAgain.push({ from: seenUntil, to: row.t });
      }
    }
    if (isIn(row.c)) {
      open ??= {
        start: range(outAt, changedAt, seenUntil, row),
        isAfterUnseenUnplug: isUnseen,
        rows: [],
        seenAgain: [],
        charger: "in",
        lastSeenAt: row.t,
        level: undefined,
        isDischarging: false,
      };
      open.lastSeenAt = row.t;
      if (row.c !== "in") open.charger = row.c;
    }
    if (!open) return;
    open.rows.push(row);
    open.level = row.b ?? open.level;
    if (row.s !== undefined) open.isDischarging = row.s === "discharging";
  });
  if (open) {
    const last = rows.at(-1);
    if (last && isIn(last.c)) open.lastSeenAt = Math.max(open.lastSeenAt, context.observedUntil ?? 0);
    sessions.push(finished(open, context, undefined, false));
  }
  return sessions;
}

/** "Last charge": the last session in which the car was seen charging, or has gained a point. */
export function lastChargeOf(sessions: readonly Session[]): Session | undefined {
  return sessions.findLast(
    ({ phases, levelFrom, levelTo }) => phases.length > 0 || (levelTo ?? 0) - (levelFrom ?? Infinity) >= 1,
  );
}

function isIn(c: RowConnection): c is Session["charger"] {
  return c === "ac" || c === "dc" || c === "in";
}

/** A car that charges is not unplugged: the report of the one is late. */
function isOut({ c, s }: Row): boolean {
  return c === "out" && s !== "charging";
}

function range(earliest: number | undefined, latest: number, seenUntil: number | undefined, row: Row): MomentRange {
  if (earliest === undefined) return { latest, isOneTime: false };
  // The gap limit in force at the time is known by the row only.
  const isObserved = !isGap(row) && seenUntil !== undefined && earliest >= seenUntil;
  // After a change of the clock the later moment may have the earlier time.
  const from = Math.min(earliest, latest);
  return { earliest: from, latest, isOneTime: isObserved || latest - from <= oneTimeMs };
}

function acrossGap(open: Open, { b, s }: Row, gapMs: number): "unplugged" | "seenAgain" | "same" {
  if (open.level === undefined || b === undefined) return gapMs > seenAgainMs ? "seenAgain" : "same";
  if (open.isDischarging || s === "discharging") return "same";
  return open.level - b >= lostPoints + gapMs / dayMs ? "unplugged" : "same";
}

function finished(open: Open, context: HistoryContext, end: MomentRange | undefined, isBefore: boolean): Session {
  const { start, rows, seenAgain, charger, isAfterUnseenUnplug } = open;
  const lastSeenAt = end?.latest ?? open.lastSeenAt;
  const phases = phasesOf(rows, end, open.lastSeenAt);
  const levels = levelsOf(rows, phases);
  const energy = energyOf(rows, phases, levels, context.batteryKwh);
  const isTimed = start.earliest !== undefined && end !== undefined && seenAgain.length === 0;
  return {
    start,
    ...(end && { end }),
    lastSeenAt,
    charger,
    phases,
    chargedMs: phases.reduce((sum, { from, to }) => sum + to - from, 0),
    ...(levels && { levelFrom: levels.from, levelTo: levels.to }),
    ...(energy && { energy }),
    isTargetReached: isTargetReached(rows),
    isAfterUnseenUnplug,
    isBeforeUnseenUnplug: isBefore,
    seenAgain,
    ...(isTimed && { durationMs: Math.max(0, end.latest - start.latest) }),
  };
}

function phasesOf(rows: readonly Row[], end: MomentRange | undefined, lastSeenAt: number): readonly ChargePhase[] {
  const phases: ChargePhase[] = [];
  let from: number | undefined;
  const stop = (to: number, isOpen: boolean) => {
    if (from === undefined) return;
    const last = phases.at(-1);
    const isJoined = last && !last.isOpen && from - last.to < pauseMs;
    if (isJoined) phases[phases.length - 1] = { from: last.from, to, isOpen };
    else phases.push({ from, to: Math.max(from, to), isOpen });
    from = undefined;
  };
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const seenUntil = before ? Math.max(before.t, Math.min(row.p ?? before.t, row.t)) : -Infinity;
    if (before && isGap(row)) stop(seenUntil, true);
    // What is not known ends no phase.
    if (row.s === undefined || row.s === "?") return;
    const changedAt = latestChange(row, seenUntil);
    if (row.s === "charging") from ??= changedAt;
    else stop(changedAt, false);
  });
  stop(Math.max(end?.latest ?? lastSeenAt, from ?? 0), end === undefined);
  return phases;
}

function levelsOf(rows: readonly Row[], [first]: readonly ChargePhase[]): { from: number; to: number } | undefined {
  const levels = rows.flatMap(({ t, b }) => (b === undefined ? [] : [{ t, b }]));
  const from = levels[0]?.b;
  if (from === undefined) return undefined;
  const after = first ? levels.filter(({ t }) => t >= first.from) : levels;
  return { from, to: after.reduce((highest, { b }) => Math.max(highest, b), after[0]?.b ?? from) };
}

/** By the rule that rows of the view, hovers and notifications follow. */
function isTargetReached(rows: readonly Row[]): boolean {
  let record: ChargeRecord | undefined;
  let last: ChargeValues | undefined;
  for (const { c, s, b, g } of rows) {
    if (!isIn(c)) continue;
    const status = s === "?" ? undefined : s;
    last = { status, level: b, target: g };
    record = followPluggedIn(record, last);
  }
  return last !== undefined && isReached(record, last);
}
