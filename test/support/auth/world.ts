import { createSession } from "../../../src/auth/createSession";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { createGenerationFence } from "../../../src/auth/generationFence";
import type { BackoffMemory } from "../../../src/auth/renewalQueue";
import type { Session } from "../../../src/auth/session";
import type { Addresses } from "../../../src/auth/sessionState";
import { createVolvoIdServer, type VolvoIdServer } from "../../../src/auth/volvoIdServer";
import { Emitter } from "../../../src/base/event";
import { type Logger, redactingLogger } from "../../../src/base/log";
import { Redactor } from "../../../src/base/redactor";
import { createNumberedLock } from "../../../src/base/numberedLock";
import type { TurnOutcome, Turns } from "../../../src/base/turn";
import type { Problem } from "../../../src/charging/problem";
import type { RenewalBackoff } from "../../../src/charging/renewalBackoff";
import { simulatorFetch } from "../../../src/simulator/simulatorFetch";
import { defaultApiKey, SimulatedVolvo, type SimulatedVolvoOptions } from "../../../src/simulator/simulatedVolvo";
import type { Authorization, Fetch } from "../../../src/volvo/transport";
import { limitedFolder } from "../../../src/windows/limitedFolder";
import { lockTimes, type TurnState, WindowTurns } from "../../../src/windows/turns";
import { SecretWorld } from "./secrets";
import { FakeClock } from "../fakeClock";
import { type FolderOptions, MemoryDisk } from "../disk/memoryFolder";

export const apiOrigin = "https://api.volvocars.com";
export const issuer = "https://volvoid.eu.volvocars.com";
export const apiKey = defaultApiKey;

const defaultScopes: readonly string[] = ["openid", "conve:vehicle_relation", "energy:state:read"];

export interface SignInChanges extends Readonly<Record<string, unknown>> {
  readonly scopes?: readonly string[];
}

/** The outcome of an attempt to take a turn that failed. */
export interface NoTurn {
  readonly kind: "busy";
}

export interface AuthWindow {
  readonly session: Session;
  readonly store: CredentialStore;
  readonly turns: Turns & Pick<WindowTurns, "whenIdle">;
  /** Kills the window: none of its calls has any effect from now on. */
  kill(): void;
  /** The authorization for a request, obtained in a turn of its own, or the problem. */
  authorize(purpose?: "check" | "refresh"): Promise<Authorization | Problem | NoTurn>;
  /** The authorization for a repeat after a 401, obtained in a turn of its own, or the problem. */
  renew(refused: Authorization): Promise<Authorization | Problem | NoTurn>;
}

export interface WindowOptions {
  /** Awaited before every external action of a window. */
  readonly before?: () => Promise<void>;
  /** Faults of the folder that all windows share. */
  readonly fault?: FolderOptions["fault"];
  /** Turns other than those of all windows of the world. */
  readonly turns?: Turns;
  readonly fetch?: Fetch;
  readonly addresses?: () => Addresses;
}

export interface AuthWorldOptions extends SimulatedVolvoOptions {
  /** Volvo's clock, if it differs from the user's. */
  readonly volvoClock?: FakeClock;
  readonly secrets?: "desktop" | "web";
}

/** A simulated Volvo, one user's secrets and state folder, and any number of windows. */
export class AuthWorld {
  readonly clock = new FakeClock();
  readonly volvo: SimulatedVolvo;
  readonly disk = new MemoryDisk();
  readonly redactor = new Redactor();
  /** All log lines as they would be written. */
  readonly logged: string[] = [];
  readonly log: Logger;
  isMarked = false;
  /** True if no window has asked for long enough to rule out an open window with a newer sign-in. */
  isQuiet = false;
  readonly backoff = createBackoffMemory();

  readonly secrets: SecretWorld;

  constructor(options: AuthWorldOptions = {}) {
    this.volvo = new SimulatedVolvo(options.volvoClock ?? this.clock, options);
    this.secrets = new SecretWorld(this.clock, options.secrets);
    const write = (message: string) => void this.logged.push(message);
    const sink = { trace: write, debug: write, info: write, warn: write, error: write };
    this.log = redactingLogger(sink, this.redactor);
  }

  /** The product's Volvo ID client, connected to the simulated Volvo. */
  server(fetch: Fetch = simulatorFetch(this.volvo)): VolvoIdServer {
    return createVolvoIdServer({ fetch, clock: this.clock, redactor: this.redactor });
  }

