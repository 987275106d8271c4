import { type Clock, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/redactor";
import { toDisposable } from "../../../src/base/disposable";
import { activeHold, isTokenSpent } from "../../../src/charging/account";
import { CarStore } from "../../../src/charging/carStore";
import { failed, type Result } from "../../../src/charging/failure";
import { readBatch } from "../../../src/polling/batch";
import { planNextCheck, scheduled, type ScheduleInput } from "../../../src/polling/schedule";
import { createVolvoClient } from "../../../src/volvo/client";
import { classifyAnswer, type ErrorAnswer } from "../../../src/volvo/errors";
import { okMember, RecordingLog, v1Body, v2Body, vinNumber } from "../builders/builders";
import { mulberry } from "../random";
import { turnWith } from "../turn";

const vin = vinNumber(1);
const longestSilenceMs = hourMs + secondMs;
const start = Date.UTC(2026, 10, 23, 8);

const plain = { body: "", retryAfter: null, contentType: null, leadsAway: false } as const;
const json = (status: number, body: unknown): ErrorAnswer => {
  return { ...plain, status, body: JSON.stringify(body), contentType: "application/json" };
};
/** Answers that rules distinguish by their words, and some that they do not. */
const distinctAnswers: readonly ErrorAnswer[] = [
  json(404, { statusCode: 404, message: "Resource not found" }),
  json(410, {}),
  json(403, { error: { description: "Client not allowed to access Energy API" } }),
  json(403, { error: { description: "No relationship to UUID" } }),
  json(404, { error: { message: "VEHICLE_NOT_FOUND" } }),
  json(404, { error: { description: "VIN does not belong to allowed markets" } }),
  json(403, { message: "Out of call volume quota. Quota will be replenished in 03:30:56." }),
  json(403, { message: "Out of call volume quota." }),
  json(401, { message: "Access denied due to invalid VCC-API-KEY." }),
  json(400, {}),
  { ...plain, status: 307 },
  { ...plain, status: 307, leadsAway: true },
  { ...plain, status: 429, retryAfter: "7200" },
  { ...plain, status: 503, retryAfter: "7200" },
];

/** Two days of the rules alone, without requests, windows or a screen. `seed` determines the good and odd answers. */
export class PureRules {
  readonly complaints: string[] = [];
  private readonly random: () => number;
  private now = start;
  private readonly store = new CarStore();
  private answer: ErrorAnswer | undefined;
  private oddUntil = 0;
  /** The consecutive refusals of each version: their number and the time of the first. */
  private readonly refused = new Map<string, { readonly since: number; count: number }>();
  private readonly hasWorked = new Set<string>();
  private readonly settings: ScheduleInput["settings"];
  private readonly client: ReturnType<typeof createVolvoClient>;
  private readonly clock: Clock = { now: () => this.now, after: () => toDisposable(() => undefined) };

  constructor(seed: number) {
    this.random = mulberry(seed);
    const refreshIntervalMs = this.pick([900, 1800, 3600]) * secondMs;
    this.settings = { refreshIntervalMs, adaptive: true, dailyCallBudget: 5000 };
    const granted = this.pick([["v2"], ["v2", "v1"]] as const);
    const setting = this.pick(["auto", "auto", "v2"] as const);
    this.client = createVolvoClient({
      transport: { get: (path) => Promise.resolve(this.get(path)), volvoAheadMs: 0 },
      clock: this.clock,
      log: new RecordingLog(),
      redactor: new Redactor(),
      currentChoice: () => ({ setting, scope: "a sign-in", granted, tokenIsForOneApi: false }),
      memory: {
        get: () => this.store.current.account.workingVersion,
        set: (working) => this.store.versionFound(working),
      },
    });
    this.store.configure([{ vin }]);
  }

  async complaintsAfterTwoDays(): Promise<readonly string[]> {
    while (this.now < start + 48 * hourMs && this.complaints.length === 0) await this.check();
    return this.complaints;
  }

  private async check(): Promise<void> {
    const plan = planNextCheck(this.input());
    if (plan.kind === "idle") {
      if (!isTokenSpent(this.store.current.account)) this.complain("nothing is planned");
      this.now += 48 * hourMs;
      return;
    }
    const hold = activeHold(this.store.current.account, this.now);
    const longestMs = Math.max(longestSilenceMs, this.settings.refreshIntervalMs * 1.1);
    if (!hold && plan.at - this.now > longestMs) this.complain(`silent for ${(plan.at - this.now) / minuteMs} min`);
    if (hold && plan.at - Math.max(this.now, hold.until) > longestMs) this.complain("silent after a wait");
    this.now = plan.at;
    const planWhenDue = planNextCheck(this.input());
    if (planWhenDue.kind === "idle" || planWhenDue.at !== plan.at)
      this.complain("the time of the next check was not true");
    this.chooseAnswer();
    const before = this.store.car(vin)?.reading;
    await readBatch(
      {
        ...{ clock: this.clock, client: this.client, carStore: this.store, turn: turnWith(), forced: false },
        ...{ longestGapMs: Infinity, jitter: this.random(), onSend: () => undefined },
      },
      plan.vins,
    );
    this.judge(before);
  }

  /** Decides whether the next answer is good or odd. */
  private chooseAnswer(): void {
    if (this.now < this.oddUntil) return;
    const isOdd = this.store.car(vin)?.reading !== undefined && this.random() < 0.4;
    if (!isOdd) {
      this.answer = undefined;
      return;
    }
    const status = 300 + Math.floor(this.random() * 300);
    const body = this.pick(["", "words", "<!DOCTYPE html><p>words</p>", '{"message":"words"}']);
    this.answer = this.random() < 0.6 ? this.pick(distinctAnswers) : { ...plain, status, body };
    this.oddUntil = this.now + this.random() ** 3 * 20 * hourMs;
  }

  private get(path: string): Result<unknown> {
    const version = path.startsWith("/energy/v1") ? "v1" : "v2";
    if (!this.answer) {
      this.refused.delete(version);
      this.hasWorked.add(version);
      const at = new Date(this.now - minuteMs).toISOString();
      const status = okMember("CONNECTED", undefined, at);
      const v2 = { chargerConnectionStatus: status, chargingType: okMember("AC", undefined, at) };
      return { ok: true, value: version === "v2" ? v2Body(v2) : v1Body("CONNECTION_STATUS_CONNECTED_AC", at) };
    }
    const { since, count } = this.refused.get(version) ?? { since: this.now, count: 0 };
    this.refused.set(version, { since, count: count + 1 });
    return failed(classifyAnswer(this.answer, this.now), "", this.answer.status);
  }

  private judge(before: unknown): void {
    const car = this.store.car(vin);
    if (!this.answer) {
      if (car?.problem) this.complain(`${car.problem.kind} after a good answer`);
      if (car?.reading?.connection.value.kind !== "connectedAc") this.complain("a false state");
      return;
    }
    const problem = car?.problem;
    if (car?.reading !== before) this.complain("the last reading did not stay");
    if (!problem) this.complain("nothing says what is wrong");
    const blamesVersion =
      (problem?.kind === "serviceUnavailable" && problem.cause === "gone") ||
      (problem?.kind === "forbidden" && problem.what === "scope");
    const areRefusalsLasting = [...this.hasWorked].every((version) => {
      const { since = Infinity, count = 0 } = this.refused.get(version) ?? {};
      return count >= 3 && this.now - since >= 6 * hourMs;
    });
    if (blamesVersion && !areRefusalsLasting) this.complain("a version is blamed too early");
    const refusals = Math.max(...[...this.refused.values()].map(({ count }) => count));
    if (problem?.kind === "apiKeyRejected" && refusals < 3) this.complain("the key is blamed too early");
    if (problem?.kind === "signInEnded" || problem?.kind === "tokenEnded") {
      if (this.answer.status !== 401) this.complain(`${problem.kind} without a 401`);
    }
  }

  private input(): ScheduleInput {
    const { cars, account, jitter } = this.store.current;
    return {
      now: this.now,
      settings: this.settings,
      cars: cars.map((car) => scheduled(car, this.settings)),
      calls: account.calls,
      holdUntil: activeHold(account, this.now)?.until,
      stopped: isTokenSpent(account),
      focusedAt: this.now,
      focusRegainedAt: undefined,
      jitter,
    };
  }

  private complain(what: string): void {
    const hours = ((this.now - start) / hourMs).toFixed(2);
    this.complaints.push(`after ${hours} h: ${what} (${JSON.stringify(this.answer ?? "good")})`);
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}
