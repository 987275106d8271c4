import { dayMs, hourMs, minuteMs, secondMs, sleep } from "../../../src/base/clock";
import { type Beats, Computer, productBeats, type SimulatedWindow, vinAt, type WindowOptions } from "./computer";
import { mulberry } from "../random";
import type { ServedRequest, Weather } from "./service";

export interface MonthOptions {
  readonly days: number;
  /** Less than the product's: the negative control. */
  readonly shares?: NonNullable<WindowOptions["shares"]>;
  /** Heartbeats as in the product; otherwise slower ones, so that a month does not take minutes. */
  readonly realHeartbeats?: boolean;
  /** Ends once the budget was passed. */
  readonly untilOverBudget?: boolean;
}

export interface MonthReport {
  readonly seed: number;
  readonly windows: number;
  readonly cars: number;
  /** One window with focus would need more calls than the budget has. */
  readonly isTight: boolean;
  readonly calls: number;
  readonly kills: number;
  /** How often the service came back and every car was read after it, and the longest time before that (ms). */
  readonly recoveries: number;
  readonly longestOutageMs: number;
  /** The time in which every car was held to its interval, in ms. */
  readonly watchedMs: number;
  /** The shortest interval that a car was held to, in ms. */
  readonly tightestMs: number;
  readonly isOverBudget: boolean;
  /** What must not happen, in words. Empty where all is well. */
  readonly faults: readonly string[];
}

const stepMs = 5 * minuteMs;
/** Slower than the product's, so that a simulated month does not take minutes. */
export const slowBeats: Beats = { heartbeatMs: 5 * minuteMs, staleMs: 15 * minuteMs };
/** For so long VS Code's server waits for a page that does not come back. */
const zombieLifeMs = 3 * hourMs;
const gapMs = 10 * secondMs;
/** So long a window waits at least before it asks again where another has asked in between. */
const alternationMs = secondMs;
/** The longest back-off, after an outage. */
const backOffMs = 30 * minuteMs * 1.1;
/** Where the user has looked at no window for so long, cars are asked for less often. */
const unwatchedMs = 15 * minuteMs;
/** For so long after a measurement a car on DC probably charges. */
const dcMeasuredMs = 30 * minuteMs;
/** For the answers to come, beside three times an interval. */
const slackMs = minuteMs;
/** A slow disk takes up to so long for a call. */
const longestDelayMs = 400;

/** A month in the life of a user, decided by `seed`: what happens, and what of it must not have happened. */
export async function liveThroughMonth(seed: number, options: MonthOptions): Promise<MonthReport> {
  return new Month(seed, options).live();
}

class Month {
  private readonly random: () => number;
  private readonly cars: number;
  private readonly most: number;
  private readonly intervalMs: number;
  private readonly adaptive: boolean;
  private readonly budget: number;
  private readonly apiVersion: string;
  private readonly computer: Computer;
  private calls = 0;
  private readonly faults = new Set<string>();
  private readonly perDay = new Map<number, number>();
  private readonly lastFirst = new Map<string, number>();
  private lastSender: number | undefined;
  /** When each window last asked, in time that has passed. */
  private readonly askedAt = new Map<number, number>();
  /** The window that asked last has hung or gone since: which one asks next is open until one does. */
  private isAskerOpen = true;
  private readonly beats: Beats;
  private readonly isSlowDisk: boolean;
  /** When a window that is there was last looked at, in time that has passed. */
  private watchedAt = 0;
  /** Of each car the longest interval since it was last read. */
  private readonly longest = new Map<string, { readonly readAt: number; readonly intervalMs: number }>();
  private open: SimulatedWindow[] = [];
  private kills = 0;
  private weatherUntil = 0;
  private outageAt: number | undefined;
  /** The service is back since then, and not every car has been read again. */
  private backAt: number | undefined;
  private recoveries = 0;
  private longestOutageMs = 0;
  private watchedMs = 0;
  private tightestMs = Infinity;
  private isOverBudget = false;
  /** Until then a car may be left unread (in time that has passed). */
  private excusedUntil = 0;

