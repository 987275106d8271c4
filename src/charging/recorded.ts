/** The connection in the history: AC, DC, plugged in with an unknown charger, unplugged, fault, unknown. */
export const rowConnections = ["ac", "dc", "in", "out", "fault", "?"] as const;
export type RowConnection = (typeof rowConnections)[number];

/** The charging status in the history; `?` is a word that this version does not know. */
export const rowStatuses = ["charging", "idle", "done", "scheduled", "discharging", "fault", "?"] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** The last values in a car's history, with which the next reading is compared. Times in ms since the epoch. */
export interface Recorded {
  /** The time of the last row. */
  readonly rowAt: number;
  /** The time of the last reading, with or without a row. */
  readonly seenAt: number;
  readonly connection: RowConnection;
  /** The last known value, like all values below. */
  readonly status?: RowStatus;
  /** Percent. */
  readonly level?: number;
  /** Percent. */
  readonly target?: number;
  /** Watts. */
  readonly power?: number;
}
