import { type Clock, secondMs, sleep, withTimeLimit } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Focus } from "../base/focus";
import { errorText, type Logger } from "../base/log";
import type { LockHold, LockTimes, NumberedLock } from "../base/numberedLock";
import type { Purpose, Refusal, Turn, TurnOptions, TurnOutcome, Turns } from "../base/turn";
import { FolderError } from "./limitedFolder";

/** A window whose VS Code gives no answer within this time takes no turn for a check. */
const aliveLimitMs = 3 * secondMs;
/** A turn starts no reading after this time. A reading that has begun may send requests up to `turnLimitMs`. */
const startLimitMs = 10 * secondMs;
export const turnLimitMs = 15 * secondMs;
/** The least time from the end of a turn to the next check of this window, in which another window can take the lock. */
const checkGapMs = secondMs;
/** `store` of VS Code's secrets resolves up to 100 ms before the secret is on disk. */
const flushMs = secondMs / 4;
/** One failure does not mean that the folder cannot be used. */
const failuresToBeAlone = 2;

const waitsMs: Readonly<Record<Purpose, number>> = { check: 0, refresh: 20 * secondMs, change: 10 * secondMs };
const lookAgainMs = 200;
const takeOverTries = 10;

export const lockTimes: LockTimes = { heartbeatMs: 5 * secondMs, staleMs: 15 * secondMs };

/** The state that is read at the start of a turn and written in it. */
export interface TurnState {
  begin(turn: Turn): Promise<void>;
  write(): Promise<void>;
  end(turn: Turn, isHeld: boolean): Promise<void>;
}

export interface OwnTurns extends Turns {
  /** Whether VS Code answers. A window whose page is closed must not act for the user. Never rejects. */
  isAlive(): Promise<boolean>;
  /** Resolves once no turn and no work from a turn is running. */
  whenIdle(): Promise<void>;
}

export interface WindowTurnsPorts {
  readonly lock: NumberedLock;
  readonly times: LockTimes;
  readonly state: TurnState;
  readonly clock: Clock;
  readonly log: Logger;
  readonly focus: Focus;
  /** Asks VS Code something cheap. Never settles if the page is closed and its extension host runs on. */
  readonly alive: () => PromiseLike<unknown>;
  /** Counts a request that is about to leave, or returns why it must not. */
  readonly spend: () => Refusal | undefined;
}

/**
 * The turns of this window. There is no leader: a window takes the lock for a short turn, and first reads the state that
 * the previous turn left.
 */
export class WindowTurns implements OwnTurns, Disposable {
  /** Turns, and locks that are kept for work from a turn. */
  private readonly underWay = new Set<Promise<unknown>>();
  /** The locks that are only kept until VS Code has written a secret. */
  private readonly lingering = new Set<LockHold>();
  private failures = 0;
  private endedAt = -Infinity;
  private probe: Promise<unknown> | undefined;

  constructor(private readonly ports: WindowTurnsPorts) {}

  take<T>(purpose: Purpose, action: (turn: Turn) => Promise<T>, options: TurnOptions = {}): Promise<TurnOutcome<T>> {
    return this.tracked(this.takeNow(purpose, action, options));
  }

  private async takeNow<T>(
    purpose: Purpose,
    action: (turn: Turn) => Promise<T>,
    options: TurnOptions,
  ): Promise<TurnOutcome<T>> {
    // A user's command shows that the window is open.
    if (purpose === "check") {
      await this.keepGap();
      if (!(await this.isAlive())) return undefined;
    }
    for (;;) {
      try {
        const hold = await this.acquire(purpose, options);
        if (!hold) return undefined;
        const value = await this.run(hold, action, options);
        this.folderWorked();
        return { value };
      } catch (error) {
        if (!(error instanceof FolderError)) throw error;
        this.folderFailed(error);
      }
      const isAlone = this.failures >= failuresToBeAlone;
      // Without the shared folder the windows cannot take turns, so only the focused window asks.
      if (purpose === "check" && !(isAlone && this.ports.focus.isFocused)) return undefined;
      if (isAlone) return { value: await this.run(undefined, action, options) };
    }
  }

