import { parseGrant } from "../../../src/auth/credentials";
import { secretKeys } from "../../../src/auth/credentialStore";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Reading } from "../../../src/charging/reading";
import { statusBar } from "../../../src/present/statusBar";
import { shownCar } from "../../support/product/shownCar";
import { faults } from "../../../src/simulator/faults/faults";
import type { PathKind } from "../../../src/simulator/route";
import { ProductWorld } from "../../support/product/productWorld";
import { settle } from "../../support/fakeClock";
import type { FaultCase, Kept, NextCalls, Place, Shown } from "./faultCase";

const vin = "YV1S1MEX30A000001";
const readingKinds: readonly PathKind[] = ["energy-v1", "energy-v2"];
const kindsAt: Readonly<Record<Place, readonly PathKind[]>> = {
  v1: ["energy-v1"],
  v2: ["energy-v2"],
  "token endpoint": ["token"],
  "car details": ["car-details"],
  capabilities: ["capabilities"],
};
/** The longest pause between checks, plus a few hours. */
const longestPauseMs = 50 * hourMs;

/** The effect of one fault. */
export interface FaultOutcome extends Shown {
  readonly kept: Kept;
  readonly next: NextCalls;
}

/** One car at an AC charger, read successfully at 8:00, with the fault from 8:05 on or from the start. */
export class FaultRun {
  private readonly world: ProductWorld;
  private readonly finishedAt: number[] = [];
  private before: Reading | undefined;
  /** The check whose body has had time to arrive. */
  private turnedFor: number | undefined;

  constructor(private readonly one: FaultCase) {
    const isNamed = one.at !== "car details";
    const isRenewal = kindsOf(one).includes("token");
    this.world = new ProductWorld({
      cars: [{ vin, model: "EX30", modelYear: 2025 }],
      account: isRenewal ? "Volvo ID" : (one.account ?? "test token"),
      settings: {
        vehicles: [isNamed ? { vin, name: "EX30" } : vin],
        apiVersion: one.at === "v1" ? "v1" : "auto",
      },
    });
    const { clock, volvo } = this.world.auth;
    volvo.car(vin).set({ state: "ac", measuredAtMs: clock.now() - 10 * minuteMs });
    let wasChecking = false;
    this.world.core.carStore.onDidChange(({ checking }) => {
      if (wasChecking && checking.length === 0) this.finishedAt.push(clock.now());
      wasChecking = checking.length > 0;
    });
  }

  /** The screen after the check in question, the kept data, and the times of the next requests. */
  async outcome(): Promise<FaultOutcome> {
    const { core } = this.world;
    const { check = 1, from } = this.one;
    if (from === "the start" || this.one.at === "car details") this.inject();
    core.start();
    await this.checks(1);
    this.before = core.carStore.current.cars[0]?.reading;
    if (from !== "the start" && this.one.at !== "car details") this.inject();
    if (from !== "the start") await this.checks(check);
    await settle();
    const shown = this.shown();
    // VS Code takes a moment to write secrets.
    await this.world.auth.clock.advance(secondMs);
    const kept = this.kept();
    return { ...shown, kept, next: await this.nextCalls() };
  }

  /** The screen for a car that has never been read, with the fault from its first check on. */
  async outcomeWithoutReading(): Promise<string> {
    this.inject();
    this.world.core.start();
    if (!(await this.checks(1)) || this.badAnswers === 0) throw new Error("No check has met the fault");
    return this.shown().item;
  }

  /**
   * Ends the fault, gives the car something new to report and advances at most a day. Returns true if the car is then
   * read without user action.
   */
  async recovers(): Promise<boolean> {
    const { clock, volvo } = this.world.auth;
    volvo.faults.clear();
    volvo.car(vin).set("dc");
    const isRead = () => {
      const { reading, problem } = this.world.core.carStore.current.cars[0] ?? {};
      return problem === undefined && reading?.connection.value.kind === "connectedDc";
    };
    for (const end = clock.now() + 26 * hourMs; !isRead() && clock.now() < end;) {
      if (!(await this.checks(1, end - clock.now()))) break;
    }
    return isRead();
  }

