import { hourMs } from "../base/clock";
import { DisposableStore } from "../base/disposable";
import type { Vin } from "../charging/vin";
import { Asks, type Question } from "./asks";
import { createCarKeys } from "./carKeys";
import { leaseTimes, type LeaseTimes, type Role } from "./lease";
import { Mailbox } from "./mailbox";
import { Membership, type MembershipPorts } from "./membership";
import { Poller, type PollerPorts } from "./poller";
import { type RefreshOutcome, takeCredentials, type WindowPolling } from "./polling";
import { SnapshotStore } from "./snapshotStore";
import { Tidier } from "./tidier";

export interface SharedPollerPorts
  extends Omit<PollerPorts, "announced" | "focusedAt" | "ready">, Omit<MembershipPorts, "times"> {
  readonly times?: LeaseTimes;
  /** The garage was told already what the snapshot says. */
  readonly hasShownLast: boolean;
}

const tidyEveryMs = hourMs;

/**
 * One poller for all windows of a user: one of them leads and asks Volvo, all show what it finds out. Without
 * credentials or cars a window takes no part.
 */
export class SharedPoller implements WindowPolling {
  private readonly store = new DisposableStore();
  readonly poller: Poller;
  private readonly membership: Membership;
  private readonly snapshot: SnapshotStore;
  private readonly asks: Asks;
  private readonly tidier: Tidier;
  private wanted = false;
  /** Changes that come now are seen from the state before: this window has followed a leader, or led. */
  private hasWatched = false;
  /** It could not be read when it was to be taken over. */
  private isUnreadable = false;
  private tidiedAt = -Infinity;

  constructor(private readonly ports: SharedPollerPorts) {
    const { folder, clock, garage, focus, credentials } = ports;
    const { store } = this;
    this.poller = store.add(
      new Poller({
        ...ports,
        ready: () => credentials.current !== undefined,
        focusedAt: () => Math.max(focus.lastFocusedAt(), Math.min(this.membership.focusedAt, clock.now())),
        announced: () => this.announce(),
      }),
    );
    this.membership = new Membership(
      { ...ports, times: ports.times ?? leaseTimes },
      {
        look: (role) => this.look(role),
        takeOn: (role) => this.takeOn(role),
        beat: (role) => this.beat(role),
        focusGained: () => {
          if (this.leads()) this.poller.focusRegained();
        },
        clockJumped: (by) => {
          if (this.leads()) this.poller.clockJumped(by);
        },
      },
    );
    const keys = createCarKeys(folder, ports.log);
    this.snapshot = store.add(new SnapshotStore({ ...ports, keys }));
    const mailbox = new Mailbox(folder, clock);
    const vins = () => garage.current.cars.map(({ vin }) => vin);
    this.asks = store.add(new Asks({ mailbox, clock, keys, vins }));
    this.tidier = new Tidier(folder, mailbox);
    store.add(garage.onDidChange(() => this.saveSoon()));
    store.add(garage.onDidForget(() => this.forget()));
    store.add(focus.onDidChange((isFocused) => void this.membership.focusChanged(isFocused)));
  }

  get isOn(): boolean {
    return this.wanted;
  }

  get role(): Role | undefined {
    return this.membership.current;
  }

  leads(): boolean {
    return this.role === "leader" || this.role === "alone";
  }

  showLast(): Promise<void> {
    return this.membership.inTurn(async () => void (await this.snapshot.follow()));
  }

  on(): void {
    this.wanted = true;
    this.configurationChanged();
  }

  off(): void {
    this.wanted = false;
    this.poller.off();
    this.configurationChanged();
  }

  configurationChanged(): void {
    const { credentials, garage } = this.ports;
    this.poller.replan();
    void this.membership.inTurn(async () => {
      const isConfigured = credentials.current !== undefined && garage.current.cars.length > 0;
      await this.membership.join(this.wanted && isConfigured);
      if (this.leads()) {
        this.applyCredentials();
        await this.pollWhereWanted();
      }
      await this.snapshot.recall();
    });
  }

  refresh(vins?: readonly Vin[]): Promise<RefreshOutcome> {
    return this.byLeader({ kind: "refresh", vins }, () => this.poller.refresh(vins));
  }

