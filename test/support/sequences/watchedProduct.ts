import { parseGrant } from "../../../src/auth/credentials";
import { secretKeys } from "../../../src/auth/credentialStore";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Reading } from "../../../src/charging/reading";
import type { Row } from "../../../src/present/row";
import { carGlance } from "../../../src/present/glance";
import { shownCar } from "../product/shownCar";
import { type FaultName, faults } from "../../../src/simulator/faults/faults";
import { type PathKind, routeOf } from "../../../src/simulator/route";
import type { SimulatorFetch } from "../../../src/simulator/simulatorFetch";
import { settle } from "../fakeClock";
import { ProductWorld } from "../product/productWorld";
import { type OddAnswer, responseWith } from "./oddAnswer";

const vin = "YV1S1MEX30A000001";
const energyKinds: readonly PathKind[] = ["energy-v1", "energy-v2"];

export interface WatchedOptions {
  readonly account: "test token" | "Volvo ID";
  readonly apiVersion?: "auto" | "v1" | "v2";
  /** The kinds of path with odd answers. */
  readonly kinds: readonly PathKind[];
  /** The car has no name in the settings, so the product looks up its model. */
  readonly unnamed?: boolean;
  /** The setting, in seconds; by default the product's default. */
  readonly refreshInterval?: number;
  readonly random?: () => number;
}

/** The parts of an answer that rules depend on. */
interface Answer {
  readonly kind: PathKind;
  readonly at: number;
  readonly isOdd: boolean;
  status?: number;
  body?: string;
}

/** Patterns of sentences on the screen that blame something, by what they blame ({@link WatchedProduct.mayBlame}). */
const blames = {
  version: /doesn't offer this version|token doesn't allow/,
  car: /doesn't allow access to this car|doesn't belong|doesn't know this car|can't find this car|doesn't offer charging/,
  request: /refused the request for this VIN/,
  signIn: /sign-in with Volvo ID has/,
  token: /test token has/,
  key: /doesn't accept the VCC API key/,
  application: /is refusing this application|refused the client ID/,
} as const;

/** Faults that make Volvo report another state than AC. */
const faultsWithOtherState: readonly FaultName[] = [
  // After a day the outdated type belongs to the current plug-in.
  "charging-type-outdated",
  "plug-half-in",
  "unplugged-but-charging",
  "disconnected-for-a-year",
];

/** A due check begins within this time. */
const punctualMs = 2 * secondMs;
/** The longest time without a request that neither Volvo nor the user asked for, plus the duration of a check. */
const longestSilenceMs = hourMs + 2 * minuteMs;

/**
 * The product without an editor, with one car at an AC charger, on a Volvo that can give odd answers. Every violation of
 * a rule becomes a complaint: a false state, a lost reading, a wrong time of the next check, blame too early, a time
 * without requests that is too long, a deleted credential.
 */
export class WatchedProduct {
  readonly complaints: string[] = [];
  /** The start of each check (ms). */
  readonly checksAt: number[] = [];
  /** The end of each check (ms). */
  readonly endsAt: number[] = [];
  private readonly world: ProductWorld;
  private odd: { readonly answer: OddAnswer; readonly remaining: Map<PathKind, number> } | undefined;
  /** All answers since the last reading. */
  private answers: Answer[] = [];
  private reading: Reading | undefined;
  private isEnded = false;
  private shownAt: number | undefined;
  private isChecking = false;
  private kindsOfCheck: PathKind[] = [];
  private lastRequestAt = 0;
  /** The text of the problem at the end of the last check, with its action; empty without one. */
  sentence = "";
  /** The number of consecutive checks with an odd answer. */
  private oddChecks = 0;

