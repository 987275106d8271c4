/** Why a request must not leave now. */
export type Refusal =
  /** The turn has lasted too long, or another window has taken it over. */
  | "turnOver"
  /** The user's own budget of calls is used up for this UTC day. */
  | "budgetSpent"
  /** The requests of the last minute have reached the limit. */
  | "minuteSpent";

/**
 * A short time in which one window may send requests to Volvo or Volvo ID and change the shared state. Each function
 * that sends a request takes a turn as an argument, so no request leaves outside of one.
 */
export interface Turn {
  /** Higher than the number of every earlier turn. 0 without a shared folder. */
  readonly number: number;
  /** True if no other window can have a turn at the same time. If `false`, no sign-in may be renewed. */
  readonly isExclusive: boolean;
  /** The lock was taken from a window that may still be running. */
  readonly tookOver: boolean;
  /** Aborts when the user cancels or the window no longer needs the answers. */
  readonly signal: AbortSignal;
  /** Whether the turn is young enough to start another reading. */
  mayStart(): boolean;
  /** The time (ms) until a running reading is aborted. */
  remainingMs(): number;
  /** To be called before each request. Counts the call, or returns why it must not leave. Never rejects. */
  permit(): Promise<Refusal | undefined>;
  /** Whether the turn is still held. Looks at the lock if the last look is older than a heartbeat. Never rejects. */
  isHeldRecently(): Promise<boolean>;
  /** Whether the turn is still held. Looks at the lock now. Never rejects. */
  isHeld(): Promise<boolean>;
  /** Keeps the lock until `work` has settled, even if the turn's action ends earlier. */
  keepFor(work: Promise<unknown>): void;
  /** To be called after a secret was stored. Keeps the lock until VS Code has written it to disk. */
  secretStored(): void;
  /**
   * Resolves once the other windows can read the state of this window. Writes nothing if the turn is not exclusive or a
   * newer version has written the state. Rejects if the folder cannot be used.
   */
  write(): Promise<void>;
}

/** The reason for a turn, which decides how long to wait for the lock. */
export type Purpose =
  /** A check that is due. Does not wait. */
  | "check"
  /** The user waits for a reading, which may come from another window. Waits up to 20 s. */
  | "refresh"
  /** The user changes something. Waits up to 10 s, then takes the lock over. */
  | "change";

/** The value of the action; `undefined` if there was no turn for it. */
export type TurnOutcome<T> = { readonly value: T } | undefined;

export interface TurnOptions {
  readonly signal?: AbortSignal;
  /** Once it returns `true`, the wait for the lock ends without a turn. */
  readonly isAnswered?: () => boolean;
}

/** Gives turns to the parts that send requests. */
export interface Turns {
  /**
   * Runs `action` in a turn, and again if the shared folder fails in it, at last in a turn without the folder. There is no
   * turn while another window has the lock. There is none for a check while VS Code does not answer, or while the folder
   * cannot be used and this window has no focus. Rejects if `action` does, or with the reason of `signal` if that aborts
   * the wait.
   */
  take<T>(purpose: Purpose, action: (turn: Turn) => Promise<T>, options?: TurnOptions): Promise<TurnOutcome<T>>;
}
