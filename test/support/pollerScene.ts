import { minuteMs, secondMs, sleep } from "../../src/base/clock";
import type { Refusal, Turn, Turns } from "../../src/base/turn";
import { WallTimer } from "../../src/base/wallTimer";
import type { Vin } from "../../src/charging/vin";
import { refusalOf } from "../../src/charging/account";
import { CarStore } from "../../src/charging/carStore";
import { Poller } from "../../src/polling/poller";
import type { VolvoClient } from "../../src/volvo/client";
import { failed, type Failure } from "../../src/charging/failure";
import { SharedState } from "../../src/windows/sharedState";
import { aReading, RecordingLog, vinNumber } from "./builders/builders";
import type { FakeClock } from "./fakeClock";
import { FakeFocus } from "./fakeFocus";
import type { MemoryDisk } from "./disk/memoryFolder";
import { turnWith } from "./turn";

/** The number of the last turn on each disk. */
const lastTurnNumbers = new WeakMap<MemoryDisk, number>();

/** More turns than any test needs. */
const mostTurns = 10_000;

/** A poller whose client answers, and whose turns are granted, as the test configures. */
export class PollerScene {
  readonly carStore = new CarStore();
  readonly log = new RecordingLog();
  readonly focus: FakeFocus;
  readonly wallTimer: WallTimer;
  readonly state: SharedState | undefined;
  readonly poller: Poller;
  readonly credentials = {
    current: "the credentials" as string | undefined,
    generation: undefined as number | undefined,
    isSignedOut: false,
  };
  /** Each request, with the time (ms) of the client's call. `forced`: by a refresh. */
  readonly asked: { readonly vin: Vin; readonly at: number; readonly forced: boolean }[] = [];
  /** The cars whose model was looked up. */
  readonly named: Vin[] = [];
  /** The purpose of each turn, in order. */
  readonly purposes: string[] = [];
  /** The calls of the history. */
  readonly recorded: { readonly vins: readonly Vin[]; readonly intervalMs: number }[] = [];

  fails: (vin: Vin, count: number) => Failure | undefined = () => undefined;
  interval = 5 * minuteMs;
  budget = 5000;
  /** A request leaves after this time (ms) and is answered after `takesMs`. */
  leavesAfterMs = 0;
  takesMs = 300;
  /** Refuses the first or the second request of each reading. */
  refuses: { readonly which: "first" | "second"; readonly reason: Refusal } | undefined;
  /** Why each attempt to take a turn fails; `undefined` grants it. Only a refresh waits while another has the turn. */
  noTurn: "busy" | "gone" | undefined;
  announced: () => Promise<void> = () => Promise.resolve();
  isHeld = true;
  private turnsNow = 0;
  /** The highest number of turns that this window has held at the same time. */
  turnsAtOnce = 0;
  /** The time (ms) from the start of a turn in which readings may start. */
  startLimitMs = Infinity;

  constructor(
    readonly clock: FakeClock,
    {
      disk,
      id = "this window",
      random = 0,
      heartbeatMs = 5 * secondMs,
    }: { disk?: MemoryDisk; id?: string; random?: number; heartbeatMs?: number } = {},
  ) {
    this.focus = new FakeFocus(clock);
    this.wallTimer = new WallTimer(clock, this.focus);
    const { carStore, log } = this;
    if (disk) this.state = new SharedState({ folder: disk.open("storage", { watches: false }), carStore, clock, log });
    const spend = () => {
      const refusal = refusalOf(carStore.current.account, this.budget, clock.now());
      if (!refusal) carStore.requested(id, clock.now());
      return refusal;
    };
    this.poller = new Poller({
      clock,
      carStore,
      history: { record: (_, vins, intervalMs) => Promise.resolve(void this.recorded.push({ vins, intervalMs })) },
      client: this.client(),
      log,
      settings: () => ({ refreshIntervalMs: this.interval, adaptive: false, dailyCallBudget: this.budget }),
      credentials: this.credentials,
      focus: this.focus,
      turns: this.turns(spend, disk),
      wallTimer: this.wallTimer,
      ...(this.state && { state: this.state }),
      id,
      heartbeatMs,
      random: () => random,
    });
  }

  startWith(cars: number): void {
    this.carStore.configure(Array.from({ length: cars }, (_, index) => ({ vin: vinNumber(index), name: `${index}` })));
    this.poller.on();
  }

  /** The user enters other credentials. */
  enter(credentials: string): void {
    this.credentials.current = credentials;
    this.poller.configurationChanged();
  }

