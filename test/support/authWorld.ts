import { createSession, grantLockOptions } from "../../src/auth/createSession";
import { CredentialStore, secretKeys } from "../../src/auth/credentialStore";
import { createGenerationFence } from "../../src/auth/generationFence";
import type { GrantLockFile } from "../../src/auth/grantLock";
import type { Session } from "../../src/auth/session";
import type { Addresses } from "../../src/auth/sessionRules";
import { createVolvoIdServer, type VolvoIdServer } from "../../src/auth/volvoIdServer";
import type { Logger } from "../../src/base/log";
import { Redactor, redactingLogger } from "../../src/base/log";
import { createNumberedLock } from "../../src/base/numberedLock";
import type { Problem } from "../../src/charging/problem";
import { simulatorFetch } from "../../src/simulator/simulatorFetch";
import { defaultApiKey, SimulatedVolvo, type SimulatedVolvoOptions } from "../../src/simulator/simulatedVolvo";
import { classifyNetworkError, retryAfterMs } from "../../src/volvo/errors";
import type { Authorization, Fetch } from "../../src/volvo/transport";
import { SecretWorld } from "./authSecrets";
import { FakeClock } from "./fakeClock";
import { MemoryDisk } from "./memoryFolder";

export const apiOrigin = "https://api.volvocars.com";
export const issuer = "https://volvoid.eu.volvocars.com";
export const apiKey = defaultApiKey;

export interface AuthWindow {
  readonly session: Session;
  readonly store: CredentialStore;
  /** Kills the window: none of its calls has any effect from now on. */
  kill(): void;
  /** An access token as a request gets it, or the problem. */
  authorize(): Promise<Authorization | Problem>;
}

export interface WindowOptions {
  /** Awaited before every external action of a window. */
  readonly before?: () => Promise<void>;
  readonly lock?: GrantLockFile;
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

  readonly secrets: SecretWorld;

  constructor(options: AuthWorldOptions = {}) {
    this.volvo = new SimulatedVolvo(options.volvoClock ?? this.clock, options);
    this.secrets = new SecretWorld(this.clock, options.secrets);
    const write = (message: string) => void this.logged.push(message);
    const sink = { trace: write, debug: write, info: write, warn: write, error: write };
    this.log = redactingLogger(sink, this.redactor);
  }

  /** Volvo ID as the product uses it. */
  server(fetch: Fetch = simulatorFetch(this.volvo)): VolvoIdServer {
    return createVolvoIdServer({ fetch, clock: this.clock, redactor: this.redactor, networkProblem, retryAfterMs });
  }

  /** Stores a sign-in as if it had just been made. `changes` override the stored record. */
  signIn(changes: Readonly<Record<string, unknown>> = {}): void {
    const tokens = this.volvo.volvoId.signIn();
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
      scopes: ["openid", "conve:vehicle_relation", "energy:state:read"],
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
    const { before } = options;
    const folder = this.disk.open("state/refresh", { isDead: dead, ...(before && { before: () => before() }) });
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
        lock: options.lock ?? createNumberedLock(folder, this.clock, grantLockOptions),
        fence: createGenerationFence(folder, this.clock),
        endpoint: () => Promise.resolve(server),
      },
      clock: this.clock,
      log: this.log,
      addresses: options.addresses ?? (() => ({ origin: apiOrigin, issuer })),
    });
    return {
      session,
      store,
      kill: () => (isDead = true),
      authorize: () => session.authorize(apiOrigin, new AbortController().signal),
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

export function networkProblem(error: unknown): Extract<Problem, { kind: "offline" | "timeout" }> {
  const failure = classifyNetworkError(error);
  if (failure.kind === "timeout") return { kind: "timeout" };
  return { kind: "offline", certificate: failure.kind === "offline" && failure.certificate };
}

/** The access token of an authorization, or the problem's kind. */
export function tokenOrProblem(outcome: Authorization | Problem): string {
  return "kind" in outcome ? outcome.kind : outcome.accessToken;
}