  constructor(private readonly options: WatchedOptions) {
    const { account, apiVersion = "auto", unnamed = false, refreshInterval, random } = options;
    this.world = new ProductWorld({
      cars: [{ vin, model: "EX30", modelYear: 2025 }],
      account,
      ...(apiVersion === "v1" && { scopes: ["openid", "energy:charging_connection_status"] }),
      // A window without focus has fewer ticks, which take most of the time of a simulated day.
      focused: false,
      settings: {
        vehicles: [unnamed ? vin : { vin, name: "EX30" }],
        apiVersion,
        adaptivePolling: false,
        ...(refreshInterval !== undefined && { refreshInterval }),
      },
      between: (fetch) => this.between(fetch),
      ...(random && { random }),
    });
    const { clock, volvo } = this.world.auth;
    volvo.car(vin).set({ state: "ac", measuredAtMs: clock.now() - 10 * minuteMs });
    this.lastRequestAt = clock.now();
    this.world.core.carStore.onDidChange(({ checking, nextCheckAt }) => {
      const isChecking = checking.length > 0;
      if (isChecking && !this.isChecking) this.checkBegins();
      const hasEnded = !isChecking && this.isChecking;
      this.isChecking = isChecking;
      if (hasEnded) this.checkEnds();
      if (!isChecking) this.shownAt = nextCheckAt;
    });
  }

  /** Reads the car for the first time. */
  async start(): Promise<void> {
    this.world.core.start();
    await this.checks(1);
  }

  /** Makes the next answers odd: `times` answers of each kind of path. */
  turnsOdd(answer: OddAnswer, times = Infinity): void {
    const { kinds } = this.options;
    this.odd = { answer, remaining: new Map(kinds.map((kind) => [kind, times])) };
    if (!("fault" in answer)) return;
    const { faults: plan } = this.world.auth.volvo;
    plan.clear();
    for (const kind of kinds) {
      if (!faults[answer.fault].kinds.includes(kind)) continue;
      plan.inject({ name: answer.fault, kind, ...(times !== Infinity && { times }) });
    }
  }

  turnsGood(): void {
    this.odd = undefined;
    this.world.auth.volvo.faults.clear();
  }

  get now(): number {
    return this.world.auth.clock.now();
  }

  /** True if no request is sent until the user acts. */
  hasStopped(): boolean {
    return this.isEnded || this.world.core.carStore.current.account.tokenRefusals >= 2;
  }

  /** True if the last check read the car. */
  hasRead(): boolean {
    const car = this.car();
    return car?.reading !== undefined && car.problem === undefined && this.answers.length === 0;
  }

  /** Advances time until `count` more checks have ended, by at most `limitMs`. False if fewer ended. */
  async checks(count: number, limitMs = 3 * 24 * hourMs): Promise<boolean> {
    const wanted = this.endsAt.length + count;
    await this.until(this.now + limitMs, () => this.endsAt.length >= wanted);
    return this.endsAt.length >= wanted;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.until(this.now + ms, () => false);
  }

  async close(): Promise<void> {
    this.world.core.dispose();
    await settle();
  }

  private async until(end: number, isDone: () => boolean): Promise<void> {
    const { clock } = this.world.auth;
    while (!isDone() && this.now < end) {
      await settle();
      // Bodies arrive one turn of the event loop at a time, while no time passes.
      for (let turn = 0; this.isChecking && turn < 200; turn++) await nextTurn();
      if (isDone()) return;
      const { nextCheckAt } = this.world.core.carStore.current;
      const toNext = nextCheckAt === undefined ? 5 * minuteMs : nextCheckAt - this.now;
      await clock.advance(this.isChecking || toNext <= 0 ? secondMs : Math.min(toNext, end - this.now));
      this.lookForSilence();
    }
  }

  private car() {
    return this.world.core.carStore.current.cars[0];
  }

  private complain(what: string): void {
    if (this.complaints.length < 20) this.complaints.push(`${new Date(this.now).toISOString()} ${what}`);
  }

  private checkBegins(): void {
    this.checksAt.push(this.now);
    this.kindsOfCheck = [];
    const { shownAt } = this;
    const isFirst = this.checksAt.length === 1;
    // An ended sign-in is retried without a time on the screen.
    if (isFirst || shownAt === undefined) return;
    const delayMs = this.now - shownAt;
    if (delayMs < -secondMs || delayMs > punctualMs)
      this.complain(`checked ${delayMs / secondMs} s after the time shown`);
  }

  private checkEnds(): void {
    if (this.kindsOfCheck.length > 0 && this.kindsOfCheck.every((kind) => kind === "car-details")) {
      // The look-up of a model, after the check itself.
      this.checksAt.pop();
      return;
    }
    this.endsAt.push(this.now);
    if (this.kindsOfCheck.length === 0) this.complain("nothing was asked at the time shown");
    this.judge();
  }