  async isAlive(): Promise<boolean> {
    // One question at a time: the answer to the previous one may take hours. A rejection is an answer as well.
    this.probe ??= Promise.allSettled([this.ports.alive()]).finally(() => (this.probe = undefined));
    try {
      await withTimeLimit(this.ports.clock, this.probe, aliveLimitMs, "VS Code");
      return true;
    } catch {
      return false;
    }
  }

  async whenIdle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Frees the locks that are only kept until a secret is written. A lock with running requests expires instead. */
  dispose(): void {
    for (const hold of this.lingering) hold.releaseNow();
  }

  private tracked<P extends Promise<unknown>>(work: P): P {
    const ended: Promise<void> = Promise.allSettled([work]).then(() => void this.underWay.delete(ended));
    this.underWay.add(ended);
    return work;
  }

  private async keepGap(): Promise<void> {
    const { clock } = this.ports;
    const waitMs = this.endedAt + checkGapMs - clock.now();
    if (waitMs > 0 && waitMs <= checkGapMs) await sleep(clock, waitMs);
  }

  private async acquire(purpose: Purpose, { signal, isAnswered }: TurnOptions): Promise<LockHold | undefined> {
    const { lock, clock } = this.ports;
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      signal?.throwIfAborted();
      const free = await lock.tryAcquire();
      if (free) return free;
      if (isAnswered?.()) return undefined;
      if (waitedMs >= waitsMs[purpose]) break;
      await sleep(clock, lookAgainMs, signal);
    }
    for (let tries = 0; purpose === "change" && tries < takeOverTries; tries++) {
      const taken = await lock.takeOver();
      if (taken) return taken;
      // Another window took it over at the same time. Its turn is short.
      await sleep(clock, lookAgainMs, signal);
    }
    return undefined;
  }

  /** `hold` is `undefined` if the folder cannot be used. */
  private async run<T>(
    hold: LockHold | undefined,
    action: (turn: Turn) => Promise<T>,
    { signal = new AbortController().signal }: TurnOptions,
  ): Promise<T> {
    const { clock, times, state, spend } = this.ports;
    const kept: Promise<unknown>[] = [];
    let lingerMs = 0;
    const startedAt = hold?.takenAt ?? clock.now();
    let lookedAt = startedAt;
    const isWithin = (limitMs: number, since: number) => {
      const age = clock.now() - since;
      return age >= 0 && age < limitMs;
    };
    const isHeld = async () => {
      const now = clock.now();
      const held = (await hold?.stillHeld()) ?? true;
      if (held) lookedAt = now;
      return held;
    };
    const isHeldRecently = async () =>
      (isWithin(times.heartbeatMs, lookedAt) && hold?.isOver !== true) || (await isHeld());
    const turn: Turn = {
      number: hold?.number ?? 0,
      isExclusive: hold !== undefined,
      tookOver: hold?.tookOver ?? false,
      signal,
      mayStart: () => isWithin(startLimitMs, startedAt),
      remainingMs: () => Math.max(0, startedAt + turnLimitMs - clock.now()),
      permit: async () => (isWithin(turnLimitMs, startedAt) && (await isHeldRecently()) ? spend() : "turnOver"),
      isHeld,
      isHeldRecently,
      keepFor: (work) => void kept.push(work.catch(() => undefined)),
      secretStored: () => void (lingerMs = flushMs),
      write: () => state.write(),
    };
    try {
      await state.begin(turn);
      return await action(turn);
    } finally {
      await state.end(turn, await isHeldRecently());
      this.endedAt = clock.now();
      if (hold) void this.tracked(this.releaseAfter(hold, kept, () => lingerMs));
    }
  }

  private async releaseAfter(hold: LockHold, kept: readonly Promise<unknown>[], lingerMs: () => number): Promise<void> {
    await Promise.all(kept);
    this.lingering.add(hold);
    if (lingerMs() > 0) await sleep(this.ports.clock, lingerMs());
    await hold.release();
    this.lingering.delete(hold);
  }

  private folderFailed(error: FolderError): void {
    this.failures++;
    if (this.failures !== failuresToBeAlone) return;
    this.ports.log.warn(`The shared folder cannot be used, so this window asks on its own: ${errorText(error)}`);
  }

  private folderWorked(): void {
    if (this.failures >= failuresToBeAlone) this.ports.log.info("The shared folder can be used again");
    this.failures = 0;
  }
}
