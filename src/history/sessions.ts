import { dayMs, hourMs, minuteMs } from "../base/clock";
import type { RowConnection } from "../charging/recorded";
import type { ChargeRecord } from "../charging/reading";
import { type ChargeValues, followPluggedIn, isReached } from "../charging/targetReached";
import { energyOf, totalMs } from "./energy";
import type { ChargePhase, HistoryContext, MomentRange, Row, Session, Span } from "./model";
import { isGap, stateSeenUntil } from "./rows";
import { latestChange } from "./segments";

/** A shorter range is shown as one time: it is the distance of two readings at the usual interval. */
const oneTimeMs = 30 * minuteMs;
/** From this loss in a gap on, plus one point for each day, the car was probably unplugged: parked cars lose less. */
const parkedLossPoints = 3;
/** If the levels are not known, the car may have been away in a longer gap. */
const longestTrustedGapMs = 6 * hourMs;
/** A shorter pause of charging belongs to the phase. */
const pauseMs = 15 * minuteMs;

/** A session whose end has not been found yet. */
interface OpenSession {
  readonly start: MomentRange;
  readonly isAfterUnseenUnplug: boolean;
  readonly rows: Row[];
  readonly seenAgain: Span[];
  charger: Session["charger"];
  lastSeenAt: number;
  /** The last known level, percent. */
  level: number | undefined;
  isDischarging: boolean;
}

/**
 * The sessions in `rows`, by time: from plugged in to unplugged. An unknown connection, a fault, a failed check and time
 * that was not observed neither open nor close a session. The exception is a level that has fallen across a gap, which
 * means an unseen unplugging.
 */
export function sessionsOf(rows: readonly Row[], context: HistoryContext): readonly Session[] {
  const finder = new SessionFinder(context);
  for (const row of rows) finder.add(row);
  return finder.finish();
}

/** Finds the sessions in the rows of a car, which are added in order of time. */
class SessionFinder {
  private readonly sessions: Session[] = [];
  private open: OpenSession | undefined;
  private previous: Row | undefined;
  /** The last time at which the car was known to be unplugged, or to be plugged in before an unseen unplugging. */
  private outAt: number | undefined;
  private isAfterUnseenUnplug = false;

  constructor(private readonly context: HistoryContext) {}

  add(row: Row): void {
    const seenUntil = this.previous && stateSeenUntil(this.previous, row);
    if (this.previous && seenUntil !== undefined) {
      if (this.open && isIn(this.previous.c)) this.open.lastSeenAt = seenUntil;
      if (isOut(this.previous)) this.outAt = seenUntil;
    }
    this.previous = row;
    const changedAt = latestChange(row, seenUntil ?? -Infinity);
    if (isOut(row)) {
      if (this.open) this.close(this.open, range(this.open.lastSeenAt, changedAt, seenUntil, row), false);
      this.outAt = row.t;
      this.isAfterUnseenUnplug = false;
      return;
    }
    if (this.open && seenUntil !== undefined && isGap(row)) this.crossGap(this.open, row, seenUntil);
    if (isIn(row.c)) {
      this.open ??= this.opened(range(this.outAt, changedAt, seenUntil, row));
      this.open.lastSeenAt = row.t;
      if (row.c !== "in") this.open.charger = row.c;
    }
    if (this.open) include(this.open, row);
  }

  finish(): readonly Session[] {
    if (this.open) {
      const { observedUntil = 0 } = this.context;
      if (this.previous && isIn(this.previous.c)) {
        this.open.lastSeenAt = Math.max(this.open.lastSeenAt, observedUntil);
      }
      this.close(this.open, undefined, false);
    }
    return this.sessions;
  }

  private crossGap(open: OpenSession, row: Row, seenUntil: number): void {
    const outcome = gapOutcome(open, row, row.t - seenUntil);
    if (outcome === "unplugged") {
      const { lastSeenAt } = open;
      this.outAt = lastSeenAt;
      this.isAfterUnseenUnplug = true;
      this.close(open, { earliest: lastSeenAt, latest: row.t, isOneTime: row.t - lastSeenAt <= oneTimeMs }, true);
    } else if (outcome === "seenAgain" && isIn(row.c)) {
      open.seenAgain.push({ from: seenUntil, to: row.t });
    }
  }

  private opened(start: MomentRange): OpenSession {
    return {
      start,
      isAfterUnseenUnplug: this.isAfterUnseenUnplug,
      rows: [],
      seenAgain: [],
      charger: "in",
      lastSeenAt: start.latest,
      level: undefined,
      isDischarging: false,
    };
  }

  private close(open: OpenSession, end: MomentRange | undefined, isBeforeUnseenUnplug: boolean): void {
    this.sessions.push(finished(open, this.context, end, isBeforeUnseenUnplug));
    this.open = undefined;
  }
}

function include(open: OpenSession, row: Row): void {
  open.rows.push(row);
  open.level = row.b ?? open.level;
  if (row.s !== undefined) open.isDischarging = row.s === "discharging";
}

/** "Last charge": the last session in which the car was seen charging or gained a point. */
export function lastChargeOf(sessions: readonly Session[]): Session | undefined {
  return sessions.findLast(
    ({ phases, levelFrom, levelTo }) => phases.length > 0 || (levelTo ?? 0) - (levelFrom ?? Infinity) >= 1,
  );
}

function isIn(c: RowConnection): c is Session["charger"] {
  return c === "ac" || c === "dc" || c === "in";
}

/** A car that reports "unplugged" while it charges counts as plugged in: one of the reports is late. */
function isOut({ c, s }: Row): boolean {
  return c === "out" && s !== "charging";
}

function range(earliest: number | undefined, latest: number, seenUntil: number | undefined, row: Row): MomentRange {
  if (earliest === undefined) return { latest, isOneTime: false };
  // Only the row shows whether it follows a gap, because the gap limit may have been different at that time.
  const isObserved = !isGap(row) && seenUntil !== undefined && earliest >= seenUntil;
  // If the clock was set back, `earliest` can be after `latest`.
  const from = Math.min(earliest, latest);
  return { earliest: from, latest, isOneTime: isObserved || latest - from <= oneTimeMs };
}

/** What the row after a gap says about the session before it. */
function gapOutcome(open: OpenSession, { b, s }: Row, gapMs: number): "unplugged" | "seenAgain" | "same" {
  if (open.level === undefined || b === undefined) return gapMs > longestTrustedGapMs ? "seenAgain" : "same";
  if (open.isDischarging || s === "discharging") return "same";
  return open.level - b >= parkedLossPoints + gapMs / dayMs ? "unplugged" : "same";
}

function finished(
  open: OpenSession,
  context: HistoryContext,
  end: MomentRange | undefined,
  isBeforeUnseenUnplug: boolean,
): Session {
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
    chargedMs: totalMs(phases),
    ...(levels && { levelFrom: levels.from, levelTo: levels.to }),
    ...(energy && { energy }),
    isTargetReached: isTargetReached(rows),
    isAfterUnseenUnplug,
    isBeforeUnseenUnplug,
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
    const seenUntil = before ? stateSeenUntil(before, row) : -Infinity;
    if (before && isGap(row)) stop(seenUntil, true);
    // An unknown status does not end a phase.
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

/** Uses the same rule as the view, the hover and notifications. */
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
