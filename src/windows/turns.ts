import { type Clock, secondMs, sleep, withTimeLimit } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Focus } from "../base/focus";
import { errorText, type Logger } from "../base/log";
import type { LockHold, LockTimes, NumberedLock } from "../base/numberedLock";
import type { Purpose, Refusal, Turn, TurnOptions, TurnOutcome, Turns } from "../base/turn";
import { FolderError } from "./limitedFolder";

/** A window whose VS Code gives no answer within this time takes no turn. */
const aliveLimitMs = 3 * secondMs;
/** No new reading starts later than this in a turn; a reading under way may send requests for as long as `turnLimitMs`. */
const startLimitMs = 10 * secondMs;
export const turnLimitMs = 15 * secondMs;
/** Another window gets its turn in between: checks of one window follow each other after this time at the earliest. */
const gapMs = secondMs;
/** `store` of VS Code's secrets resolves up to 100 ms before they are written down. */
const flushMs = secondMs / 4;
/** The folder may fail once although nothing is wrong with it. */
const failuresToBeAlone = 2;

const waits: Readonly<Record<Purpose, { readonly limitMs: number; readonly takesOver: boolean }>> = {
  check: { limitMs: 0, takesOver: false },
  refresh: { limitMs: 20 * secondMs, takesOver: false },
  change: { limitMs: 10 * secondMs, takesOver: true },
};
const lookAgainMs = 200;
const takeOverTries = 10;

export const lockTimes: LockTimes = { heartbeatMs: 5 * secondMs, staleMs: 15 * secondMs };

/** The state that is read at the start of a turn and written in it. */
export interface TurnState {
  begin(turn: Turn): Promise<void>;
  write(): Promise<void>;
  end(turn: Turn, isHeld: boolean): Promise<void>;
}

/** A turn in which the state can be written; nowhere else can it. */
export interface WindowTurn extends Turn {
  /** Resolves once the other windows can read what is known. Rejects where the folder cannot be used. */
  write(): Promise<void>;
}

/** The turns of one window, which also knows whether it is still there. */
export interface OwnTurns extends Turns<WindowTurn> {
  /** Whether VS Code answers: a window whose page is gone must not act for the user. Never rejects. */
  isAlive(): Promise<boolean>;
  /** Resolves once no turn is under way, and nothing that was begun in one. */
  whenIdle(): Promise<void>;
}

export interface WindowTurnsPorts {
  readonly lock: NumberedLock;
  readonly times: LockTimes;
  readonly state: TurnState;
  readonly clock: Clock;
  readonly log: Logger;
  readonly focus: Focus;
  /** Asks VS Code something cheap. Never settles when the window is gone and its extension host runs on. */
  readonly alive: () => PromiseLike<unknown>;
  /** Counts a request that is about to leave, unless it must not. */
  readonly spend: () => Refusal | undefined;
}

interface Taken {
  readonly lock: LockHold;
  /** The turn before has not ended by itself. */
  readonly tookOver: boolean;
}

/**
 * This window's turns among those of all windows. There is no leader: a window holds a lock for a short turn, and first
 * reads the state of the turn before.
 */
export class WindowTurns implements OwnTurns, Disposable {
  private readonly running = new Set<Promise<void>>();
  private readonly held = new Map<LockHold, Promise<void>>();
  /** The locks that are only kept until VS Code has written a secret. */
  private readonly lingering = new Set<LockHold>();
  private failures = 0;
  private endedAt = -Infinity;
  private probe: Promise<unknown> | undefined;

  constructor(private readonly ports: WindowTurnsPorts) {}

  take<T>(
    purpose: Purpose,
    action: (turn: WindowTurn) => Promise<T>,
    options: TurnOptions = {},
  ): Promise<TurnOutcome<T>> {
    const outcome = this.takeNow(purpose, action, options);
    const over = outcome.then(
      () => void this.running.delete(over),
      () => void this.running.delete(over),
    );
    this.running.add(over);
    return outcome;
  }

  private async takeNow<T>(
    purpose: Purpose,
    action: (turn: WindowTurn) => Promise<T>,
    options: TurnOptions,
  ): Promise<TurnOutcome<T>> {
    // A user's command shows that the window is there.
    if (purpose === "check" && !(await this.isReady())) return { kind: "gone" };
    for (;;) {
      try {
        const hold = await this.acquire(purpose, options);
        if (!hold) return { kind: "busy" };
        const value = await this.run(hold, action, options);
        this.recovered();
        return { kind: "done", value };
      } catch (error) {
        if (!(error instanceof FolderError)) throw error;
        this.failed(error);
      }
      if (this.failures < failuresToBeAlone) {
        if (purpose === "check") return { kind: "unusable" };
        continue;
      }
      // Without the shared folder the windows cannot take turns, so only the focused window asks.
      if (purpose === "check" && !this.ports.focus.isFocused) return { kind: "unusable" };
      return { kind: "done", value: await this.run(undefined, action, options) };
    }
  }

