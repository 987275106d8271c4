/** The connection in the history: AC, DC, plugged in with an unknown charger, unplugged, fault, unknown. */
export const rowConnections = ["ac", "dc", "in", "out", "fault", "?"] as const;
export type RowConnection = (typeof rowConnections)[number];

/** The charging status in the history; `?` is a word that this version does not know. */
export const rowStatuses = ["charging", "idle", "done", "scheduled", "discharging", "fault", "?"] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** What the history says about a car: the values that the next reading is compared with. Times in ms since the epoch. */
export interface Recorded {
  /** The time of the last row. */
  readonly rowAt: number;
  /** The time of the last reading of which the history knows, with or without a row. */
  readonly seenAt: number;
  readonly connection: RowConnection;
  /** The last that was known, as all values below. */
  readonly status?: RowStatus;
  /** Percent. */
  readonly level?: number;
  /** Percent. */
  readonly target?: number;
  /** Watts. */
  readonly power?: number;
}