  constructor(
    private readonly seed: number,
    private readonly options: MonthOptions,
  ) {
    this.random = mulberry(seed);
    this.cars = this.int(1, 12);
    this.most = this.int(1, 8);
    this.intervalMs = this.pick(options.realHeartbeats ? [60, 300] : [300, 900, 1800]) * secondMs;
    this.adaptive = this.random() < 0.7;
    this.budget = this.pick(options.realHeartbeats ? [1000, 5000] : [40, 100, 250]);
    this.apiVersion = this.pick(["auto", "v1", "v2"]);
    this.beats = options.realHeartbeats ? productBeats : slowBeats;
    this.isSlowDisk = this.random() < 0.3;
    this.computer = new Computer({
      cars: this.cars,
      random: this.random,
      settings: {
        refreshInterval: this.intervalMs / secondMs,
        adaptivePolling: this.adaptive,
        dailyCallBudget: this.budget,
        apiVersion: this.apiVersion,
      },
      times: this.beats,
    });
    this.computer.service.onRequest = (request) => this.count(request);
  }

  async live(): Promise<MonthReport> {
    const { clock } = this.computer;
    const end = this.options.days * dayMs;
    this.openWindow();
    while (clock.realMs < end && !(this.options.untilOverBudget && this.isOverBudget)) {
      for (let happenings = this.int(0, 2); happenings > 0; happenings--) this.happen();
      const tookMs = stepMs * (0.5 + this.random());
      await this.computer.run(tookMs);
      this.check(tookMs);
    }
    return {
      seed: this.seed,
      windows: this.most,
      cars: this.cars,
      isTight: this.cars * (dayMs / this.intervalMs) > this.budget,
      calls: this.calls,
      kills: this.kills,
      recoveries: this.recoveries,
      longestOutageMs: this.longestOutageMs,
      watchedMs: this.watchedMs,
      tightestMs: this.tightestMs,
      isOverBudget: this.isOverBudget,
      faults: [...this.faults],
    };
  }

  /** Something that users, computers and services do. */
  private happen(): void {
    const { clock, service } = this.computer;
    const window = this.open.length > 0 ? this.pick(this.open) : undefined;
    const roll = this.random();
    if (roll < 0.05) this.openWindow();
    else if (roll < 0.06) this.end((gone) => gone.close());
    else if (roll < 0.067) this.end((gone) => gone.kill());
    else if (roll < 0.07) this.end((gone) => this.abandon(gone));
    else if (roll < 0.2) window?.focus(!window.isFocused);
    else if (roll < 0.26) void window?.core.polling.refresh();
    else if (roll < 0.28) void this.open.map((each) => each.core.polling.refresh());
    else if (roll < 0.29) this.hang(window);
    else if (roll < 0.4)
      service.plugs.set(vinAt(this.int(0, this.cars - 1)), this.pick(["AC", "DC", "FAULT", "UNKNOWN"]));
    else if (roll < 0.404) this.change();
    else if (roll < 0.415) {
      clock.sleep(this.int(1, 10 * 60) * minuteMs);
      this.letWeatherPass();
      this.excuse(this.recoveryMs);
    } else if (roll < 0.42 && this.open.length > 0) {
      clock.set(this.pick([-1, 1]) * this.int(1, 26 * 60) * minuteMs);
      this.excuse(this.recoveryMs);
    }
  }

  /** `window` hangs or goes. Where it may be the one that was about to ask, another asks once VS Code answers there. */
  private fails(window: SimulatedWindow): void {
    this.isAskerOpen ||= this.computer.lastAsker === window;
    if (!this.isAskerOpen) return;
    const isOneLeft = this.open.some(({ isStalled }) => !isStalled);
    this.excuse(this.handOverMs + (isOneLeft ? 0 : this.longestStallMs));
  }

  /** VS Code gives no answer for a while, as when the computer is busy, or the process itself stands still. */
  private hang(window: SimulatedWindow | undefined): void {
    const forMs = this.random() * this.longestStallMs;
    if (this.random() < 0.5) window?.stall(forMs);
    else window?.suspend(forMs);
    if (window) this.fails(window);
  }

