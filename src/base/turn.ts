/** Why a request must not leave, although nothing is wrong with it. */
export type Refusal =
  /** The turn has lasted too long, or another window has taken it over. */
  | "turnOver"
  /** The user's own budget of calls is used up for this UTC day. */
  | "budgetSpent"
  /** As many requests as may leave within a minute have left. */
  | "minuteSpent";

/**
 * A short stretch of time in which one window of all may do what others can notice: send requests to Volvo or Volvo ID,
 * and change what all windows know. It is passed to everything that sends a request, so that none leaves outside of one.
 */
export interface Turn {
  /** Higher than that of every turn before. 0 where the windows cannot agree on turns. */
  readonly number: number;
  /** Whether no other window can have a turn at the same time. Where this is `false` no sign-in may be renewed. */
  readonly isExclusive: boolean;
  /** The lock was taken from a window that may still run, and not from one that was silent for long. */
  readonly tookOver: boolean;
  /** Aborts when the user cancels, or the window no longer wants answers. */
  readonly signal: AbortSignal;
  /** Whether another request may still begin: a turn is short. */
  mayStart(): boolean;
  /** The time (ms) after which a reading that is under way is given up. */
  remainingMs(): number;
  /** To be asked before each request. Counts the call where it may leave; never rejects. */
  permit(): Promise<Refusal | undefined>;
  /** Whether the turn is still held, by a look at the lock that is at most a heartbeat old. Never rejects. */
  isHeldRecently(): Promise<boolean>;
  /** Whether the turn is still held, by a look at the lock now. Never rejects. */
  isHeld(): Promise<boolean>;
  /** Keeps the lock until `work` has settled, also where the turn's action is over before. */
  keepFor(work: Promise<unknown>): void;
  /** A secret was handed to VS Code: the lock is kept until VS Code has written it down. */
  secretStored(): void;
}

/** The reason a turn is taken for, which decides how long it is waited for. */
export type Purpose =
  /** A check that is due. One look at the lock. */
  | "check"
  /** The user waits for a reading, and takes that of another window as well. Waits up to 20 s. */
  | "refresh"
  /** The user changes something. Waits up to 10 s and takes the lock over then. */
  | "change";

export type TurnOutcome<T> =
  | { readonly kind: "done"; readonly value: T }
  /** Another window has the lock. */
  | { readonly kind: "busy" }
  /** VS Code gives no answer: the window is gone, and its extension host runs on. */
  | { readonly kind: "gone" }
  /** The folder that the windows share cannot be used. */
  | { readonly kind: "unusable" };

export interface TurnOptions {
  readonly signal?: AbortSignal;
  /** Ends the wait for the lock ("busy") once it is `true`. */
  readonly isAnswered?: () => boolean;
}

/** Gives turns to the parts that send requests. */
export interface Turns<T extends Turn = Turn> {
  /**
   * Runs `action` in a turn; once more where the shared folder fails in it. Rejects where `action` does, and with the
   * reason of `signal` when that aborts the wait.
   */
  take<R>(purpose: Purpose, action: (turn: T) => Promise<R>, options?: TurnOptions): Promise<TurnOutcome<R>>;
}
