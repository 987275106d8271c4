import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Problem } from "../../../src/charging/problem";
import type { Row } from "../../../src/present/row";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import { plugStates } from "../../../src/simulator/plugState";
import { type FaultName, faultNames, faults } from "../../../src/simulator/faults/faults";
import { numberFaults } from "../../../src/simulator/faults/numberFaults";
import type { PathKind } from "../../../src/simulator/route";
import { apiKey, issuer } from "../auth/world";
import { settle } from "../fakeClock";
import { ProductWorld } from "../product/productWorld";
import { mulberry } from "../random";

export interface StormOptions {
  readonly hours: number;
  /** Called after the first and after the second half of the storm. */
  readonly onHalf?: () => void;
}

export interface StormReport {
  readonly seed: number;
  readonly requests: number;
  /** The number of answers that a fault has affected. */
  readonly badAnswers: number;
  /** The injected faults, except the lasting ones. */
  readonly injectedFaults: ReadonlySet<FaultName>;
  /** The faults that have affected an answer. */
  readonly effectiveFaults: ReadonlySet<string>;
  /** Minutes from the end of the storm to a reading of every car. */
  readonly recoveredAfter: number;
  /** Descriptions of violated rules; empty if there are none. */
  readonly complaints: readonly string[];
}

/** A token from the portal is for one API version or for both. */
const pastedVersions = ["auto", "v1", "v2"];
const vins = ["YV1S1MEX30A000001", "YV1S1MEX90A000002", "YV1S1MEC40A000003"];
/** The product asks rarely for about a day after one of these faults, so they are rare: others must be met as well. */
const lastingFaults: readonly FaultName[] = [
  ...(["quota-spent", "quota-spent-for-days", "rate-limited-retry-after-day"] as const),
  ...(["client-blocked", "client-unauthorized", "resource-forbidden", "route-not-found", "api-gone"] as const),
  ...(["forbidden-page", "error-without-description"] as const),
];
/** The kinds of path that users request regularly. */
const askedKinds: readonly PathKind[] = ["energy-v1", "energy-v2", "token"];
/** Faults of a sign-in in the browser, which a storm does not include. */
const signInFaults: readonly FaultName[] = ["authorization-code-refused"];
/** The faults that storms include. */
export const passingFaults = faultsOf(askedKinds).filter((name) => !lastingFaults.includes(name));

function faultsOf(kinds: readonly PathKind[]): readonly FaultName[] {
  // The answers of Energy v1 contain no numbers.
  const hasNumbers = kinds.some((kind) => kind !== "energy-v1");
  return faultNames
    .filter((name) => !signInFaults.includes(name) && (hasNumbers || !Object.hasOwn(numberFaults, name)))
    .filter((name) => faults[name].kinds.some((kind) => kinds.includes(kind)));
}

/** The longest back-off with its jitter, and a request that runs into its time limit. */
const longestIntervalMs = 30 * minuteMs * 1.1 + 2 * minuteMs;

/** JavaScript's messages for bugs in the product's own code, wherever they were caught and at any log level. */
const bugMessage =
  /unexpected|Cannot (?:read|set|convert|destructure)|is not (?:a function|iterable|defined)|Invalid (?:time value|array length)|Maximum call stack/;

/** Simulates faults of every kind, chosen by `seed`, then good answers, after which every car must be read. */
export async function simulateStorm(seed: number, options: StormOptions): Promise<StormReport> {
  const storm = new Storm(seed, options);
  const note = (reason: unknown) =>
    storm.complain(`not caught: ${reason instanceof Error ? reason.stack : String(reason)}`);
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  try {
    return await storm.run();
  } finally {
    process.off("unhandledRejection", note);
    process.off("uncaughtExceptionMonitor", note);
  }
}

class Storm {
  private readonly random: () => number;
  private readonly world: ProductWorld;
  private readonly complaints = new Set<string>();
  private readonly kinds: readonly PathKind[];
  private readonly injectedFaults = new Set<FaultName>();
  /** The faults to inject before any is injected twice. */
  private deck: FaultName[] = [];
  /** The faults injected since the last {@link clear}. */
  private recent: FaultName[] = [];
  private readonly effectiveFaults = new Set<string>();
  private readonly read = new Set<string>();
  private badAnswers = 0;
  private requests = 0;