  /** Sets the clock, as after a sleep or a correction, and lets the window notice. */
  jump(by: number): void {
    this.clock.jump(by);
    const { isFocused } = this.focus;
    this.focus.set(!isFocused);
    this.focus.set(isFocused);
  }

  /** Changes the shared state in a turn of another window, which may write it several times. */
  async elsewhere(
    disk: MemoryDisk,
    change: (carStore: CarStore, write: () => Promise<void>) => Promise<void> | void,
  ): Promise<void> {
    const carStore = new CarStore();
    carStore.configure(this.carStore.current.cars.map(({ vin }) => ({ vin })));
    const { clock, log } = this;
    const state = new SharedState({ folder: disk.open("storage"), carStore, clock, log });
    const turn = turnWith(undefined, { number: nextNumber(disk) });
    await state.begin(turn);
    await change(carStore, () => state.write());
    await state.end(turn, true);
    state.dispose();
    await this.state?.look();
  }

  /** Another window reads the first car. Returns the time (ms) of that window's next check. */
  async readElsewhere(disk: MemoryDisk, credentials = "the credentials", generation?: number): Promise<number> {
    const nextAt = this.clock.now() + this.interval;
    await this.elsewhere(disk, (carStore) => {
      carStore.updateAccount((account) => ({
        ...account,
        credentials,
        ...(generation !== undefined && { generation }),
      }));
      carStore.attempted(vinNumber(0), this.clock.now());
      carStore.requested("another window", this.clock.now());
      carStore.planned(nextAt);
      carStore.started([], 0);
    });
    return nextAt;
  }

  dispose(): void {
    this.poller.dispose();
    this.state?.dispose();
    this.wallTimer.dispose();
  }

  private client(): VolvoClient {
    const { clock } = this;
    return {
      read: async (vin, turn, { forced = false, onSend } = {}) => {
        if (this.refuses?.which === "first") return failed({ kind: "notSent", reason: this.refuses.reason }, "");
        const refusal = await turn.permit();
        if (refusal) return failed({ kind: "notSent", reason: refusal }, "");
        this.asked.push({ vin, at: clock.now(), forced });
        const failure = this.fails(vin, this.asked.length);
        if (this.leavesAfterMs > 0) await sleep(clock, this.leavesAfterMs, turn.signal);
        onSend?.();
        await sleep(clock, this.takesMs, turn.signal);
        if (this.refuses) return failed({ kind: "notSent", reason: this.refuses.reason }, "");
        return failure ? failed(failure, "as told") : { ok: true, value: aReading({ fetchedAt: clock.now() }) };
      },
      listVehicles: () => Promise.reject(new Error("not used")),
      carModel: (vin) => {
        this.named.push(vin);
        return Promise.resolve({ ok: true, value: { model: "EX30" } });
      },
    };
  }

  private turns(spend: () => Refusal | undefined, disk: MemoryDisk | undefined): Turns {
    const { clock } = this;
    return {
      take: async (purpose, action, { signal, isAnswered } = {}) => {
        this.purposes.push(purpose);
        // A poller that retries endlessly must fail its test, not hang it.
        if (this.purposes.length > mostTurns) return new Promise<never>(() => undefined);
        for (let waits = 0; purpose === "refresh" && this.noTurn === "busy" && waits < 100; waits++) {
          if (isAnswered?.()) break;
          await sleep(clock, 200, signal);
        }
        if (this.noTurn !== undefined) return undefined;
        this.turnsAtOnce = Math.max(this.turnsAtOnce, ++this.turnsNow);
        const startedAt = clock.now();
        const turn: Turn = turnWith(signal, {
          number: disk ? nextNumber(disk) : 1,
          mayStart: () => clock.now() - startedAt < this.startLimitMs,
          permit: () => Promise.resolve(spend()),
          isHeld: () => Promise.resolve(this.isHeld),
          isHeldRecently: () => Promise.resolve(this.isHeld),
          write: async () => {
            await this.announced();
            await this.state?.write();
          },
        });
        await this.state?.begin(turn);
        try {
          return { value: await action(turn) };
        } finally {
          this.turnsNow--;
          await this.state?.end(turn, this.isHeld);
        }
      },
    };
  }
}

function nextNumber(disk: MemoryDisk): number {
  const number = (lastTurnNumbers.get(disk) ?? 0) + 1;
  lastTurnNumbers.set(disk, number);
  return number;
}

/** Advances a minute and returns the outcome of `promise`. */
export async function afterAMinute<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  await clock.advance(60 * secondMs);
  return promise;
}
