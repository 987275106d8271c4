import { readdirSync, statSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { minuteMs, secondMs } from "../../src/base/clock";
import { flappingWithinMs } from "../../src/charging/changes";
import { extensionId } from "../../src/contributions";
import { claimsFolder } from "../../src/notify/eventNotifier";
import type { PlugState } from "../../src/simulator/plugState";
import { MountedDisk } from "../../test/support/disk/mountedDisk";
import { Product, SimulatorScene, untilAskable, vins } from "../../test/ui/scene";
import { UiSession } from "../../test/ui/session";
import { extensionHostPids } from "../headless/extensionHosts";
import { liveBytes } from "./inspect";
import { DifferenceWatch, growthPerHour, judgeRequests, type MemorySample, type Span } from "./judge";
import { between, type Findings, isOver, megabytes, oneOf, pause, type SoakOptions } from "./part";
import { memoryLine } from "./processes";

/** The shortest interval that the setting allows. */
const intervalMs = 60 * secondMs;
const lookMs = 250;
/** Other windows show a written state within 2 s. A look and the painting add to this time. */
const agreeMs = 2 * secondMs + 2 * lookMs;
/** After a stop a window needs this time to show the readings of the others. */
const resumeLimitMs = 10 * secondMs;
/** After a kill VS Code needs this time to restart the extension host. */
const restartLimitMs = 15 * secondMs;
/**
 * After a full disk, windows agree again within this time: one notices at its next tick that it can write, and checks.
 */
const agreeAgainMs = 100 * secondMs;
/** VS Code restarts an extension host by itself, but not the third time in five minutes. */
const killAgainMs = 3 * minuteMs;
/** The time from a window's claim to its notification. A kill in this time loses the event. */
const claimToNotificationMs = 5 * secondMs;
const notificationLimitMs = 20 * secondMs;
const faultLimitMs = 5 * minuteMs;
/** The product shows no third fault within its time for flapping. Readings are one interval apart. */
const thirdFaultAfterMs = flappingWithinMs + intervalMs;
const growthLimit = 5e6;
const measureMs = 30 * secondMs;
const diskKilobytes = 512;

const cars = [
  { vin: vins[0], name: "Ebba" },
  { vin: vins[1], name: "Sixten" },
  { vin: vins[2], name: "Saga" },
] as const;
type SoakedCar = (typeof cars)[number];
const networkFaults = ["connection-reset", "black-hole", "host-unknown"] as const;

/** A window and the state of its extension host. */
interface SoakedWindow {
  readonly product: Product;
  pid: number;
  /** Its text is compared from this time (ms since the epoch); `Infinity` while it is stopped or restarts. */
  comparedFrom: number;
  killedAt: number;
}

/** Runs three real windows of one VS Code at the shortest interval, and disturbs them. */
export async function soakWindows(options: SoakOptions): Promise<Findings> {
  const soak = await WindowsSoak.start(options);
  try {
    return await soak.run();
  } finally {
    await soak.close();
  }
}

class WindowsSoak {
  private readonly windows: SoakedWindow[] = [];
  private readonly watch = new DifferenceWatch(agreeMs);
  private readonly failures: string[] = [];
  private readonly refreshes: Span[] = [];
  private readonly ends: { from: number; to: number }[] = [];
  private readonly alone: { from: number; to: number }[] = [];
  private readonly kills: number[] = [];
  private readonly done = { changes: 0, stops: 0, losses: 0, fullDisks: 0, faults: 0, excused: 0 };
  private readonly missed: string[] = [];
  /** The times (ms since the epoch) at which faults of each car were shown, by VIN. */
  private readonly faults = new Map<string, readonly number[]>();
  private readonly textsSeen = new Set<string>();
  private looks = 0;
  /** Samples of the first window, which is never killed. */
  private readonly memory: MemorySample[] = [];
  private disk: MountedDisk | undefined;
  private faultShown: Promise<void> = Promise.resolve();
  private askedFrom = 0;

  private constructor(
    private readonly options: SoakOptions,
    private readonly simulator: SimulatorScene,
    private readonly session: UiSession,
  ) {}

  static async start(options: SoakOptions): Promise<WindowsSoak> {
    const simulator = await SimulatorScene.start({ longestRequestLog: 1_000_000 });
    const settings = {
      ...simulator.settings,
      "volvoCharging.apiVersion": "v2",
      "volvoCharging.refreshInterval": intervalMs / secondMs,
      "volvoCharging.adaptivePolling": false,
      // Each reading has another level, so the text distinguishes them.
      "volvoCharging.statusBar.text": "{icon} {name} {state} {soc}",
      "volvoCharging.vehicles": cars,
    };
    for (const vin of vins) simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now(), batteryLevel: 50 });
    const session = await UiSession.start({ frontDoor: true, settings, leavesSignals: true });
    const soak = new WindowsSoak(options, simulator, session);
    try {
      await soak.open();
    } catch (error) {
      await soak.close();
      throw error;
    }
    return soak;
  }

  async run(): Promise<Findings> {
    const looking = this.keepLooking();
    await Promise.all([this.changeCars(), this.disturb(), this.measure(), looking]);
    return this.findings();
  }

  async close(): Promise<void> {
    for (const { pid } of this.windows) resume(pid);
    for (const { product } of this.windows) await product.workbench.close().catch(() => undefined);
    await this.disk?.unmount();
    await this.session.close();
    await this.simulator.close();
  }

  /** The folder that the windows share. */
  private get folder(): string {
    return path.join(this.session.profile, "data", "data", "User", "globalStorage", extensionId);
  }

  private async open(): Promise<void> {
    await fs.mkdir(this.folder, { recursive: true });
    this.disk = await MountedDisk.mount(this.folder, diskKilobytes);
    for (let index = 0; index < cars.length; index++) {
      const before = await this.hosts();
      const product = new Product(await this.session.open());
      const [pid = 0] = (await this.hosts()).filter((each) => !before.includes(each));
      const comparedFrom = Date.now() + restartLimitMs;
      this.windows.push({ product, pid, comparedFrom, killedAt: -Infinity });
      if (index > 0) continue;
      const token = this.simulator.volvo.issueTestToken({ lifetimeMs: 100 * 60 * minuteMs });
      await product.connectByHand(token.value);
      await product.item.waitFor(({ text }) => text.includes("AC"));
    }
    this.askedFrom = Date.now();
  }

  private hosts(): Promise<number[]> {
    return extensionHostPids(this.session.server.pid);
  }

  private get compared(): readonly SoakedWindow[] {
    const now = Date.now();
    return this.windows.filter(({ comparedFrom }) => now >= comparedFrom);
  }

  /** Compares the texts of the windows. */
  private async keepLooking(): Promise<void> {
    while (!isOver(this.options)) {
      const shown = await Promise.all(
        this.compared.map(async (window) => ({
          window,
          // The page does not answer while it restarts.
          item: await window.product.item.read().catch(() => undefined),
        })),
      );
      const now = Date.now();
      const isAlone = this.alone.some(({ from, to }) => from <= now && now <= to);
      const texts = shown.flatMap(({ window, item }) => (item && window.comparedFrom <= now ? [item.text] : []));
      this.watch.look(now, isAlone ? [] : texts);
      for (const text of texts) this.textsSeen.add(text);
      if (texts.length > 1) this.looks++;
      await pause(this.options, lookMs);
    }
  }

  /** Plugs cars in and out. Sometimes a car gets a fault, about which exactly one window must show a notification. */
  private async changeCars(): Promise<void> {
    const { random } = this.options;
    for (let level = 1; !isOver(this.options); level = (level % 99) + 1) {
      await pause(this.options, between(random, 5 * secondMs, 20 * secondMs));
      const car = oneOf(random, cars);
      if (!car) continue;
      if (random() < 0.3 && this.mayHaveFault(car)) {
        this.faultShown = this.fault(car, level);
        await this.faultShown;
      } else this.put(car, oneOf(random, ["ac", "dc", "disconnected"] as const) ?? "ac", level);
      this.done.changes++;
    }
  }

  /** Changes the state of one car and the level of all cars, so that the item's text changes whichever car it shows. */
  private put({ vin }: SoakedCar, state: PlugState, batteryLevel: number): void {
    for (const car of this.simulator.volvo.cars) {
      car.set({ state: car.vin === vin ? state : car.plugState, measuredAtMs: Date.now(), batteryLevel });
    }
  }

  private mayHaveFault({ vin }: SoakedCar): boolean {
    const last = (this.faults.get(vin) ?? []).at(-2) ?? -Infinity;
    return Date.now() - last > thirdFaultAfterMs;
  }

  /** True if all compared windows show a fault, or with `isFault` false, if none does. */
  private async allShowFault(isFault: boolean): Promise<boolean> {
    const items = await Promise.all(this.compared.map(({ product }) => product.item.read().catch(() => undefined)));
    return items.length > 0 && items.every((item) => item?.text.includes("Fault") === isFault);
  }

  private async fault(car: SoakedCar, level: number): Promise<void> {
    const { name } = car;
    const from = Date.now();
    if (this.alone.some(({ to }) => to > from)) return;
    const before = this.windows.map(({ product }) => product.workbench.notifications.shown().length);
    const notifications = () =>
      this.windows.flatMap(({ product }, window) =>
        product.workbench.notifications
          .shown()
          .slice(before[window])
          .filter(({ message }) => message.includes(name) && message.includes("fault")),
      );
    this.put(car, "fault", level);
    for (let remainingMs = faultLimitMs; !(await this.allShowFault(true)); remainingMs -= secondMs) {
      if (isOver(this.options)) return;
      if (remainingMs <= 0) {
        this.fail(`the fault of ${name} was not shown within ${faultLimitMs / minuteMs} min`);
        break;
      }
      await pause(this.options, secondMs);
    }
    this.faults.set(car.vin, [...(this.faults.get(car.vin) ?? []), Date.now()]);
    // If the window with the claim is stopped, it shows the notification after it is resumed.
    let remainingMs = notificationLimitMs;
    while (notifications().length === 0 && remainingMs > 0 && !this.options.signal.aborted) {
      await delay(secondMs);
      if (this.windows.every(({ comparedFrom }) => comparedFrom <= Date.now())) remainingMs -= secondMs;
    }
    await delay(3 * secondMs);
    this.done.faults++;
    const times = notifications().length;
    if (times > 1) this.fail(`the fault of ${name} was notified ${times} times`);
    if (times === 0 && this.wasClaimedByKilled(from)) this.done.excused++;
    else if (times === 0) this.fail(`the fault of ${name} was not notified`);
    this.put(car, "ac", level);
    // The next fault counts as a new one only after all windows have seen the end of this one.
    while (!isOver(this.options) && !(await this.allShowFault(false))) await pause(this.options, secondMs);
    for (const { product } of this.windows)
      await this.attempt("Clear All Notifications", () =>
        product.workbench.run("Notifications: Clear All Notifications"),
      );
  }

  /** True if a window was killed just after it had claimed an event, at `from` (ms since the epoch) or later. */
  private wasClaimedByKilled(from: number): boolean {
    const folder = path.join(this.folder, claimsFolder);
    const claims = readdirSync(folder).map((name) => statSync(path.join(folder, name)).mtimeMs);
    return claims.some(
      (at) => at >= from && this.kills.some((kill) => kill >= at - secondMs && kill <= at + claimToNotificationMs),
    );
  }

  /** Causes one disturbance at a time, with pauses in between. */
  private async disturb(): Promise<void> {
    const { random } = this.options;
    const acts = {
      refresh: () => this.refresh(),
      stop: () => this.stop(),
      kill: () => this.kill(),
      loseNetwork: () => this.loseNetwork(),
      fillDisk: () => this.fillDisk(),
    };
    const kinds = ["refresh", "refresh", "stop", "stop", "kill", "kill", "loseNetwork", "fillDisk"] as const;
    while (!isOver(this.options)) {
      await pause(this.options, between(random, 5 * secondMs, 25 * secondMs));
      if (isOver(this.options)) return;
      const kind = oneOf(random, kinds) ?? "refresh";
      this.options.log(kind);
      await acts[kind]();
    }
  }

  private async refresh(): Promise<void> {
    await untilAskable(this.simulator);
    const window = oneOf(this.options.random, this.compared);
    if (!window) return;
    const from = Date.now();
    await this.attempt("Refresh", () => window.product.run("Refresh"));
    this.refreshes.push({ from, to: Date.now() });
  }

  /** Stops a window's extension host for 1 to 60 s. */
  private async stop(): Promise<void> {
    const window = oneOf(this.options.random, this.windows);
    if (!window) return;
    const end = { from: Date.now(), to: Infinity };
    this.ends.push(end);
    window.comparedFrom = Infinity;
    process.kill(window.pid, "SIGSTOP");
    await pause(this.options, secondMs * 60 ** this.options.random());
    resume(window.pid);
    end.to = Date.now();
    window.comparedFrom = Date.now() + resumeLimitMs;
    this.done.stops++;
  }

  /** Kills the extension host of any window except the first, whose memory is measured. */
  private async kill(): Promise<void> {
    const window = oneOf(this.options.random, this.windows.slice(1));
    if (!window || Date.now() - window.killedAt < killAgainMs) return;
    const before = await this.hosts();
    window.killedAt = Date.now();
    window.comparedFrom = Infinity;
    this.kills.push(window.killedAt);
    this.ends.push({ from: window.killedAt, to: window.killedAt });
    process.kill(window.pid, "SIGKILL");
    for (let remainingMs = minuteMs; remainingMs > 0; remainingMs -= secondMs) {
      await delay(secondMs);
      const [started] = (await this.hosts()).filter((pid) => !before.includes(pid));
      if (started === undefined) continue;
      window.pid = started;
      window.comparedFrom = Date.now() + restartLimitMs;
      return;
    }
    this.missed.push("VS Code did not restart an extension host");
    await this.attempt("reload", () => window.product.workbench.reload());
    window.pid = (await this.hosts()).find((pid) => !before.includes(pid)) ?? 0;
    window.comparedFrom = Date.now() + restartLimitMs;
  }

  private async loseNetwork(): Promise<void> {
    const { faults } = this.simulator.volvo;
    faults.inject(oneOf(this.options.random, networkFaults) ?? "host-unknown");
    await pause(this.options, between(this.options.random, 5 * secondMs, 60 * secondMs));
    faults.clear();
    this.done.losses++;
  }

  /** Fills the disk, with no fault at the same time: on a full disk several windows may notify of the same fault. */
  private async fillDisk(): Promise<void> {
    if (!this.disk) return;
    const alone = { from: Date.now(), to: Infinity };
    this.alone.push(alone);
    await this.faultShown;
    alone.from = Date.now();
    const free = this.disk.fill();
    await pause(this.options, between(this.options.random, 20 * secondMs, 80 * secondMs));
    free();
    alone.to = Date.now() + agreeAgainMs;
    this.done.fullDisks++;
    await pause(this.options, agreeAgainMs);
  }

  private async measure(): Promise<void> {
    while (!isOver(this.options)) {
      await pause(this.options, measureMs);
      const [steady] = this.windows as [SoakedWindow];
      const bytes = this.compared.includes(steady) ? await liveBytes(steady.pid).catch(() => undefined) : undefined;
      if (bytes !== undefined) this.memory.push({ at: Date.now(), bytes });
    }
  }

  /** Does an action of a user. An action that the page does not accept is noted, but is no failure of the product. */
  private async attempt(what: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (this.options.signal.aborted) return;
      this.missed.push(what);
      this.options.log(`${what}: ${String(error)}`);
    }
  }

  private fail(what: string): void {
    this.failures.push(`${new Date().toISOString()}: ${what}`);
    this.options.log(what);
  }

  private findings(): Findings {
    const { done, missed, memory, refreshes, ends, alone, watch, failures } = this;
    const asked = this.simulator.volvo.requests.of("energy-v2");
    const intervals = ((Date.now() - this.askedFrom) / intervalMs).toFixed(1);
    const perCar = cars.map(({ vin, name }) => {
      const times = asked.filter((request) => request.vin === vin).map(({ at }) => at);
      return { name, ...judgeRequests(times, intervalMs, { refreshes, ends, alone }) };
    });
    for (const { name, unexplained } of perCar)
      failures.push(...unexplained.map((what) => `${name} was asked for at ${what}`));
    failures.push(...watch.tooLong.map((what) => `windows differ for longer than ${agreeMs} ms, from ${what}`));
    const growth = growthPerHour(memory);
    if (growth !== undefined && growth > growthLimit)
      failures.push(`the first window grows by ${megabytes(growth)} an hour`);
    const disk = this.disk
      ? `${done.fullDisks} times a full disk`
      : "no full disk: this system does not allow mounting one";
    return {
      lines: [
        `three windows: ${this.kills.length} kills, ${done.stops} stops, ${done.losses} times no network, ${disk}, ${refreshes.length} times Refresh, ${done.changes} changes of a car`,
        ...perCar.map(
          (car) =>
            `${car.name}: ${car.requests} requests in ${intervals} intervals: ${car.scheduled} by schedule, ${car.refreshed} for a Refresh, ${car.afterEnds} after a kill or stop, ${car.alone} by windows on their own, ${car.unexplained.length} unexplained`,
        ),
        `faults: ${done.faults}, each told once but ${done.excused} that the window that had claimed it was killed before telling`,
        `longest difference between windows that run: ${(watch.longestMs / secondMs).toFixed(1)} s, in ${this.looks} looks at two or three, with ${this.textsSeen.size} texts`,
        memoryLine("the window that was never killed", memory, growth),
        ...(missed.length > 0 ? [`actions that the page did not take: ${missed.join(", ")}`] : []),
      ],
      failures,
    };
  }
}

function resume(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // The process has ended.
  }
}
