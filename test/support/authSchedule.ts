import { createSession, grantLockOptions } from "../../src/auth/createSession";
import { parseGrant } from "../../src/auth/credentials";
import { CredentialStore, secretKeys } from "../../src/auth/credentialStore";
import { createGenerationFence } from "../../src/auth/generationFence";
import type { Session } from "../../src/auth/session";
import { readTokenAnswer } from "../../src/auth/tokenAnswer";
import type { TokenEndpoint } from "../../src/auth/tokenEndpoint";
import { type Clock, minuteMs, secondMs, sleep } from "../../src/base/clock";
import { type Disposable, toDisposable } from "../../src/base/disposable";
import { Redactor } from "../../src/base/log";
import { createNumberedLock, type NumberedLock } from "../../src/base/numberedLock";
import { defaultApiKey, SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { SecretWorld } from "./authSecrets";
import { MemoryDisk } from "./memoryFolder";

const origin = "https://api.volvocars.com";
const issuer = "https://volvoid.eu.volvocars.com";

/** A clock on which time passes as soon as nothing else is left to do. */
class HurryingClock implements Clock {
  private timers: { readonly at: number; readonly action: () => void }[] = [];
  private time = Date.UTC(2026, 10, 23);

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): Disposable {
    const timer = { at: this.time + Math.max(0, delayMs), action };
    const place = this.timers.findIndex((other) => other.at > timer.at);
    this.timers.splice(place < 0 ? this.timers.length : place, 0, timer);
    return toDisposable(() => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    });
  }

  /** Lets time pass until `promise` is settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false as boolean;
    void promise.finally(() => (isSettled = true)).catch(() => undefined);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (isSettled) return promise;
      const next = this.timers.shift();
      if (!next) throw new Error("Nothing is left to wait for");
      this.time = next.at;
      next.action();
    }
  }
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly kind: "desktop" | "web";
  readonly windows: number;
  readonly rounds: number;
  /** The chance that a window dies, at each of its steps. */
  readonly crashes: number;
  /** The step at which the first window dies for certain, counted from 1. */
  readonly crashAtStep?: number;
  readonly withoutLock?: boolean;
}

export interface ScheduleOutcome {
  /** Presentations of a refresh token that somebody alive had presented before, or who is dead but had stored the next. */
  readonly doubleUses: number;
  /** Presentations after the one who presented it first had died with the answer in hand or on its way. */
  readonly repeatsAfterCrash: number;
  readonly crashes: number;
  /** A window died between Volvo's rotation and the writing down of token and fence. */
  readonly lostByCrash: boolean;
  /** What requests of living windows got, round by round: "token" or a problem. */
  readonly outcomes: readonly string[];
  /** What a window opened at the very end gets. */
  readonly last: string;
}

interface Presentation {
  readonly window: SimulatedWindow;
  readonly isAccepted: boolean;
  /** The next refresh token is on the disk, and the fence is raised: nothing of it is in one window's hands alone. */
  isWrittenDown: boolean;
}

/**
 * Plays windows that renew one sign-in, in an order that follows from the seed: every step of a window outside of
 * itself takes up to 20 ms, and at every one of them it can die.
 */
export async function playSchedule(options: ScheduleOptions): Promise<ScheduleOutcome> {
  return new Schedule(options).play();
}

class SimulatedWindow {
  isDead = false;
  steps = 0;
  session!: Session;
}

class Schedule {
  private readonly clock = new HurryingClock();
  private readonly volvo = new SimulatedVolvo(this.clock);
  private readonly disk = new MemoryDisk();
  private readonly secrets: SecretWorld;
  private readonly presented = new Map<string, Presentation[]>();
  private readonly random: () => number;
  private crashes = 0;
  private lostByCrash = false;
  private doubleUses = 0;
  private repeatsAfterCrash = 0;

  constructor(private readonly options: ScheduleOptions) {
    this.random = generator(options.seed);
    const arrivalMs = () => this.random() * 300;
    this.secrets = new SecretWorld(this.clock, options.kind, { flushMs: 100, arrivalMs });
  }

  async play(): Promise<ScheduleOutcome> {
    this.signIn();
    const outcomes: string[] = [];
    const { crashes, crashAtStep } = this.options;
    const windows = Array.from({ length: this.options.windows }, (_, index) =>
      this.open((step) => (index === 0 && step === crashAtStep) || this.random() < crashes),
    );
    const lives = windows.map(async (window) => {
      await window.session.reload();
      for (let round = 0; round < this.options.rounds; round++) {
        await sleep(this.clock, this.random() * 500);
        const outcome = await this.request(window);
        if (!window.isDead) outcomes.push(outcome);
        await sleep(this.clock, 5 * minuteMs);
      }
    });
    const end = sleep(this.clock, 30 * minuteMs);
    await this.clock.until(Promise.race([Promise.all(lives), end]));
    const last = this.open(() => false);
    await this.clock.until(last.session.reload());
    return {
      outcomes,
      last: await this.clock.until(this.request(last)),
      doubleUses: this.doubleUses,
      repeatsAfterCrash: this.repeatsAfterCrash,
      crashes: this.crashes,
      lostByCrash: this.lostByCrash,
    };
  }

