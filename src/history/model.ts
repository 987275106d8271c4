import type { RowConnection, RowStatus } from "../charging/recorded";

/**
 * A line of a car's history. An absent value is unknown, which is neither 0 nor a change. Nothing has changed between the
 * row before and `p`. The change that the row records lies in (p, t]. Times in ms since the epoch.
 */
export interface Row {
  /** The time of this reading. */
  readonly t: number;
  /** The time of the reading before it. Absent if there was none. */
  readonly p?: number;
  readonly c: RowConnection;
  /** When the car measured the connection, which can be long after the plug-in. */
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

/** "unknown": the car was asked, but its connection is unknown. "notObserved": the car was not asked. */
export type SegmentState = Exclude<RowConnection, "?"> | "unknown" | "notObserved";

/** A stretch of one state. The segments of a range cover all of it, without holes or overlaps. */
export interface Segment extends Span {
  readonly state: SegmentState;
  /** The state was observed from start to end. False if it changed at an unknown time, or was seen before and after only. */
  readonly certain: boolean;
  /** A gap with the same state at both ends, and no newer report of the car: "seen before and after". */
  readonly bridged?: true;
}

/** The range in which an unknown moment lies. */
export interface MomentRange {
  /** Absent if nothing is known about the time before `latest`. */
  readonly earliest?: number;
  readonly latest: number;
  /** True if the range is short enough to show `latest` as the time, and not "between earliest and latest". */
  readonly isOneTime: boolean;
}

/** A run of charging; pauses under 15 minutes are part of it. */
export interface ChargePhase extends Span {
  /** The car was still charging at its last reading, or at the last one before a gap. `to` is then the time of that. */
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
  /** `earliest` is absent if the car was already plugged in at its first reading: the start is unknown. */
  readonly start: MomentRange;
  /** Absent while the car is plugged in. */
  readonly end?: MomentRange;
  /** When the car was last seen in this session, or the end of the session if that is known. */
  readonly lastSeenAt: number;
  /** The last known charger; "in" if it was never known. */
  readonly charger: "ac" | "dc" | "in";
  readonly phases: readonly ChargePhase[];
  /** Sum of the phases, ms. */
  readonly chargedMs: number;
  /** Percent: the first level of the session, and the highest since charging began. */
  readonly levelFrom?: number;
  readonly levelTo?: number;
  readonly energy?: Energy;
  readonly isTargetReached: boolean;
  /** "probably unplugged in between": the level fell across a gap, which ended the session before this one. */
  readonly isAfterUnseenUnplug: boolean;
  /** The level fell across a gap, which ended this session. */
  readonly isBeforeUnseenUnplug: boolean;
  /** "seen again": gaps of over 6 h without levels, in which the car may have been away. There is no duration then. */
  readonly seenAgain: readonly Span[];
  /** Start to end, ms. Absent if the start is unknown, the session is open, or the car was "seen again". */
  readonly durationMs?: number;
}

/** A value of the chart. A point with `isBreak` is not connected to the one before it. */
export interface Point {
  readonly t: number;
  readonly level?: number;
  readonly power?: number;
  readonly isBreak: boolean;
}

/** The history of one car, for the panel, the exports and "Last charge". */
export interface CarHistory {
  /** 16 hex digits, the same in all windows on this computer. Reveals nothing of the VIN. */
  readonly id: string;
  /** The time of the first row; absent if there is none. */
  readonly keptSince?: number;
  /** When the car was last seen, even if no row was written because nothing had changed. */
  readonly observedUntil?: number;
  /** By time, without duplicates. */
  readonly rows: readonly Row[];
  /** By time. */
  readonly sessions: readonly Session[];
  /** Number of lines that could not be read. */
  readonly skippedLines: number;
  /** Months that a newer version of the extension wrote, which are not read: "2026-11". */
  readonly newerMonths: readonly string[];
}

/** A car in the panel: its shown name, and the part of {@link CarHistory} that the shown range needs. */
export interface PanelCar extends Pick<CarHistory, "id" | "keptSince" | "newerMonths"> {
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly points: readonly Point[];
  readonly sessions: readonly Session[];
}

/** The input of the pure functions beside the rows. */
export interface HistoryContext {
  readonly now: number;
  /** See {@link CarHistory.observedUntil}. */
  readonly observedUntil?: number;
  /** Usable capacity of the battery, kWh. */
  readonly batteryKwh?: number;
}

/** Reads the history: one entry for each configured car, in the order of the settings. Never rejects. */
export interface HistorySource {
  read(): Promise<readonly CarHistory[]>;
}
