import { createSession } from "../../../src/auth/createSession";
import { type NewSignIn, parseGrant } from "../../../src/auth/credentials";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { createGenerationFence } from "../../../src/auth/generationFence";
import type { Session } from "../../../src/auth/session";
import { readTokenAnswer } from "../../../src/auth/tokenAnswer";
import type { TokenEndpoint } from "../../../src/auth/tokenEndpoint";
import { type Clock, minuteMs, secondMs, sleep } from "../../../src/base/clock";
import { type Disposable, toDisposable } from "../../../src/base/disposable";
import { Emitter } from "../../../src/base/event";
import type { StateFolder } from "../../../src/base/folder";
import { Redactor } from "../../../src/base/redactor";
import { createNumberedLock } from "../../../src/base/numberedLock";
import type { Turns } from "../../../src/base/turn";
import { defaultApiKey, SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import { limitedFolder } from "../../../src/windows/limitedFolder";
import { lockTimes, WindowTurns } from "../../../src/windows/turns";
import { SecretWorld } from "./secrets";
import { createBackoffMemory, noState } from "./world";
import { MemoryDisk } from "../disk/memoryFolder";
import { mulberry } from "../random";
import { turnsWith } from "../turn";

const origin = "https://api.volvocars.com";
const issuer = "https://volvoid.eu.volvocars.com";

/** The product's default interval between checks. */
const intervalMs = 5 * minuteMs;
const quietMs = 2 * minuteMs;
/** The wait before a window tries again to take a turn that another window holds. */
const retryMs = 5 * secondMs;
/** Attempts to take a turn. Two windows may have died during their turns, one after the other. */
const mostAttempts = 4;

/** A clock that jumps to its next timer when no other work is pending. */
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

  /** Advances until `promise` settles. */
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
  /** The chance that a window dies at each of its steps. */
  readonly crashes: number;
  /** The step at which the first window always dies, counted from 1. */
  readonly crashAtStep?: number;
  readonly withoutLock?: boolean;
  /** The action of one window's user during a renewal that takes longer than an action waits for its turn. */
  readonly wish?: "signOut" | "signIn" | "testToken";
}

export interface ScheduleOutcome {
  /**
   * Presentations of a refresh token presented before by a live window, or by a dead one that had stored the next
   * token.
   */
  readonly doubleUses: number;
  /** Presentations after the first presenter died with the answer received or in transit. */
  readonly repeatsAfterCrash: number;
  /**
   * Presentations by a window in a browser, which never gets the newer sign-in of a dead window, after no window has
   * asked for long enough to rule out an open window with a newer sign-in.
   */
  readonly repeatsWhenQuiet: number;
  readonly crashes: number;
  /** A window died after Volvo's rotation but before token and fence were stored. */
  readonly lostByCrash: boolean;
  /** The result of each request of a live window: "token" or a problem. */
  readonly outcomes: readonly string[];
  /** The result of a request of a window opened at the end. */
  readonly last: string;
  /** The final credentials of each live window: the id of a sign-in, "testToken" or "nothing". */
  readonly finalCredentials: readonly string[];
}

interface Presentation {
  readonly window: SimulatedWindow;
  readonly isAccepted: boolean;
  /** The next refresh token is on disk and the fence is raised, so no window is the only holder of either. */
  isWrittenDown: boolean;
}

/**
 * Simulates windows that renew one sign-in, in an order determined by the seed. Every external step of a window takes
 * up to 20 ms, and the window can die at each of them.
 */
export async function playSchedule(options: ScheduleOptions): Promise<ScheduleOutcome> {
  return new Schedule(options).play();
}

class SimulatedWindow {
  isDead = false;
  steps = 0;
  session!: Session;
  turns!: Turns;

  constructor(readonly openedAt: number) {}
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
  private repeatsWhenQuiet = 0;
  private readonly backoff = createBackoffMemory();
  /** The last time any window got a token. */
  private askedAt = -Infinity;