  private openWindow(): void {
    if (this.open.length >= this.most) return;
    if (this.open.length === 0) this.excuse(this.handOverMs);
    const { clock } = this.computer;
    const before = () => (this.random() < 0.02 ? sleep(clock, longestDelayMs * this.random()) : undefined);
    this.open.push(
      this.computer.open({
        // Without locks each window would rewrite at once what another has written.
        ...(this.options.shares && { shares: this.options.shares, watches: false }),
        ...(this.isSlowDisk && { before }),
        isFocused: this.random() < 0.5,
      }),
    );
  }

  private end(how: (window: SimulatedWindow) => void): void {
    if (this.open.length === 0) return;
    const [gone] = this.open.splice(this.int(0, this.open.length - 1), 1);
    if (!gone) return;
    this.fails(gone);
    how(gone);
    this.kills++;
  }

  /** The page is gone; the server ends its extension host some hours later. */
  private abandon(window: SimulatedWindow): void {
    window.abandon();
    this.computer.clock.after(zombieLifeMs, () => window.kill());
  }

  /** The service gets worse, or better before its time. */
  private change(): void {
    const { clock, service } = this.computer;
    const weather = this.pick<Weather>([
      { kind: "fine" },
      { kind: "offline" },
      { kind: "silent" },
      { kind: "broken", status: 503 },
      { kind: "broken", status: 503, retryAfter: "600" },
      { kind: "rateLimited", retryAfter: "120" },
      { kind: "rateLimited", retryAfter: undefined },
      { kind: "quotaSpent", replenishedIn: `${String(this.int(0, 11)).padStart(2, "0")}:59:59` },
      { kind: "v2Gone" },
    ]);
    this.setWeather(weather);
    const longestMs = this.random() < 0.1 ? 6 * dayMs : dayMs;
    this.weatherUntil = clock.realMs + longestMs * this.random() * this.random();
    service.latencyMs = this.int(50, 5_000);
    // The time that Volvo named may lie behind the end of it.
    if (weather.kind === "quotaSpent") this.excuse(12 * hourMs + this.weatherUntil - clock.realMs);
  }

  private count(request: ServedRequest): void {
    this.calls++;
    this.computer.service.requests.length = 0;
    const day = Math.floor(request.at / dayMs);
    const calls = (this.perDay.get(day) ?? 0) + 1;
    this.perDay.set(day, calls);
    if (calls > this.budget) {
      this.isOverBudget = true;
      this.faults.add(`more than ${this.budget} calls on day ${day}`);
    }
    this.countSender(request);
    if (request.kind !== "reading" || !request.isFirst) return;
    const before = this.lastFirst.get(request.vin) ?? -Infinity;
    this.lastFirst.set(request.vin, request.realMs);
    if (request.realMs - before < gapMs) {
      this.faults.add(`a car was asked for twice within ${request.realMs - before} ms at ${request.realMs}`);
    }
  }

  /** Two windows that ask at one time ask in turns of less than a second. */
  private countSender({ from: { window }, realMs }: ServedRequest): void {
    const { lastSender } = this;
    this.lastSender = window;
    this.isAskerOpen = false;
    if (lastSender !== undefined && lastSender !== window) {
      const tookMs = realMs - (this.askedAt.get(window) ?? -Infinity);
      if (tookMs < alternationMs) {
        this.faults.add(`windows ${lastSender} and ${window} asked by turns within ${tookMs} ms at ${realMs}`);
      }
    }
    this.askedAt.set(window, realMs);
  }

  /** How often a car is to be asked for as things stand, the budget left aside. */
  private intervalOf(vin: string): number {
    const { clock, service } = this.computer;
    // Where the user's clock is ahead, every measurement looks old.
    const isCharging = service.readAs.get(vin) === "DC" && clock.now() - service.measuredAt(vin) < dcMeasuredMs;
    const watched = this.adaptive && isCharging ? Math.min(this.intervalMs, minuteMs) : this.intervalMs;
    // Other windows may know of the focus once a minute or heartbeat only, so that it may seem to have ended before it did.
    const noted = Math.max(minuteMs, this.beats.heartbeatMs) * 1.1;
    const isUnwatched = clock.realMs - this.watchedAt >= unwatchedMs - noted;
    return this.adaptive && isUnwatched ? 3 * watched : watched;
  }