  private async request({ session }: SimulatedWindow): Promise<string> {
    const outcome = await session.authorize(origin, new AbortController().signal);
    return "kind" in outcome ? outcome.kind : "token";
  }

  private signIn(): void {
    const { access_token, refresh_token } = this.volvo.volvoId.signIn();
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const grant = {
      ...{ kind: "volvoId", signInId: "s", generation: 1, origin, issuer, clientId, clientSecret },
      ...{ accessToken: access_token, refreshToken: refresh_token, expiresAt: 0 },
    };
    this.secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin, value: defaultApiKey }));
    this.secrets.disk.set(secretKeys.grant, JSON.stringify(grant));
  }

  private open(diesAt: (step: number) => boolean): SimulatedWindow {
    const window = new SimulatedWindow();
    const step = async (): Promise<void> => {
      await sleep(this.clock, this.random() * 20);
      if (!window.isDead && diesAt(++window.steps)) this.kill(window);
      if (window.isDead) await new Promise<never>(() => undefined);
    };
    const folder = this.disk.open("state", { isDead: () => window.isDead, before: step });
    const lock: Pick<NumberedLock, "acquire"> = this.options.withoutLock
      ? { acquire: () => Promise.resolve(openHold) }
      : createNumberedLock(folder, this.clock, grantLockOptions);
    const store = new CredentialStore({
      secrets: this.secrets.open(() => window.isDead, step),
      mark: { isSet: () => Promise.resolve(true), set: () => Promise.resolve() },
      clock: this.clock,
      redactor: new Redactor(),
    });
    window.session = createSession({
      store,
      volvoId: {
        lock,
        fence: createGenerationFence(folder, this.clock),
        endpoint: () => Promise.resolve(this.endpoint(window, step)),
      },
      clock: this.clock,
      log: silent,
      addresses: () => ({ origin, issuer }),
    });
    return window;
  }

  private kill(window: SimulatedWindow): void {
    window.isDead = true;
    this.crashes += 1;
    const inFlight = [...this.presented.values()].flat().filter((entry) => entry.window === window);
    if (inFlight.some((entry) => entry.isAccepted && !entry.isWrittenDown)) this.lostByCrash = true;
  }

  private endpoint(window: SimulatedWindow, step: () => Promise<void>): TokenEndpoint {
    return {
      refresh: async (_, refreshToken) => {
        await step();
        const earlier = this.presented.get(refreshToken) ?? [];
        const isExcused = earlier.every((entry) => entry.window.isDead && !entry.isWrittenDown);
        if (earlier.length > 0) {
          if (isExcused) this.repeatsAfterCrash += 1;
          else this.doubleUses += 1;
        }
        const { clientId, clientSecret } = this.volvo.volvoId.options;
        const form = { grant_type: "refresh_token", refresh_token: refreshToken };
        const answer = this.volvo.handle({
          method: "POST",
          url: "/as/token.oauth2",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret }).toString(),
        });
        const presentation: Presentation = { window, isAccepted: answer.status === 200, isWrittenDown: false };
        this.presented.set(refreshToken, [...earlier, presentation]);
        await step();
        if (!presentation.isAccepted) return { kind: "refused", error: "invalid_grant", description: "" };
        const tokens = readTokenAnswer(answer.body);
        if (!tokens) throw new Error("The simulator gives tokens");
        void this.noteWhenWrittenDown(presentation, tokens.refreshToken ?? "");
        return { kind: "tokens", tokens };
      },
      revoke: () => Promise.resolve(),
    };
  }

  private async noteWhenWrittenDown(presentation: Presentation, next: string): Promise<void> {
    for (let waitedMs = 0; waitedMs < 5 * secondMs && !presentation.window.isDead; waitedMs += 5) {
      const grant = parseGrant(this.secrets.disk.get(secretKeys.grant) ?? "");
      const fence = Number(this.disk.contents.get("state/refresh.generation")?.split(" ")[0] ?? 0);
      if (grant?.kind === "volvoId" && grant.refreshToken === next && fence >= grant.generation) {
        presentation.isWrittenDown = true;
        return;
      }
      await sleep(this.clock, 5);
    }
  }
}

const openHold = {
  number: 1,
  stillHeld: () => Promise.resolve(true),
  isFresh: () => true,
  release: () => Promise.resolve(),
  releaseNow: () => undefined,
};

const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // Nobody reads this log.
}

/** Mulberry32: numbers from 0 to 1 that follow from the seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