  async checkDue(): Promise<void> {
    await this.byLeader({ kind: "checkDue" }, async () => {
      await this.poller.checkDue();
      return { kind: "notReady" };
    });
  }

  async permit(): Promise<void> {
    if (this.role === "leader") await this.membership.fence();
  }

  countWindows(): Promise<number> {
    return this.membership.countWindows();
  }

  isAlive(): Promise<boolean> {
    return this.membership.isAlive();
  }

  dispose(): void {
    this.wanted = false;
    this.membership.dispose();
    this.store.dispose();
  }

  private async takeOn(role: Role | undefined): Promise<void> {
    const { clock, garage } = this.ports;
    if (role === undefined) {
      garage.planned(undefined);
      this.asks.endAll({ kind: "notReady" });
    }
    if (role === undefined || role === "follower") {
      this.poller.off();
      return;
    }
    if (role === "leader") {
      await this.inherit();
      if (!this.hasWatched) garage.forgetBaselines();
    }
    this.hasWatched = true;
    garage.takeOver();
    if (this.snapshot.writtenAt > clock.now()) garage.clockSetBack(clock.now());
    this.applyCredentials();
    if (this.wanted) this.poller.on();
    this.asks.endAll({ kind: "leadYourself" });
  }

  /** What the leader before knew. Rejects the first time that it cannot be read; the second time it is done without. */
  private async inherit(): Promise<void> {
    try {
      await this.snapshot.follow();
      this.isUnreadable = false;
    } catch (error) {
      this.isUnreadable = !this.isUnreadable;
      if (this.isUnreadable) throw error;
    }
  }

  /** What kept this window from polling when it became the one to, or made it stop since, is over. */
  private async pollWhereWanted(): Promise<void> {
    if (this.leads() && this.wanted && !this.poller.isOn) await this.takeOn(this.role);
  }

  private applyCredentials(): void {
    takeCredentials(this.ports.garage, this.ports.credentials.current);
    this.poller.replan();
  }

  private async look(role: Role | undefined): Promise<void> {
    if (role === "leader") {
      // Before it polls it has not taken over what stands there.
      if (this.poller.isOn && (await this.snapshot.look()) === "changed") this.saveSoon();
      await this.asks.serve(this.ports.credentials.current, (question) => this.answer(question));
    } else if (role !== "alone") {
      if (await this.snapshot.follow()) this.hasWatched ||= role === "follower";
      await this.asks.look();
    }
  }

  private async beat(role: Role): Promise<void> {
    const { clock } = this.ports;
    await this.pollWhereWanted();
    if (role !== "leader" || Math.abs(clock.now() - this.tidiedAt) < tidyEveryMs) return;
    this.tidiedAt = clock.now();
    // So that a clock which is set back while no window is open can be told by the time of the last writing.
    this.saveSoon();
    await this.tidier.tidy(this.ports.garage.current.events);
  }

  private forget(): void {
    // What another window has deleted is gone already, and the leader may have written anew.
    if (!this.snapshot.isForgettingAlong) void this.membership.inTurn(() => this.snapshot.forget());
  }

  private async announce(): Promise<void> {
    if (this.role !== "alone") await this.snapshot.save(() => this.membership.fence());
  }

  private saveSoon(): void {
    if (this.role === "leader") this.snapshot.saveSoon(() => this.membership.fence());
  }

  /** As the leader, for another window; `undefined` where it leads no longer. */
  private async answer({ kind, vins }: Question): Promise<RefreshOutcome | undefined> {
    let outcome: RefreshOutcome = { kind: "notReady" };
    if (kind === "checkDue") await this.poller.checkDue();
    else outcome = await this.poller.refresh(vins);
    if (!this.leads()) return undefined;
    await this.announce();
    return outcome;
  }

  private async byLeader(question: Question, own: () => Promise<RefreshOutcome>): Promise<RefreshOutcome> {
    await this.membership.inTurn(() => Promise.resolve());
    for (;;) {
      const { current } = this.ports.credentials;
      if (!this.membership.isMember || current === undefined) return { kind: "notReady" };
      if (this.leads()) {
        const outcome = await own();
        if (this.leads()) return outcome;
        continue;
      }
      const reply = await this.asks.ask(question, current);
      if (reply.kind !== "leadYourself") return reply;
    }
  }
}