  /** {@link intervalOf}, the longest since the car was last read. */
  private longestIntervalOf(vin: string): number {
    const readAt = this.computer.service.readAt.get(vin) ?? 0;
    const before = this.longest.get(vin);
    const intervalMs = Math.max(this.intervalOf(vin), before?.readAt === readAt ? before.intervalMs : 0);
    this.longest.set(vin, { readAt, intervalMs });
    return intervalMs;
  }

  private check(tookMs: number): void {
    const { clock, service } = this.computer;
    const { realMs } = clock;
    this.letWeatherPass();
    this.lookForRecovery();
    if (this.open.some(({ isFocused }) => isFocused)) this.watchedAt = realMs;
    const vins = Array.from({ length: this.cars }, (_, index) => vinAt(index));
    const intervals = vins.map((vin) => this.longestIntervalOf(vin));
    if (this.open.length === 0 || !this.isThere(service.weather)) {
      this.excuse(this.recoveryMs);
      return;
    }
    const now = clock.now();
    const today = Math.floor(now / dayMs);
    const calls = (this.perDay.get(today) ?? 0) + (this.perDay.get(today + 1) ?? 0);
    const rounds = Math.floor((this.budget - calls) / this.cars);
    if (rounds < 2) this.excuse((today + 1) * dayMs - now + this.recoveryMs);
    if (realMs < this.excusedUntil) return;
    this.watchedMs += tookMs;
    vins.forEach((vin, index) => {
      const waited = realMs - Math.max(service.readAt.get(vin) ?? 0, this.excusedUntil);
      const stretched = ((today + 1) * dayMs - now + waited) / Math.max(1, rounds);
      const interval = Math.max(intervals[index]!, stretched);
      this.tightestMs = Math.min(this.tightestMs, interval);
      if (waited > 3 * interval + slackMs) {
        const [minutes, allowed] = [waited, interval].map((ms) => Math.round(ms / secondMs) / 60);
        this.faults.add(`car ${index} was not read for ${minutes} min, with ${allowed} min at most, at ${realMs}`);
      }
    });
  }

  private letWeatherPass(): void {
    const { clock, service } = this.computer;
    if (service.weather.kind === "fine" || clock.realMs < this.weatherUntil) return;
    this.setWeather({ kind: "fine" });
    this.excuse(this.recoveryMs);
  }

  /** The time that another window takes to ask in the place of one that has gone, wherever that was. */
  private get handOverMs(): number {
    return 5 * this.beats.heartbeatMs;
  }

  /** Twice as long as it takes another window to ask in the place of one that hangs. */
  private get longestStallMs(): number {
    return 2 * this.handOverMs;
  }

  private get recoveryMs(): number {
    return backOffMs + this.handOverMs;
  }

  private setWeather(weather: Weather): void {
    const { clock, service } = this.computer;
    service.weather = weather;
    if (!this.isThere(weather)) {
      this.outageAt ??= clock.realMs;
      this.backAt = undefined;
    } else if (this.outageAt !== undefined) {
      this.backAt = clock.realMs;
      this.longestOutageMs = Math.max(this.longestOutageMs, clock.realMs - this.outageAt);
      this.outageAt = undefined;
    }
  }

  private isThere({ kind }: Weather): boolean {
    return kind === "fine" || (kind === "v2Gone" && this.apiVersion !== "v2");
  }

  private lookForRecovery(): void {
    const { backAt } = this;
    const { readAt } = this.computer.service;
    if (backAt === undefined) return;
    const isRead = (index: number) => (readAt.get(vinAt(index)) ?? -Infinity) > backAt;
    if (!Array.from({ length: this.cars }, (_, index) => index).every(isRead)) return;
    this.recoveries++;
    this.backAt = undefined;
  }

  private excuse(forMs: number): void {
    this.excusedUntil = Math.max(this.excusedUntil, this.computer.clock.realMs + forMs);
  }

  private int(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}