  constructor(
    private readonly seed: number,
    private readonly options: StormOptions,
  ) {
    this.random = mulberry(seed);
    // Every third user has pasted a token, which never expires here.
    const isPasted = seed % 3 === 0;
    const apiVersion = isPasted ? pastedVersions[(seed / 3) % 3] : this.pick(["auto", "v2"]);
    this.kinds = [apiVersion === "v1" ? "energy-v1" : "energy-v2", ...(isPasted ? [] : (["token"] as const))];
    this.world = new ProductWorld({
      cars: vins.map((vin) => ({ vin, model: "EX30", modelYear: 2025 })),
      account: isPasted ? "test token" : "Volvo ID",
      settings: { vehicles: vins, apiVersion },
      random: this.random,
    });
    this.world.core.carStore.onDidChange(({ cars }) => {
      for (const { vin, reading } of cars) {
        if (reading) this.read.add(vin);
        else if (this.read.has(vin)) this.complain("a reading was lost");
      }
    });
  }

  complain(what: string): void {
    this.complaints.add(what);
  }

  async run(): Promise<StormReport> {
    const { core, auth } = this.world;
    const { clock } = auth;
    core.start();
    await clock.advance(minuteMs);
    if (this.read.size < vins.length) this.complain("the cars were not read before the storm");
    const startedAt = clock.now();
    const lastMs = this.options.hours * hourMs;
    for (let half = 1; half <= 2; half++) {
      while (clock.now() - startedAt < (lastMs * half) / 2) await this.step();
      this.options.onHalf?.();
    }
    await this.injectRemaining();
    const recoveredAfter = await this.recover();
    core.dispose();
    await this.whileTimePasses(core.finish());
    return {
      seed: this.seed,
      requests: this.requests,
      badAnswers: this.badAnswers,
      injectedFaults: this.injectedFaults,
      effectiveFaults: this.effectiveFaults,
      recoveredAfter,
      complaints: [...this.complaints],
    };
  }

  /** A few minutes with up to three new faults. */
  private async step(): Promise<void> {
    const { core, auth } = this.world;
    const { volvo, clock } = auth;
    if (this.random() < 0.5) this.clear();
    for (let count = this.int(0, 3); count > 0; count--) {
      const name = this.draw();
      const times = this.random() < 0.5 ? this.int(1, 5) : undefined;
      const possible = this.kinds.filter((kind) => faults[name].kinds.includes(kind));
      const kind = this.random() < 0.5 ? this.pick(possible) : undefined;
      volvo.faults.inject({ name, ...(times !== undefined && { times }), ...(kind && { kind }) });
    }
    if (this.random() < 0.3) volvo.car(this.pick(vins)).set(this.pick(plugStates));
    if (this.random() < 0.1) void core.polling.refresh();
    await clock.advance(Math.round(this.int(1, 15) * minuteMs * this.random()));
    if (this.random() < 0.2) await this.actAsUser();
    this.look();
  }

  private draw(): FaultName {
    if (this.random() < 0.03) return this.pick(faultsOf(this.kinds));
    if (this.deck.length === 0)
      this.deck = this.shuffled(faultsOf(this.kinds).filter((name) => !lastingFaults.includes(name)));
    const name = this.deck.pop()!;
    this.injectedFaults.add(name);
    this.recent.push(name);
    return name;
  }

  /** Injects each fault that has not affected an answer once more, alone. */
  private async injectRemaining(): Promise<void> {
    const { volvo, clock } = this.world.auth;
    for (const name of this.injectedFaults) {
      if (this.effectiveFaults.has(name)) continue;
      volvo.faults.clear();
      volvo.faults.inject({ name });
      for (const end = clock.now() + 2 * dayMs; !this.effectiveFaults.has(name) && clock.now() < end;) {
        await clock.advance(15 * minuteMs);
        await this.actAsUser();
        this.look();
      }
    }
  }

  /** Ends all faults. Those that have affected no answer are injected again later. */
  private clear(): void {
    this.world.auth.volvo.faults.clear();
    this.deck.push(...this.recent.splice(0).filter((name) => !this.effectiveFaults.has(name)));
  }

