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
  /** Called when half of the storm has passed and when all of it has. */
  readonly onHalf?: () => void;
}

export interface StormReport {
  readonly seed: number;
  readonly requests: number;
  /** Answers that a fault has spoiled. */
  readonly badAnswers: number;
  /** The simulator's faults that were sent, but those that keep everything from being asked for a day. */
  readonly drawn: ReadonlySet<FaultName>;
  /** Those that have spoiled an answer. */
  readonly struck: ReadonlySet<string>;
  /** From the end of the storm to a reading of every car, in minutes. */
  readonly recoveredAfter: number;
  /** What must not happen, in words. Empty where all is well. */
  readonly complaints: readonly string[];
}

/** A token of the portal is for one version, or for both. */
const pastedVersions = ["auto", "v1", "v2"];
const vins = ["YV1S1MEX30A000001", "YV1S1MEX90A000002", "YV1S1MEC40A000003"];
/** After these Volvo is left alone for a day or so; more of them and nothing would be asked in most of the storm. */
const lasting: readonly FaultName[] = [
  ...(["quota-spent", "quota-spent-for-days", "rate-limited-retry-after-day"] as const),
  ...(["client-blocked", "client-unauthorized", "resource-forbidden", "route-not-found", "api-gone"] as const),
  ...(["forbidden-page", "error-without-description"] as const),
];
/** What is asked all the time, by one user or another. */
const askedKinds: readonly PathKind[] = ["energy-v1", "energy-v2", "token"];
/** Nobody signs in by a browser here. */
const ofSigningIn: readonly FaultName[] = ["authorization-code-refused"];
/** The faults that a storm over several users has. */
export const passingFaults = faultsOf(askedKinds).filter((name) => !lasting.includes(name));

function faultsOf(kinds: readonly PathKind[]): readonly FaultName[] {
  // What is asked of Energy v1 has no numbers in its answer.
  const hasNumbers = kinds.some((kind) => kind !== "energy-v1");
  return faultNames
    .filter((name) => !ofSigningIn.includes(name) && (hasNumbers || !Object.hasOwn(numberFaults, name)))
    .filter((name) => faults[name].kinds.some((kind) => kinds.includes(kind)));
}

/** The longest back-off with its jitter, and a request that runs into its time limit. */
const longestIntervalMs = 30 * minuteMs * 1.1 + 2 * minuteMs;

/** What JavaScript says of a mistake in our own code, wherever that was caught and at any level of the log. */
const slip =
  /unexpected|Cannot (?:read|set|convert|destructure)|is not (?:a function|iterable|defined)|Invalid (?:time value|array length)|Maximum call stack/;

/** Time under faults of every kind, decided by `seed`; then the weather clears and the cars must come back. */
export async function liveThroughStorm(seed: number, options: StormOptions): Promise<StormReport> {
  const storm = new Storm(seed, options);
  const note = (reason: unknown) =>
    storm.complain(`not caught: ${reason instanceof Error ? reason.stack : String(reason)}`);
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  try {
    return await storm.live();
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
  private readonly drawn = new Set<FaultName>();
  /** What is still to come before anything comes twice. */
  private deck: FaultName[] = [];
  /** What has been drawn since the weather last cleared. */
  private recent: FaultName[] = [];
  private readonly struck = new Set<string>();
  private readonly read = new Set<string>();
  private badAnswers = 0;
  private requests = 0;

  constructor(
    private readonly seed: number,
    private readonly options: StormOptions,
  ) {
    this.random = mulberry(seed);
    // Every third user has pasted a token, which does not end by itself here.
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

  async live(): Promise<StormReport> {
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
    await this.meetTheRest();
    const recoveredAfter = await this.recover();
    core.dispose();
    await this.whileTimeGoesOn(core.finish());
    return {
      seed: this.seed,
      requests: this.requests,
      badAnswers: this.badAnswers,
      drawn: this.drawn,
      struck: this.struck,
      recoveredAfter,
      complaints: [...this.complaints],
    };
  }

  /** A few minutes of one weather. */
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
      this.deck = this.shuffled(faultsOf(this.kinds).filter((name) => !lasting.includes(name)));
    const name = this.deck.pop()!;
    this.drawn.add(name);
    this.recent.push(name);
    return name;
  }

  /** What no request has met yet is met alone. */
  private async meetTheRest(): Promise<void> {
    const { volvo, clock } = this.world.auth;
    for (const name of this.drawn) {
      if (this.struck.has(name)) continue;
      volvo.faults.clear();
      volvo.faults.inject({ name });
      for (const end = clock.now() + 2 * dayMs; !this.struck.has(name) && clock.now() < end;) {
        await clock.advance(15 * minuteMs);
        await this.actAsUser();
        this.look();
      }
    }
  }

  /** What came to nothing because no request met it comes again. */
  private clear(): void {
    this.world.auth.volvo.faults.clear();
    this.deck.push(...this.recent.splice(0).filter((name) => !this.struck.has(name)));
  }

  /** What the screen asks for: a new sign-in where it has ended, a new token where it was refused. */
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
      await this.whileTimeGoesOn(core.session.saveSignIn(signIn));
    } else if (isRefused && current.kind === "ready" && current.account.kind === "testToken") {
      const { value } = auth.volvo.issueTestToken({ lifetimeMs: Infinity });
      await this.whileTimeGoesOn(core.session.saveTestToken(value));
    }
  }

  /** Storing and ending wait for a renewal that is under way, which may wait for Volvo. */
  private async whileTimeGoesOn(act: Promise<void>): Promise<void> {
    let isOver = false as boolean;
    const over = act.finally(() => (isOver = true));
    await settle();
    while (!isOver) await this.world.auth.clock.advance(secondMs);
    await over;
  }

  /** Looks at everything that would be on the screen. */
  private look(): void {
    const { requests } = this.world.auth.volvo;
    for (const { fault } of requests.all) {
      this.requests++;
      if (fault === undefined) continue;
      this.badAnswers++;
      this.struck.add(fault);
    }
    requests.clear();
    const { viewState: view, auth } = this.world;
    const item = statusBar(view);
    const texts = [item?.text ?? "", item?.tooltip ?? "", item?.spoken ?? "", ...tree(view).flatMap(textsOf)];
    const odd = texts.find((text) => /undefined|\bNaN\b|\[object|Invalid Date/.test(text));
    if (odd !== undefined) this.complain(`on the screen: ${odd}`);
    if (!item) this.complain("no item on the screen");
    for (const line of auth.logged.splice(0)) {
      if (slip.test(line)) this.complain(`in the log: ${line}`);
      if (line.includes(apiKey)) this.complain("the API key is in the log");
    }
  }

  /** The weather is fine from now on; what the screen names a time for is over by then, all else in one interval. */
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
      // The end of a sign-in or of a token may come to light only now.
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
    const pace = now + longestIntervalMs;
    if (problem === undefined) return pace;
    if ("until" in problem) return problem.until + longestIntervalMs;
    const isHourly = ["notFound", "notSupported", "forbidden", "clientBlocked", "clientRefused"].includes(problem.kind);
    return isHourly ? now + hourMs * 1.1 + 2 * minuteMs : pace;
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