  private lookForSilence(): void {
    // A renewal may continue after the end of its check.
    this.judgeSecrets();
    if (this.isChecking || this.hasStopped()) return;
    const { nextCheckAt } = this.world.core.carStore.current;
    if (nextCheckAt !== undefined && this.now - nextCheckAt > punctualMs) {
      this.complain(`nothing is asked although the time shown is over`);
    }
    if (this.now > this.silenceUntil) this.complain(`silent for ${(this.now - this.lastRequestAt) / minuteMs} min`);
  }

  /** The latest time of the next request. Volvo may have named a time. One odd answer delays it by at most two intervals. */
  private get silenceUntil(): number {
    const problem = this.car()?.problem;
    const namedUntil = problem && "until" in problem && this.isWaitNamedByVolvo() ? problem.until : 0;
    const { refreshInterval = 300 } = this.options;
    const intervalMs = refreshInterval * secondMs;
    const usualMs = this.oddChecks <= 1 && !this.isRefusedTwice() ? 2 * intervalMs + minuteMs : 0;
    const longestMs = usualMs > 0 ? usualMs : Math.max(longestSilenceMs, 1.1 * intervalMs + minuteMs);
    return Math.max(this.lastRequestAt + longestMs, namedUntil + punctualMs + intervalMs);
  }

  /** True if an answer asked to wait, by its header, its text or its status alone. */
  private isWaitNamedByVolvo(): boolean {
    return this.answers.some(
      ({ status, body = "" }) => status === 429 || status === 503 || body.includes("replenished"),
    );
  }

  /** True after two consecutive 401s, so a renewal between them did not help. */
  private isRefusedTwice(): boolean {
    const energy = this.answers.filter(({ kind }) => energyKinds.includes(kind));
    return energy.slice(-2).every(({ status }) => status === 401) && energy.length >= 2;
  }

  /** Judges the screen and the stored data at the end of a check. */
  private judge(): void {
    const { world } = this;
    const { reading, problem } = this.car() ?? {};
    const isNew = reading !== undefined && reading.fetchedAt !== this.reading?.fetchedAt;
    const oddAnswers = this.answers.filter(({ isOdd, at }) => isOdd && at >= (this.checksAt.at(-1) ?? 0)).length;
    this.oddChecks = isNew ? 0 : this.oddChecks + (oddAnswers > 0 ? 1 : 0);
    if (this.reading && !reading) this.complain("the last reading is lost");
    if (problem && isNew) this.complain(`${problem.kind} beside a new reading`);
    if (isNew) this.judgeState(oddAnswers > 0);
    else this.judgeScreen();
    this.judgeSecrets();
    if (isNew) this.answers = [];
    this.reading = reading;
    // The session may report that the sign-in has ended.
    const { current } = world.core.session;
    if (current.kind === "stopped" && !this.isRefusedTwice() && !this.wasGrantRefused()) {
      this.complain(`the sign-in is not used any more: ${current.cause}`);
    }
  }

  /** A good answer must lead to AC. An odd one may lead to an unknown state, or to the state that its fault reports. */
  private judgeState(isOdd: boolean): void {
    this.sentence = "";
    const kind = this.car()?.reading?.connection.value.kind ?? "none";
    const answer = this.odd?.answer;
    const faultReportsOtherState =
      answer !== undefined && "fault" in answer && faultsWithOtherState.includes(answer.fault);
    const isTrue =
      kind === "connectedAc" || (isOdd && (kind === "unknown" || kind === "connected" || faultReportsOtherState));
    if (!isTrue) this.complain(`the car is said to be ${kind}`);
  }

  /** Without a new reading, the screen must show the last one with its age and the reason. */
  private judgeScreen(): void {
    const view = this.world.viewState;
    const { row, problem } = shownCar(view);
    const item = view.cars[0] && carGlance(view.cars[0], view);
    this.sentence = problem;
    const measuredAt = this.reading?.connection.measuredAt;
    if (this.reading && measuredAt !== undefined) {
      const shown = ageOf(row);
      const ageMs = this.now - measuredAt;
      const isTrue = shown !== undefined && shown.from <= ageMs && ageMs < shown.to;
      if (!isTrue) this.complain(`the row says "${row?.description ?? ""}" after ${ageMs / minuteMs} min`);
      const word = row?.description?.split(" · ")[0] ?? "?";
      if (!item?.text.includes(` ${word}`)) this.complain(`the item says "${item?.text ?? ""}"`);
    }
    const { sentence } = this;
    if (sentence === "") this.complain("no reading came, and nothing says so");
    for (const [blamed, words] of Object.entries(blames)) {
      if (words.test(sentence) && !this.mayBlame(blamed as keyof typeof blames)) {
        this.complain(`blames the ${blamed} after ${JSON.stringify(this.answers)}: ${sentence}`);
      }
    }
  }