  constructor(private readonly options: ScheduleOptions) {
    this.random = mulberry(options.seed);
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
      if (this.options.wish !== undefined && window === windows.at(-1)) void this.fulfil(this.options.wish, window);
      for (let round = 0; round < this.options.rounds; round++) {
        await sleep(this.clock, this.random() * 500);
        const outcome = await this.request(window);
        if (!window.isDead) outcomes.push(outcome);
        await sleep(this.clock, intervalMs);
      }
    });
    const end = sleep(this.clock, 30 * minuteMs);
    await this.clock.until(Promise.race([Promise.all(lives), end]));
    const last = this.open(() => false);
    await this.clock.until(last.session.reload());
    return {
      outcomes,
      last: await this.clock.until(this.request(last)),
      finalCredentials: [...windows, last].filter(({ isDead }) => !isDead).map(credentialsOf),
      doubleUses: this.doubleUses,
      repeatsAfterCrash: this.repeatsAfterCrash,
      repeatsWhenQuiet: this.repeatsWhenQuiet,
      crashes: this.crashes,
      lostByCrash: this.lostByCrash,
    };
  }

  private async request({ session, turns }: SimulatedWindow): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await turns.take("refresh", (turn) => session.authorize(origin, turn));
      if (outcome) {
        if ("kind" in outcome.value) return outcome.value.kind;
        this.askedAt = this.clock.now();
        return "token";
      }
      if (attempt === mostAttempts) return "busy";
      await sleep(this.clock, retryMs);
    }
  }

  private signIn(): void {
    const grant = { ...this.newSignIn("first"), kind: "volvoId", generation: 1, origin, expiresAt: 0 };
    this.secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin, value: defaultApiKey }));
    this.secrets.disk.set(secretKeys.grant, JSON.stringify(grant));
  }

  private newSignIn(signInId: string): NewSignIn {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in } = this.volvo.volvoId.signIn();
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const now = this.clock.now();
    const times = { expiresAt: now + expires_in * secondMs, refreshedAt: now, signedInAt: now };
    return { ...times, issuer, clientId, clientSecret, signInId, accessToken, refreshToken, scopes: [], label: "" };
  }

  private async fulfil(wish: NonNullable<ScheduleOptions["wish"]>, { session }: SimulatedWindow): Promise<void> {
    await sleep(this.clock, this.random() * 2 * secondMs);
    switch (wish) {
      case "signOut":
        return session.signOut();
      case "signIn":
        return session.saveSignIn(this.newSignIn("second"));
      case "testToken":
        return session.saveTestToken("pasted");
    }
  }

  private open(diesAt: (step: number) => boolean): SimulatedWindow {
    const window = new SimulatedWindow(this.clock.now());
    const step = async (): Promise<void> => {
      await sleep(this.clock, this.random() * 20);
      if (!window.isDead && diesAt(++window.steps)) this.kill(window);
      if (window.isDead) await new Promise<never>(() => undefined);
    };
    const folder = this.disk.open("state", { isDead: () => window.isDead, before: step });
    window.turns = this.options.withoutLock ? turnsWith() : this.turnsIn(folder);
    const store = new CredentialStore({
      secrets: this.secrets.open(() => window.isDead, step),
      mark: { isSet: () => Promise.resolve(true), set: () => Promise.resolve() },
      clock: this.clock,
      redactor: new Redactor(),
    });
    window.session = createSession({
      store,
      volvoId: {
        fence: createGenerationFence(folder, this.clock),
        endpoint: this.endpoint(window, step),
      },
      turns: window.turns,
      // A dead window shares nothing with the others.
      backoff: { get: () => this.backoff.get(), set: (backoff) => void (window.isDead || this.backoff.set(backoff)) },
      isQuiet: () => this.isQuiet(window),
      clock: this.clock,
      log: silent,
      addresses: () => ({ origin, issuer }),
    });
    return window;
  }

  private isQuiet({ openedAt }: SimulatedWindow): boolean {
    return this.clock.now() > Math.max(this.askedAt + intervalMs, openedAt) + quietMs;
  }

  private turnsIn(folder: StateFolder): Turns {
    const { clock } = this;
    return new WindowTurns({
      lock: createNumberedLock(limitedFolder(folder, clock), clock, lockTimes),
      times: lockTimes,
      state: noState,
      clock,
      log: silent,
      focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
      alive: () => Promise.resolve(),
      spend: () => undefined,
    });
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
        if (earlier.length > 0) {
          // Only presentations that Volvo accepted matter: after a refusal the token is invalid anyway.
          const accepted = earlier.filter((entry) => entry.isAccepted);
          const areDead = accepted.every((entry) => entry.window.isDead);
          if (areDead && accepted.every((entry) => !entry.isWrittenDown)) this.repeatsAfterCrash += 1;
          else if (areDead && this.isQuiet(window) && this.options.kind === "web") this.repeatsWhenQuiet += 1;
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
        // About as long as a user action waits for the lock.
        if (this.options.wish !== undefined) await sleep(this.clock, (9 + this.random() * 5) * secondMs);
        if (!presentation.isAccepted) return { kind: "refused", error: "invalid_grant", description: "" };
        const tokens = readTokenAnswer(answer.body);
        if (!tokens) throw new Error("The simulator's answer has no tokens");
        void this.noteWhenWrittenDown(presentation, tokens.refreshToken ?? "");
        return { kind: "tokens", tokens };
      },
      revoke: () => Promise.resolve(undefined),
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

function credentialsOf({ session }: SimulatedWindow): string {
  const { current } = session;
  if (current.kind !== "ready" && current.kind !== "stopped") return "nothing";
  return current.account.kind === "volvoId" ? current.account.signInId : current.account.kind;
}

const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // This log is discarded.
}