  /** Does what the screen asks for: a new sign-in after the end of one, a new token after a refusal. */
  private async actAsUser(): Promise<void> {
    const { core, auth } = this.world;
    const { current } = core.session;
    const isRefused = this.world.viewState.cars.some(({ problem }) => problem?.kind === "tokenEnded");
    if (current.kind === "stopped") {
      const tokens = auth.volvo.volvoId.signIn();
      const { clientId, clientSecret } = auth.volvo.volvoId.options;
      const now = auth.clock.now();
      const signIn = {
        signInId: `sign-in-${this.random()}`,
        issuer,
        clientId,
        clientSecret,
        accessToken: tokens.access_token,
        expiresAt: now + tokens.expires_in * secondMs,
        refreshToken: tokens.refresh_token,
        refreshedAt: now,
        signedInAt: now,
        scopes: ["openid", "conve:vehicle_relation", "energy:state:read"],
        label: "",
      };
      await this.whileTimePasses(core.session.saveSignIn(signIn));
    } else if (isRefused && current.kind === "ready" && current.account.kind === "testToken") {
      const { value } = auth.volvo.issueTestToken({ lifetimeMs: Infinity });
      await this.whileTimePasses(core.session.saveTestToken(value));
    }
  }

  /** Advances time until `act` has settled. Storing credentials and stopping wait for a renewal, which may wait for Volvo. */
  private async whileTimePasses(act: Promise<void>): Promise<void> {
    let isOver = false as boolean;
    const over = act.finally(() => (isOver = true));
    await settle();
    while (!isOver) await this.world.auth.clock.advance(secondMs);
    await over;
  }

  /** Checks all texts on the screen and in the log. */
  private look(): void {
    const { requests } = this.world.auth.volvo;
    for (const { fault } of requests.all) {
      this.requests++;
      if (fault === undefined) continue;
      this.badAnswers++;
      this.effectiveFaults.add(fault);
    }
    requests.clear();
    const { viewState: view, auth } = this.world;
    const item = statusBar(view);
    const texts = [item?.text ?? "", item?.tooltip ?? "", item?.spoken ?? "", ...tree(view).flatMap(textsOf)];
    const malformed = texts.find((text) => /undefined|\bNaN\b|\[object|Invalid Date/.test(text));
    if (malformed !== undefined) this.complain(`on the screen: ${malformed}`);
    if (!item) this.complain("no item on the screen");
    for (const line of auth.logged.splice(0)) {
      if (bugMessage.test(line)) this.complain(`in the log: ${line}`);
      if (line.includes(apiKey)) this.complain("the API key is in the log");
    }
  }

  /**
   * Ends all faults and returns the minutes until every car is read. A problem with a time on the screen must be over by
   * that time, every other within one interval.
   */
  private async recover(): Promise<number> {
    const { core, auth } = this.world;
    const { clock, volvo } = auth;
    volvo.faults.clear();
    for (const vin of vins) volvo.car(vin).set("dc");
    await this.actAsUser();
    await settle();
    const from = clock.now();
    const until = Math.max(...this.world.viewState.cars.map(({ problem }) => this.namedEnd(problem, from)));
    const isRead = () =>
      core.carStore.current.cars.every((car) => !car.problem && car.reading?.connection.value.kind === "connectedDc");
    while (!isRead() && clock.now() < until) {
      await clock.advance(minuteMs);
      // The product may detect only now that a sign-in or a token has ended.
      await this.actAsUser();
    }
    this.look();
    if (!isRead()) {
      const { cars, account } = core.carStore.current;
      const problems = cars.map(({ problem, reading }) => [problem, reading?.connection]);
      this.complain(`not recovered: ${JSON.stringify([problems, account, core.session.current, until - from])}`);
    }
    return Math.round((clock.now() - from) / minuteMs);
  }

  private namedEnd(problem: Problem | undefined, now: number): number {
    const afterOneInterval = now + longestIntervalMs;
    if (problem === undefined) return afterOneInterval;
    if ("until" in problem) return problem.until + longestIntervalMs;
    const isHourly = ["notFound", "notSupported", "forbidden", "clientBlocked", "clientRefused"].includes(problem.kind);
    return isHourly ? now + hourMs * 1.1 + 2 * minuteMs : afterOneInterval;
  }

  private int(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }

  private shuffled<T>(from: readonly T[]): T[] {
    const keyed = from.map((value) => ({ value, key: this.random() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}

function textsOf({ label, description = "", tooltip, spoken, children }: Row): readonly string[] {
  return [label, description, tooltip, spoken, ...children.flatMap(textsOf)];
}