  /** The product's rules for blaming something. */
  private mayBlame(blamed: keyof typeof blames): boolean {
    const ofEnergy = this.answers.filter(({ kind }) => energyKinds.includes(kind));
    const last = ofEnergy.at(-1);
    const lastToken = this.answers.filter(({ kind }) => kind === "token").at(-1);
    switch (blamed) {
      case "version": {
        // A test token expires too soon to wait for more refusals.
        const first = ofEnergy[0];
        const isOldEnough = first !== undefined && this.now - first.at >= 6 * hourMs - minuteMs;
        return this.options.account === "test token" || (ofEnergy.length >= 3 && isOldEnough);
      }
      case "car":
        return (last?.status === 404 && !isPage(last)) || (last?.status === 403 && isJson(last));
      case "request":
        return (last?.status === 400 || last?.status === 422) && !isPage(last);
      case "signIn":
        return this.isRefusedTwice() || this.wasGrantRefused();
      case "token":
        return last?.status === 401;
      case "key":
        return ofEnergy.filter(({ status }) => status === 401).length >= 3;
      case "application":
        return [400, 401, 403].includes(lastToken?.status ?? 0) && lastToken !== undefined && isJson(lastToken);
    }
  }

  private wasGrantRefused(): boolean {
    return this.answers.some(({ kind, body = "" }) => kind === "token" && body.includes("invalid_grant"));
  }

  private judgeSecrets(): void {
    const { disk } = this.world.auth.secrets;
    const grant = parseGrant(disk.get(secretKeys.grant) ?? "");
    if (!disk.has(secretKeys.apiKey)) this.complain("the API key is deleted");
    if (grant?.kind !== (this.options.account === "Volvo ID" ? "volvoId" : "testToken")) {
      if (!this.isEnded && !this.wasGrantRefused()) this.complain("the sign-in is deleted");
      this.isEnded = true;
    }
    const { current } = this.world.core.session;
    if (current.kind === "stopped" && this.wasGrantRefused()) this.isEnded = true;
  }

  /** Records every request, and gives the odd answers that are not faults of the simulator. */
  private between(fetch: SimulatorFetch): SimulatorFetch {
    return async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const { kind } = routeOf(url.pathname);
      const { odd } = this;
      const remaining = odd?.remaining.get(kind) ?? 0;
      const isOdd = odd !== undefined && remaining > 0;
      if (isOdd) odd.remaining.set(kind, remaining - 1);
      // The car gets a new measurement, so that the values of an earlier fault are not newer.
      if (!isOdd) this.world.auth.volvo.car(vin).set({ state: "ac", measuredAtMs: this.now });
      this.lookForSilence();
      this.kindsOfCheck.push(kind);
      this.lastRequestAt = this.now;
      const answer: Answer = { kind, at: this.now, isOdd };
      if (kind !== "car-details") this.answers.push(answer);
      const isRaw = isOdd && "status" in odd.answer;
      const response = isRaw ? responseWith(odd.answer.status, odd.answer.body) : await fetch(input, init);
      answer.status = response.status;
      if (response.status >= 400 && response.status < 500) answer.body = await response.clone().text();
      return response;
    };
  }
}

/** The range of ages (ms) that a row's text describes. */
function ageOf(row: Row | undefined): { readonly from: number; readonly to: number } | undefined {
  const text = row?.description ?? "";
  if (text.includes("just now")) return { from: 0, to: minuteMs };
  const match = /(\d+) (min|h|d) ago/.exec(text);
  if (!match) return undefined;
  const unit = { min: minuteMs, h: hourMs, d: 24 * hourMs }[match[2] as "min" | "h" | "d"];
  return { from: Number(match[1]) * unit, to: (Number(match[1]) + 1) * unit };
}

function isPage({ body = "" }: Answer): boolean {
  return /^\s*<(?:!doctype|html)/i.test(body);
}

function isJson({ body = "" }: Answer): boolean {
  return /^\s*\{/.test(body);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