  async isAlive(): Promise<boolean> {
    // One question at a time: the answer to the last one may be hours away.
    this.probe ??= settled(this.ports.alive()).finally(() => (this.probe = undefined));
    try {
      await withTimeLimit(this.ports.clock, this.probe, aliveLimitMs, "VS Code");
      return true;
    } catch {
      return false;
    }
  }

  async whenIdle(): Promise<void> {
    while (this.running.size + this.held.size > 0) await Promise.all([...this.running, ...this.held.values()]);
  }

  /** A lock that is only kept for VS Code to write is free at once. One with requests under way is left to go silent. */
  dispose(): void {
    for (const hold of this.lingering) hold.releaseNow();
  }

  private async isReady(): Promise<boolean> {
    const { clock } = this.ports;
    const waitMs = this.endedAt + gapMs - clock.now();
    if (waitMs > 0 && waitMs <= gapMs) await sleep(clock, waitMs);
    return this.isAlive();
  }

  private async acquire(purpose: Purpose, { signal, isAnswered }: TurnOptions): Promise<Taken | undefined> {
    const { lock, clock } = this.ports;
    const { limitMs, takesOver } = waits[purpose];
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      signal?.throwIfAborted();
      const free = await lock.tryAcquire();
      if (free) return { lock: free, tookOver: false };
      if (isAnswered?.()) return undefined;
      if (waitedMs >= limitMs) break;
      await sleep(clock, lookAgainMs, signal);
    }
    for (let tries = takesOver ? takeOverTries : 0; tries > 0; tries--) {
      const taken = await lock.takeOver();
      if (taken) return { lock: taken, tookOver: true };
      // Another window has taken it over at the same time, and does what its user wants.
      await sleep(clock, lookAgainMs, signal);
    }
    return undefined;
  }

  /** `hold` is missing where the folder cannot be used. */
  private async run<T>(
    hold: Taken | undefined,
    action: (turn: WindowTurn) => Promise<T>,
    { signal = new AbortController().signal }: TurnOptions,
  ): Promise<T> {
    const { state, clock } = this.ports;
    const kept: Promise<unknown>[] = [];
    let lingerMs = 0;
    const turn = this.turnOf(hold, signal, {
      keep: (work) => void kept.push(work.catch(() => undefined)),
      linger: () => (lingerMs = flushMs),
    });
    try {
      await state.begin(turn);
      return await action(turn);
    } finally {
      await state.end(turn, await turn.isHeldRecently());
      this.endedAt = clock.now();
      if (hold) this.releaseAfter(hold.lock, kept, () => lingerMs);
    }
  }

  private turnOf(
    hold: Taken | undefined,
    signal: AbortSignal,
    after: { readonly keep: (work: Promise<unknown>) => void; readonly linger: () => void },
  ): WindowTurn {
    const { clock, times, state, spend } = this.ports;
    const startedAt = hold?.lock.takenAt ?? clock.now();
    let lookedAt = startedAt;
    const isYoung = (limitMs: number) => {
      const age = clock.now() - startedAt;
      return age >= 0 && age < limitMs;
    };
    const isHeld = async () => {
      const now = clock.now();
      const held = (await hold?.lock.stillHeld()) ?? true;
      if (held) lookedAt = now;
      return held;
    };
    const isHeldRecently = () => {
      const age = clock.now() - lookedAt;
      return age >= 0 && age < times.heartbeatMs && hold?.lock.isOver !== true ? Promise.resolve(true) : isHeld();
    };
    return {
      number: hold?.lock.number ?? 0,
      isExclusive: hold !== undefined,
      tookOver: hold?.tookOver ?? false,
      signal,
      mayStart: () => isYoung(startLimitMs),
      remainingMs: () => Math.max(0, startedAt + turnLimitMs - clock.now()),
      permit: async () => (isYoung(turnLimitMs) && (await isHeldRecently()) ? spend() : "turnOver"),
      isHeld,
      isHeldRecently,
      keepFor: after.keep,
      secretStored: after.linger,
      write: () => state.write(),
    };
  }

  private releaseAfter(lock: LockHold, kept: readonly Promise<unknown>[], lingerMs: () => number): void {
    const { clock } = this.ports;
    const released = Promise.all(kept)
      .then(() => {
        this.lingering.add(lock);
        return lingerMs() > 0 ? sleep(clock, lingerMs()) : undefined;
      })
      .then(() => lock.release())
      .finally(() => {
        this.lingering.delete(lock);
        this.held.delete(lock);
      });
    this.held.set(lock, released);
  }

  private failed(error: FolderError): void {
    this.failures++;
    if (this.failures !== failuresToBeAlone) return;
    this.ports.log.warn(`The shared folder cannot be used, so this window asks on its own: ${errorText(error)}`);
  }

  private recovered(): void {
    if (this.failures >= failuresToBeAlone) this.ports.log.info("The shared folder can be used again");
    this.failures = 0;
  }
}

async function settled(promise: PromiseLike<unknown>): Promise<void> {
  try {
    await promise;
  } catch {
    // A rejection is an answer as well.
  }
}
