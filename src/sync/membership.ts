import { type Clock, secondMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { createNumberedLock } from "../base/numberedLock";
import { Throttle } from "../base/throttle";
import type { Focus } from "./focus";
import { Lease, type LeaseTimes, type Role } from "./lease";
import { NotPermittedError } from "./permission";
import type { Credentials } from "./polling";
import { WindowNotes } from "./windowNotes";

export interface MembershipPorts {
  /** Shared by all windows of the user. */
  readonly folder: StateFolder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly focus: Focus;
  readonly credentials: Credentials;
  /** Asks VS Code something cheap. */
  readonly alive: () => PromiseLike<unknown>;
  /** 0 to 1. */
  readonly random: () => number;
  readonly times: LeaseTimes;
}

/** What a window does as one of many. Never two of these at a time. */
export interface Duties {
  /** Files may have changed. */
  look(role: Role | undefined): Promise<void>;
  /** The role from now on; `undefined` for none. */
  takeOn(role: Role | undefined): Promise<void>;
  /** Once a heartbeat. */
  beat(role: Role): Promise<void>;
  /** A window, this or another, has got focus. */
  focusGained(): void;
  /** The clock was set by so much (ms), or the machine slept for so long. */
  clockJumped(by: number): void;
}

/** Heartbeats come later by up to this share, so that windows do not beat together. */
const jitterShare = 0.1;

/** A heartbeat so much too late or too early: the clock was set, or the machine slept. */
const jumpMs = 10 * secondMs;

/** Writing is told in several events, and a poll writes many times; the other windows are to know within 2 s. */
const lookGapMs = secondMs / 20;

/** With other credentials than those that count, a window leads only after so many heartbeats without any leader. */
const beatsToDoubt = 24;

/**
 * A window's part among the windows of the user: its heartbeat, its role and the notes of all. A window that takes no
 * part holds no timer, no watcher and no lease.
 */
export class Membership implements Disposable {
  private readonly lease: Lease;
  private readonly notes: WindowNotes;
  private part: { timer?: Disposable; watcher?: Disposable; readonly looks: Throttle } | undefined;
  private role: Role | undefined;
  private queue: Promise<void> = Promise.resolve();
  private noted: string | undefined;
  private reloadedFor: string | undefined;
  private doubtfulBeats = 0;
  private seenFocusAt: number | undefined;

  constructor(
    private readonly ports: MembershipPorts,
    private readonly duties: Duties,
  ) {
    const { folder, clock, times } = ports;
    this.lease = new Lease({ ...ports, lock: createNumberedLock(folder.folder("lease"), clock, times) });
    this.notes = new WindowNotes(folder, clock);
  }

  get isMember(): boolean {
    return this.part !== undefined;
  }

  get current(): Role | undefined {
    return this.role;
  }

  /** When any window last had focus, as far as it was noted (ms). */
  get focusedAt(): number {
    return this.notes.lastFocus.at;
  }

  /** The number of the lease. Rejects with `NotPermittedError` where this window must not act as leader right now. */
  async fence(): Promise<number> {
    const mayAct = this.role === "leader" && !this.notes.isSignedOut && (await this.lease.isHeld());
    if (!mayAct) throw new NotPermittedError("notLeading");
    return this.lease.number;
  }

  /** How many windows take part. Rejects where the folder cannot be read. */
  countWindows(): Promise<number> {
    return this.notes.countWindows();
  }

  isAlive(): Promise<boolean> {
    return this.lease.isAlive();
  }

  /** Runs `action` when nothing else is being done. Resolves when it is done; failures are logged. */
  inTurn(action: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(() => this.guarded(action));
    return this.queue;
  }

  /** Takes part from now on, or no longer. To be called in turn. */
  async join(takesPart: boolean): Promise<void> {
    await this.guarded(() => this.noteCredentials());
    if (takesPart && !this.part) await this.enter();
    else if (!takesPart && this.part) await this.leave();
  }

  /** Notes for all whether the user looks at this window. */
  async focusChanged(isFocused: boolean): Promise<void> {
    if (!this.part) return;
    if (isFocused) this.duties.focusGained();
    await this.guarded(() => this.notes.noteFocusChange(isFocused));
  }

  /** Lets others lead at once. */
  dispose(): void {
    this.end();
    this.role = undefined;
    this.lease.resignNow();
  }

  private async enter(): Promise<void> {
    const look = async () => {
      if (this.part === part) await this.look();
    };
    const looks = new Throttle(this.ports.clock, lookGapMs, () => this.inTurn(look));
    const part: NonNullable<typeof this.part> = { looks };
    this.part = part;
    await this.beat(part, 0);
    if (this.part !== part) return;
    part.watcher = this.ports.folder.watch(() => looks.ask());
    // What has changed since the first look was not watched.
    looks.ask();
  }

  private async leave(): Promise<void> {
    this.end();
    await this.become(undefined);
    await this.lease.resign();
  }

  private end(): void {
    this.part?.timer?.dispose();
    this.part?.watcher?.dispose();
    this.part?.looks.dispose();
    this.part = undefined;
    this.notes.leaveNow();
  }

  private async beat(part: NonNullable<typeof this.part>, late: number): Promise<void> {
    if (this.part !== part) return;
    const { clock, random, times, focus } = this.ports;
    const begunAt = clock.now();
    if (Math.abs(late) >= jumpMs) this.duties.clockJumped(late);
    await this.guarded(() => this.look());
    const role = await this.lease.step(this.mayLead());
    if (this.part !== part) {
      await this.lease.resign();
      return;
    }
    await this.become(role);
    // Making sure of the lease can take a heartbeat, and the clock can be set, or the machine sleep, meanwhile.
    const took = clock.now() - begunAt;
    if (took <= -jumpMs || took >= times.heartbeatMs + jumpMs) this.duties.clockJumped(took);
    await this.guarded(() => this.duties.beat(role));
    // The extension host of a closed page runs on for hours and believes what it saw last.
    if (this.lease.isAnswered) {
      if (focus.isFocused) await this.guarded(() => this.notes.keepFocusNoted());
      if (this.part === part) await this.guarded(() => this.notes.keepPresenceNoted());
    }
    const delayMs = times.heartbeatMs * (1 + random() * jitterShare);
    const dueAt = clock.now() + delayMs;
    if (this.part !== part) return;
    part.timer = clock.after(delayMs, () => void this.inTurn(() => this.beat(part, clock.now() - dueAt)));
  }

  private async become(role: Role | undefined): Promise<void> {
    if (role === this.role) return;
    this.ports.log.debug(`This window is ${role ?? "no part"} of the polling`);
    this.role = role;
    if (role === "leader" && !this.isCurrent) await this.guarded(() => this.noteOwn());
    await this.guarded(() => this.duties.takeOn(role));
  }

  private async look(): Promise<void> {
    await this.guarded(() => this.lookAtNotes());
    await this.duties.look(this.role);
  }

  private async lookAtNotes(): Promise<void> {
    await this.notes.look();
    const { gainedAt } = this.notes.lastFocus;
    if (this.seenFocusAt !== undefined && gainedAt !== this.seenFocusAt) this.duties.focusGained();
    this.seenFocusAt = gainedAt;
    const { currentCredentials } = this.notes;
    if (this.isCurrent || currentCredentials === this.reloadedFor) return;
    this.reloadedFor = currentCredentials;
    await this.ports.credentials.reload();
  }

  /** Whether this window's credentials are those that count: in a browser, a page does not see what another stores. */
  private get isCurrent(): boolean {
    const { currentCredentials } = this.notes;
    return currentCredentials === undefined || currentCredentials === this.ports.credentials.current;
  }

  private mayLead(): boolean {
    if (this.ports.credentials.current === undefined) return false;
    this.doubtfulBeats = this.isCurrent ? 0 : this.doubtfulBeats + 1;
    return this.isCurrent || (!this.notes.isSignedOut && this.doubtfulBeats >= beatsToDoubt);
  }

  private async noteCredentials(): Promise<void> {
    const { current, isSignedOut } = this.ports.credentials;
    if (current !== undefined && current !== this.noted) await this.noteOwn();
    else if (current === undefined && isSignedOut && this.noted !== undefined) {
      const before = this.noted;
      this.noted = undefined;
      await this.notes.noteSignOut(before);
    }
  }

  private async noteOwn(): Promise<void> {
    const { current } = this.ports.credentials;
    if (current === undefined) return;
    this.noted = current;
    await this.notes.look();
    await this.notes.noteCredentials(current);
  }

  private async guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.ports.log.debug(`The folder of all windows could not be used: ${errorText(error)}`);
    }
  }
}
