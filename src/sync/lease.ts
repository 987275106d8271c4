import { type Clock, secondMs, withTimeLimit } from "../base/clock";
import { errorText, type Logger } from "../base/log";
import type { Hold, NumberedLock } from "../base/numberedLock";

/** What this window does among the windows of the user. */
export type Role =
  /** It shows what the leader finds out. */
  | "follower"
  /** It alone asks Volvo. */
  | "leader"
  /** The windows cannot know of each other; each asks for itself. */
  | "alone";

export interface LeaseTimes {
  readonly heartbeatMs: number;
  readonly staleMs: number;
}

/** Together they let another window take over within 30 s. */
export const leaseTimes: LeaseTimes = { heartbeatMs: 5 * secondMs, staleMs: 15 * secondMs };

export interface LeasePorts {
  readonly lock: NumberedLock;
  readonly clock: Clock;
  readonly log: Logger;
  /** Asks VS Code something cheap. Never settles when the window is gone and its extension host is still running. */
  readonly alive: () => PromiseLike<unknown>;
}

/** A window whose VS Code gives no answer within this time does not lead. */
const aliveLimitMs = 3 * secondMs;

/** The folder may fail once without anything being wrong with it. */
const failuresToBeAlone = 2;

/**
 * About five minutes. Where the last look that worked has shown a living holder, the folder is there and something is
 * wrong with this process, as when it has no file handle left: the holder, or the one after it, polls on.
 */
const failuresToLeaveHolder = 60;

/**
 * The right to be the one window that asks Volvo. It is held by stepping once a heartbeat, and given up when VS Code no
 * longer answers: the extension host of a closed page runs on for hours.
 */
export class Lease {
  private hold: Hold | undefined;
  private failures = 0;
  private hasSeenHolder = false;
  private answered = false;
  private probe: Promise<unknown> | undefined;
  private wasAlone = false;

  constructor(private readonly ports: LeasePorts) {}

  /** The number of the lease in hand; 0 for none. */
  get number(): number {
    return this.hold?.number ?? 0;
  }

  /** Whether VS Code answered at the last heartbeat. */
  get isAnswered(): boolean {
    return this.answered;
  }

  /** The next heartbeat: what this window is until the one after. */
  async step(mayLead: boolean): Promise<Role> {
    this.answered = await this.isAlive();
    if (!mayLead || !this.answered) {
      await this.resign();
      return "follower";
    }
    if (await this.isHeld()) {
      this.failures = 0;
      return "leader";
    }
    await this.resign();
    try {
      this.hold = await this.ports.lock.tryAcquire();
      this.failures = 0;
      this.hasSeenHolder = true;
      this.wasAlone = false;
      return this.hold ? "leader" : "follower";
    } catch (error) {
      this.failures++;
      const isAlone = this.failures >= (this.hasSeenHolder ? failuresToLeaveHolder : failuresToBeAlone);
      return isAlone ? this.goAlone(error) : "follower";
    }
  }

  /** Whether this window may act as the leader at this moment; to be asked before anything is sent or stored. */
  async isHeld(): Promise<boolean> {
    return (await this.hold?.stillHeld()) ?? false;
  }

  /** Whether VS Code answers. */
  async isAlive(): Promise<boolean> {
    // One question at a time: the answer to the last one may be hours away.
    this.probe ??= settled(this.ports.alive()).finally(() => (this.probe = undefined));
    try {
      await withTimeLimit(this.ports.clock, this.probe, aliveLimitMs, "VS Code");
      return true;
    } catch (error) {
      if (this.hold) this.ports.log.warn(`This window stops polling: ${errorText(error)}`);
      return false;
    }
  }

  async resign(): Promise<void> {
    const { hold } = this;
    this.hold = undefined;
    await hold?.release();
  }

  /** Without waiting, for the last moment of a process. */
  resignNow(): void {
    this.hold?.releaseNow();
    this.hold = undefined;
  }

  private goAlone(error: unknown): Role {
    if (!this.wasAlone) {
      this.ports.log.warn(`This window polls on its own, others are not known to it: ${errorText(error)}`);
    }
    this.wasAlone = true;
    return "alone";
  }
}

async function settled(promise: PromiseLike<unknown>): Promise<void> {
  try {
    await promise;
  } catch {
    // A refusal is an answer as well.
  }
}