  /** Stores a sign-in as if it had just been made. `changes` override the stored record. */
  signIn({ scopes = defaultScopes, ...changes }: SignInChanges = {}): void {
    const tokens = this.volvo.volvoId.signIn(scopes);
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const now = this.clock.now();
    const grant = {
      kind: "volvoId",
      signInId: "the-sign-in",
      generation: 1,
      origin: apiOrigin,
      issuer,
      clientId,
      clientSecret,
      accessToken: tokens.access_token,
      expiresAt: now + tokens.expires_in * 1000,
      refreshToken: tokens.refresh_token,
      refreshedAt: now,
      signedInAt: now,
      scopes,
      label: "d…@example.com",
      ...changes,
    };
    this.secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin: apiOrigin, value: apiKey }));
    this.secrets.disk.set(secretKeys.grant, JSON.stringify(grant));
    this.isMarked = true;
  }

  /** Opens a window. Its session has read the stored credentials once `session.reload()` resolves. */
  window(options: WindowOptions = {}): AuthWindow {
    let isDead = false;
    const dead = () => isDead;
    const { before, fault } = options;
    const folder = this.disk.open("state/refresh", {
      isDead: dead,
      ...(before && { before: () => before() }),
      ...(fault && { fault }),
    });
    const clock = this.clock;
    const ownTurns = new WindowTurns({
      lock: createNumberedLock(limitedFolder(folder, clock), clock, lockTimes),
      times: lockTimes,
      state: noState,
      clock,
      log: this.log,
      focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
      alive: () => (isDead ? new Promise<never>(() => undefined) : Promise.resolve()),
      spend: () => undefined,
    });
    const turns = options.turns ?? ownTurns;
    const store = new CredentialStore({
      secrets: this.secrets.open(dead, before),
      mark: {
        isSet: () => Promise.resolve(this.isMarked),
        set: (mark) => Promise.resolve(void (this.isMarked = mark)),
      },
      clock: this.clock,
      redactor: this.redactor,
    });
    const server = this.server(options.fetch);
    const session = createSession({
      store,
      volvoId: {
        fence: createGenerationFence(folder, this.clock),
        endpoint: server,
      },
      turns,
      // A dead window shares nothing with the others.
      backoff: { get: () => this.backoff.get(), set: (backoff) => void (isDead || this.backoff.set(backoff)) },
      isQuiet: () => this.isQuiet,
      clock,
      log: this.log,
      addresses: options.addresses ?? (() => ({ origin: apiOrigin, issuer })),
    });
    return {
      session,
      store,
      turns: { take: turns.take.bind(turns), whenIdle: () => ownTurns.whenIdle() },
      kill: () => (isDead = true),
      authorize: async (purpose = "refresh") =>
        settled(await turns.take(purpose, (turn) => session.authorize(apiOrigin, turn))),
      renew: async (refused) => settled(await turns.take("refresh", (turn) => session.renew(refused, turn))),
    };
  }

  /** Opens a window whose session has read the stored credentials. */
  async opened(options: WindowOptions = {}): Promise<AuthWindow> {
    const window = this.window(options);
    await window.session.reload();
    return window;
  }

  /** The outcome of `promise`, with time advancing until it settles. */
  async after<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
    let done = false as boolean;
    void promise.finally(() => (done = true)).catch(() => undefined);
    for (let passedMs = 0; !done && passedMs < limitMs; passedMs += 50) await this.clock.advance(50);
    return promise;
  }

  /** The sign-in events on Volvo's side. */
  get events(): readonly string[] {
    return this.volvo.volvoId.events.map(({ kind }) => kind);
  }
}

/** The back-off of renewals, shared by all windows. */
export function createBackoffMemory(): BackoffMemory {
  let backoff: RenewalBackoff | undefined;
  return { get: () => backoff, set: (next) => void (backoff = next) };
}

/** For the turns of windows that share only the sign-in. */
export const noState: TurnState = {
  begin: () => Promise.resolve(),
  write: () => Promise.resolve(),
  end: () => Promise.resolve(),
};

function settled<T>(outcome: TurnOutcome<T>): T | NoTurn {
  return outcome ? outcome.value : { kind: "busy" };
}

/** The access token of an authorization, or the kind of the problem or of the failed turn. */
export function tokenOrProblem(outcome: Authorization | Problem | NoTurn): string {
  return "kind" in outcome ? outcome.kind : outcome.accessToken;
}