  /** Responses that a fault has affected. */
  get badAnswers(): number {
    return this.world.auth.volvo.requests.all.filter(({ fault }) => fault !== undefined).length;
  }

  dispose(): void {
    this.world.core.dispose();
  }

  private inject(): void {
    const { fault: name, times } = this.one;
    const { faults: plan } = this.world.auth.volvo;
    for (const kind of kindsOf(this.one)) plan.inject({ name, kind, ...(times !== undefined && { times }) });
  }

  /** Advances time until `count` more checks have finished, at most by the longest possible wait. */
  private async checks(count: number, limitMs = longestPauseMs): Promise<boolean> {
    const { clock } = this.world.auth;
    const wanted = this.finishedAt.length + count;
    for (const end = clock.now() + limitMs; this.finishedAt.length < wanted;) {
      // Bodies arrive one event loop turn at a time, while no fake time passes.
      await settle();
      if (this.turnedFor !== this.finishedAt.length) {
        for (let turn = 0; this.isChecking && turn < 4_000; turn++) await nextTurn();
        if (this.isChecking) this.turnedFor = this.finishedAt.length;
      }
      if (clock.now() >= end) return false;
      if (this.finishedAt.length < wanted) await clock.advance(this.isChecking ? secondMs : this.untilNextCheck());
    }
    return true;
  }

  private get isChecking(): boolean {
    return this.world.core.carStore.current.checking.length > 0;
  }

  /** A short step for times without a planned check: a sign-in may be retried. */
  private untilNextCheck(): number {
    const { nextCheckAt } = this.world.core.carStore.current;
    const { clock } = this.world.auth;
    return nextCheckAt === undefined ? 5 * minuteMs : Math.max(0, nextCheckAt - clock.now());
  }

  private async nextCalls(): Promise<NextCalls> {
    const { requests } = this.world.auth.volvo;
    const next: (number | "never")[] = [];
    while (next.length < this.one.next.length && next.at(-1) !== "never") {
      const from = this.finishedAt.at(-1) ?? 0;
      const before = requests.all.length;
      let limitMs = longestPauseMs;
      while (requests.all.length === before && limitMs > 0) {
        const startedAt = this.world.auth.clock.now();
        await this.checks(1, limitMs);
        limitMs -= Math.max(1, this.world.auth.clock.now() - startedAt);
      }
      const request = requests.all[before];
      next.push(request ? (request.at - from) / secondMs : "never");
    }
    return next;
  }

  private shown(): Shown {
    const { viewState: view } = this.world;
    const item = statusBar(view);
    const { row, state, problem } = shownCar(view);
    const child = (context: string) => row?.children.find((candidate) => candidate.context === context);
    // The row itself shows only the word.
    const { label = "", spoken = "" } = child("connection") ?? {};
    const connection = spoken.slice(`${label}: `.length);
    const background = item?.background === "none" ? "" : ` [${item?.background ?? ""}]`;
    const also = Object.keys(this.one.also ?? {}).map((label) => {
      return [label, row?.children.find((candidate) => candidate.label === label)?.description ?? null] as const;
    });
    return {
      item: `${item?.text ?? "(none)"}${background}`,
      row: state,
      sentence: problem === "" ? (child("contradiction")?.description ?? connection) : problem,
      ...(this.one.also && { also: Object.fromEntries(also) }),
    };
  }

  private kept(): Kept {
    const { reading } = this.world.core.carStore.current.cars[0] ?? {};
    const { disk } = this.world.auth.secrets;
    const grant = parseGrant(disk.get(secretKeys.grant) ?? "");
    if (!disk.has(secretKeys.apiKey) || !grant) throw new Error("Credentials were lost");
    if (grant.kind === "volvoIdEnded") return "reading and client";
    return this.one.from !== "the start" && reading?.fetchedAt === this.before?.fetchedAt
      ? "reading and credentials"
      : "credentials; new reading";
  }
}

export function kindsOf({ fault, at }: FaultCase): readonly PathKind[] {
  const possible: readonly PathKind[] = faults[fault].kinds;
  if (at) return kindsAt[at];
  const energy = readingKinds.filter((kind) => possible.includes(kind));
  return energy.length > 0 ? energy : possible;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
