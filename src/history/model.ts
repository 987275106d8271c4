import type { RowConnection, RowStatus } from "../charging/recorded";

/**
 * A line of the history of a car. An absent value is not known, which is never 0 and never a change. Between the row
 * before and `p` nothing has changed; the change that the row tells lies in (p, t]. Times in ms since the epoch.
 */
export interface Row {
  /** The time of this reading. */
  readonly t: number;
  /** The time of the reading before it. Absent where there was none. */
  readonly p?: number;
  readonly c: RowConnection;
  /** When the car measured the connection: the time of its report, not of the plug-in. */
  readonly m?: number;
  /** Battery level, percent. */
  readonly b?: number;
  /** Target level, percent. */
  readonly g?: number;
  readonly s?: RowStatus;
  /** Power, watts. */
  readonly w?: number;
  /** Version of the Energy API. */
  readonly k?: 1 | 2;
  /** The car was not observed in (p, t]. */
  readonly x?: 1;
}

/** A stretch of time, ms since the epoch; `to` is not part of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** "unknown": the car was asked and its connection is not known. "notObserved": it was not asked. */
export type SegmentState = Exclude<RowConnection, "?"> | "unknown" | "notObserved";

/** A stretch of one state. The segments of a range follow each other without holes or overlaps and cover all of it. */
export interface Segment extends Span {
  readonly state: SegmentState;
  /** The state was observed from start to end. Not so where it changed at some moment of it, or was seen around it only. */
  readonly certain: boolean;
  /** A gap with the same state at both ends, and no newer report of the car: "seen before and after". */
  readonly bridged?: true;
}

/** A moment that lies somewhere between two others. */
export interface MomentRange {
  /** Absent where nothing is known from before. */
  readonly earliest?: number;
  readonly latest: number;
  /** The range is so short that `latest` is shown as the time; else "between earliest and latest". */
  readonly isOneTime: boolean;
}

/** A run of charging; pauses under 15 minutes are part of it. */
export interface ChargePhase extends Span {
  /** Charging was still under way when the car was seen last, or before a gap; the end is then that of the last sight. */
  readonly isOpen: boolean;
}

export type EnergyMethod =
  /** Difference of the levels times the capacity of the battery. */
  | "level"
  /** Sum of the reported power over time. */
  | "power";

/** Estimated, not for billing. */
export interface Energy {
  readonly kwh: number;
  readonly method: EnergyMethod;
}

/** From plugged in to unplugged. */
export interface Session {
  /** `earliest` is absent where the car was already plugged in when it was seen first: start unknown. */
  readonly start: MomentRange;
  /** Absent while the car is plugged in. */
  readonly end?: MomentRange;
  /** When the car was last seen in this session, or its end where that is known. */
  readonly lastSeenAt: number;
  /** "ac", "dc", or "in" where the charger was never known; the last known one where it changed. */
  readonly charger: "ac" | "dc" | "in";
  readonly phases: readonly ChargePhase[];
  /** Sum of the phases, ms. */
  readonly chargedMs: number;
  /** Percent: the first level of the session, and the highest once it charged. */
  readonly levelFrom?: number;
  readonly levelTo?: number;
  readonly energy?: Energy;
  readonly isTargetReached: boolean;
  /** "probably unplugged in between": the level had fallen across a gap, which ended the session before this one. */
  readonly isAfterUnseenUnplug: boolean;
  /** The same about the session after this one. */
  readonly isBeforeUnseenUnplug: boolean;
  /** "seen again": gaps of over 6 h without levels, in which the car may have been away. No duration is told then. */
  readonly seenAgain: readonly Span[];
  /** Begin to end, ms. Absent where the start is unknown, the session is open, or the car was "seen again". */
  readonly durationMs?: number;
}

/** A value of the chart. A point with `isBreak` is not joined with the one before it. */
export interface Point {
  readonly t: number;
  readonly level?: number;
  readonly power?: number;
  readonly isBreak: boolean;
}

/** The history of one car, as the panel, the exports and "Last charge" take it. */
export interface CarHistory {
  /** 16 hex digits, the same in each window of this computer; says nothing about the VIN. */
  readonly id: string;
  /** The time of the first row; absent where there is none. */
  readonly keptSince?: number;
  /** When the car was seen last, also where nothing had changed and so no row was written. */
  readonly observedUntil?: number;
  /** By time, without doubles. */
  readonly rows: readonly Row[];
  /** By time. */
  readonly sessions: readonly Session[];
  /** Lines that could not be read. */
  readonly skippedLines: number;
  /** Months of a newer version of the extension, which are left alone: "2026-11". */
  readonly newerMonths: readonly string[];
}

/** A car of the panel: {@link CarHistory} with its name as it is shown, and the part that the shown range needs. */
export interface PanelCar extends Pick<CarHistory, "id" | "keptSince" | "newerMonths"> {
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly points: readonly Point[];
  readonly sessions: readonly Session[];
}

/** What the pure functions need beside the rows. */
export interface HistoryContext {
  readonly now: number;
  /** See {@link CarHistory.observedUntil}. */
  readonly observedUntil?: number;
  /** Usable capacity of the battery, kWh. */
  readonly batteryKwh?: number;
}

/** Reads the history: in the order of the settings, one entry for each configured car. Never rejects. */
export interface HistorySource {
  read(): Promise<readonly CarHistory[]>;
}
