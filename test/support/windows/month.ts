import { dayMs, hourMs, minuteMs, secondMs, sleep } from "../../../src/base/clock";
import { type Beats, Computer, productBeats, type SimulatedWindow, vinAt, type WindowOptions } from "./computer";
import { mulberry } from "../random";
import type { ServedRequest, Weather } from "./service";

export interface MonthOptions {
  readonly days: number;
  /** Limits the data that the windows share, as a negative control. */
  readonly shares?: NonNullable<WindowOptions["shares"]>;
  /** The product's heartbeats in place of {@link slowBeats}. */
  readonly realHeartbeats?: boolean;
  /** Ends as soon as the budget is exceeded. */
  readonly untilOverBudget?: boolean;
}

export interface MonthReport {
  readonly seed: number;
  readonly windows: number;
  readonly cars: number;
  /** A single window with focus would need more calls than the budget allows. */
  readonly isTight: boolean;
  readonly calls: number;
  readonly kills: number;
  /** The number of outages after which every car was read, and the longest outage (ms). */
  readonly recoveries: number;
  readonly longestOutageMs: number;
  /** The time in which the intervals of all cars were judged (ms). */
  readonly watchedMs: number;
  /** The shortest interval that was judged (ms). */
  readonly tightestMs: number;
  readonly isOverBudget: boolean;
  /** Descriptions of violated rules; empty if there are none. */
  readonly faults: readonly string[];
}

const stepMs = 5 * minuteMs;
/** Slower than the product's, so a simulated month does not take minutes. */
export const slowBeats: Beats = { heartbeatMs: 5 * minuteMs, staleMs: 15 * minuteMs };
/** The time that VS Code's server waits for a closed page to return. */
const abandonedLifeMs = 3 * hourMs;
const gapMs = 10 * secondMs;
/** The minimum time between two requests of a window if another window has asked in between. */
const alternationMs = secondMs;
/** The longest back-off, after an outage. */
const backOffMs = 30 * minuteMs * 1.1;
/** After this time without focus in any window, cars are asked for less often. */
const unfocusedMs = 15 * minuteMs;
/** A car on DC counts as charging for this time after a measurement. */
const dcMeasuredMs = 30 * minuteMs;
/** Extra time for the responses, in addition to three intervals. */
const slackMs = minuteMs;
/** The longest delay of a call on a slow disk. */
const longestDelayMs = 400;

/** Simulates a month of a user, determined by `seed`, and reports violated rules. */
export async function simulateMonth(seed: number, options: MonthOptions): Promise<MonthReport> {
  return new Month(seed, options).run();
}

class Month {
  private readonly random: () => number;
  private readonly cars: number;
  private readonly mostWindows: number;
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
  /** The time of each window's last request ({@link MachineClock.realMs}). */
  private readonly askedAt = new Map<number, number>();
  /** The last asker has hung or ended since, so any window may ask next. */
  private isNextAskerUnknown = true;
  private readonly beats: Beats;
  private readonly isSlowDisk: boolean;
  /** The last time an open window had focus ({@link MachineClock.realMs}). */
  private focusedAt = 0;
  /** The longest interval of each car since its last reading. */
  private readonly longest = new Map<string, { readonly readAt: number; readonly intervalMs: number }>();
  private open: SimulatedWindow[] = [];
  private kills = 0;
  private weatherUntil = 0;
  private outageAt: number | undefined;
  /** The end of the last outage, until every car has been read again. */
  private backAt: number | undefined;
  private recoveries = 0;
  private longestOutageMs = 0;
  private watchedMs = 0;
  private tightestMs = Infinity;
  private isOverBudget = false;
  /** Until this time ({@link MachineClock.realMs}) a car may stay unread. */
  private excusedUntil = 0;

  constructor(
    private readonly seed: number,
    private readonly options: MonthOptions,
  ) {
    this.random = mulberry(seed);
    this.cars = this.int(1, 12);
    this.mostWindows = this.int(1, 8);
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

  async run(): Promise<MonthReport> {
    const { clock } = this.computer;
    const end = this.options.days * dayMs;
    this.openWindow();
    while (clock.realMs < end && !(this.options.untilOverBudget && this.isOverBudget)) {
      for (let count = this.int(0, 2); count > 0; count--) this.act();
      const tookMs = stepMs * (0.5 + this.random());
      await this.computer.run(tookMs);
      this.check(tookMs);
    }
    return {
      seed: this.seed,
      windows: this.mostWindows,
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

  /** A random action of the user, the computer or the service. */
  private act(): void {
    const { clock, service } = this.computer;
    const window = this.open.length > 0 ? this.pick(this.open) : undefined;
    const roll = this.random();
    if (roll < 0.05) this.openWindow();
    else if (roll < 0.06) this.end((ended) => ended.close());
    else if (roll < 0.067) this.end((ended) => ended.kill());
    else if (roll < 0.07) this.end((ended) => this.abandon(ended));
    else if (roll < 0.2) window?.focus(!window.isFocused);
    else if (roll < 0.26) void window?.core.polling.refresh();
    else if (roll < 0.28) void this.open.map((each) => each.core.polling.refresh());
    else if (roll < 0.29) this.hang(window);
    else if (roll < 0.4)
      service.plugs.set(vinAt(this.int(0, this.cars - 1)), this.pick(["AC", "DC", "FAULT", "UNKNOWN"]));
    else if (roll < 0.404) this.changeWeather();
    else if (roll < 0.415) {
      clock.sleep(this.int(1, 10 * 60) * minuteMs);
      this.letWeatherPass();
      this.excuse(this.recoveryMs);
    } else if (roll < 0.42 && this.open.length > 0) {
      clock.set(this.pick([-1, 1]) * this.int(1, 26 * 60) * minuteMs);
      this.excuse(this.recoveryMs);
    }
  }

  /** `window` hangs or ends. If it may have been the next asker, another window asks as soon as VS Code responds in one. */
  private fails(window: SimulatedWindow): void {
    this.isNextAskerUnknown ||= this.computer.lastAsker === window;
    if (!this.isNextAskerUnknown) return;
    const isAnyResponsive = this.open.some(({ isStalled }) => !isStalled);
    this.excuse(this.handOverMs + (isAnyResponsive ? 0 : this.longestStallMs));
  }

  /** VS Code does not respond for a while, as on a busy computer, or the window's process is suspended. */
  private hang(window: SimulatedWindow | undefined): void {
    const forMs = this.random() * this.longestStallMs;
    if (this.random() < 0.5) window?.stall(forMs);
    else window?.suspend(forMs);
    if (window) this.fails(window);
  }

  private openWindow(): void {
    if (this.open.length >= this.mostWindows) return;
    if (this.open.length === 0) this.excuse(this.handOverMs);
    const { clock } = this.computer;
    const before = () => (this.random() < 0.02 ? sleep(clock, longestDelayMs * this.random()) : undefined);
    this.open.push(
      this.computer.open({
        // Without locks, windows that watch the folder would react to each other's writes endlessly.
        ...(this.options.shares && { shares: this.options.shares, watches: false }),
        ...(this.isSlowDisk && { before }),
        isFocused: this.random() < 0.5,
      }),
    );
  }

  private end(how: (window: SimulatedWindow) => void): void {
    if (this.open.length === 0) return;
    const [ended] = this.open.splice(this.int(0, this.open.length - 1), 1);
    if (!ended) return;
    this.fails(ended);
    how(ended);
    this.kills++;
  }

  /** The page is closed. The server ends its extension host some hours later. */
  private abandon(window: SimulatedWindow): void {
    window.abandon();
    this.computer.clock.after(abandonedLifeMs, () => window.kill());
  }

  /** Changes the behavior of the service: a new failure, or an early end of one. */
  private changeWeather(): void {
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
    // The time that Volvo named may be later than the end of the failure.
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

  /** Windows that ask at the same time alternate within less than a second. */
  private countSender({ from: { window }, realMs }: ServedRequest): void {
    const { lastSender } = this;
    this.lastSender = window;
    this.isNextAskerUnknown = false;
    if (lastSender !== undefined && lastSender !== window) {
      const tookMs = realMs - (this.askedAt.get(window) ?? -Infinity);
      if (tookMs < alternationMs) {
        this.faults.add(`windows ${lastSender} and ${window} asked by turns within ${tookMs} ms at ${realMs}`);
      }
    }
    this.askedAt.set(window, realMs);
  }

  /** The car's current interval (ms), without regard to the budget. */
  private intervalOf(vin: string): number {
    const { clock, service } = this.computer;
    // If the user's clock is ahead, every measurement appears old.
    const isCharging = service.readAs.get(vin) === "DC" && clock.now() - service.measuredAt(vin) < dcMeasuredMs;
    const focusedMs = this.adaptive && isCharging ? Math.min(this.intervalMs, minuteMs) : this.intervalMs;
    // A window shares its focus only once a minute or heartbeat, so others may assume an earlier end of it.
    const sharingDelayMs = Math.max(minuteMs, this.beats.heartbeatMs) * 1.1;
    const isUnfocused = clock.realMs - this.focusedAt >= unfocusedMs - sharingDelayMs;
    return this.adaptive && isUnfocused ? 3 * focusedMs : focusedMs;
  }

  /** The longest {@link intervalOf} since the car's last reading. */
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
    if (this.open.some(({ isFocused }) => isFocused)) this.focusedAt = realMs;
    const vins = Array.from({ length: this.cars }, (_, index) => vinAt(index));
    const intervals = vins.map((vin) => this.longestIntervalOf(vin));
    if (this.open.length === 0 || !this.isAvailable(service.weather)) {
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

  /** The time until another window asks in place of one that ended at any point of its work. */
  private get handOverMs(): number {
    return 5 * this.beats.heartbeatMs;
  }

  /** Twice the time until another window asks in place of one that hangs. */
  private get longestStallMs(): number {
    return 2 * this.handOverMs;
  }

  private get recoveryMs(): number {
    return backOffMs + this.handOverMs;
  }

  private setWeather(weather: Weather): void {
    const { clock, service } = this.computer;
    service.weather = weather;
    if (!this.isAvailable(weather)) {
      this.outageAt ??= clock.realMs;
      this.backAt = undefined;
    } else if (this.outageAt !== undefined) {
      this.backAt = clock.realMs;
      this.longestOutageMs = Math.max(this.longestOutageMs, clock.realMs - this.outageAt);
      this.outageAt = undefined;
    }
  }

  private isAvailable({ kind }: Weather): boolean {
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
