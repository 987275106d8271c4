import { hourMs, minuteMs, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import { errorText } from "../base/log";
import type { Problem } from "../charging/problem";
import type { Authorization, Authorizer } from "../volvo/transport";
import type { VolvoIdClient } from "./credentials";
import { secretKeys, type StoredCredentials } from "./credentialStore";
import { isFresh, isStillGood, type RenewalOutcome } from "./renewal";
import { Renewals } from "./renewals";
import { Retry } from "./retry";
import type { NewSignIn, SessionPorts } from "./sessionPorts";
import {
  authorization,
  clientFor,
  hasArrived,
  isSameSignIn,
  newerGrant,
  type Obstacle,
  stateOf,
  type Usable,
  usableFor,
} from "./sessionRules";
import type { SessionState } from "./sessionState";

export type { SessionState };

/** A sign-in that is refused although it was renewed is tried again this much later, and twice as much each time. */
const firstTrialMs = 15 * minuteMs;
const lastTrialMs = 8 * hourMs;
/** A window that is gone gives no answer for as long as its extension host runs on, which can be hours. */
const firstReadingMs = 30 * secondMs;
const lastReadingMs = 5 * minuteMs;

/**
 * The single owner of the credentials: follows SecretStorage, hands out what requests are made with, renews it when a
 * request needs that, and never gives it to another origin than the one it was entered for.
 */
export class Session implements Authorizer, Disposable {
  private state: SessionState = { kind: "starting" };
  private stored: StoredCredentials = {};
  private obstacle: Obstacle | undefined;
  private readonly trials: Retry;
  private readonly readings: Retry;
  private readonly renewals: Renewals;
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SessionState>());
  readonly onDidChange = this.changed.event;

  constructor(private readonly ports: SessionPorts) {
    this.renewals = new Renewals(ports.clock);
    this.trials = this.store.add(new Retry(ports.clock, firstTrialMs, lastTrialMs));
    this.readings = this.store.add(new Retry(ports.clock, firstReadingMs, lastReadingMs));
    this.store.add(
      ports.store.onDidChange((key) => {
        if (key === secretKeys.apiKey || key === secretKeys.grant) void this.reload();
      }),
    );
  }

  get current(): SessionState {
    return this.state;
  }

  /** The application that was entered for a sign-in at the present issuer, so that it need not be entered again. */
  get client(): VolvoIdClient | undefined {
    return clientFor(this.stored, this.ports.addresses());
  }

  /** Reads what is stored. Never rejects: what goes wrong is a state, and tried again. */
  async reload(): Promise<void> {
    try {
      const loaded = await this.ports.store.load();
      this.readings.over();
      if (!loaded.apiKey && !loaded.grant && (await this.wereLost())) {
        this.become({ kind: "unavailable", cause: "lost" });
        return;
      }
      this.take(loaded);
    } catch (error) {
      const { log } = this.ports;
      if (this.readings.isFirst) log.error(`The stored credentials could not be read: ${errorText(error)}`);
      this.become({ kind: "unavailable", cause: "noAnswer" });
      this.readings.later(() => void this.reload());
    }
  }

  /** The origin or the issuer has changed: credentials may have become usable, or no longer be. */
  addressesChanged(): void {
    if (this.state.kind !== "starting" && this.state.kind !== "unavailable") this.derive();
  }

  /** Rejects when VS Code does not store it; what was stored before is then untouched. */
  async saveApiKey(value: string): Promise<void> {
    await this.ports.store.saveApiKey({ origin: this.ports.addresses().origin, value });
    await this.reload();
  }

  /** Replaces whichever grant there was. Rejects as {@link saveApiKey} does. */
  async saveTestToken(accessToken: string): Promise<void> {
    const { origin } = this.ports.addresses();
    await this.ports.keeper.put(() => ({ kind: "testToken", origin, accessToken }));
    await this.reload();
  }

  /** Replaces whichever grant there was. Rejects as {@link saveApiKey} does. */
  async saveSignIn(signIn: NewSignIn): Promise<void> {
    const { origin } = this.ports.addresses();
    await this.ports.keeper.put((generation) => ({ ...signIn, kind: "volvoId", generation, origin }));
    await this.reload();
  }

  /** Forgets the grant and tells Volvo. The API key stays. Rejects when VS Code does not delete it. */
  async signOut(): Promise<void> {
    await this.ports.keeper.remove();
    await this.reload();
  }

  async deleteAll(): Promise<void> {
    await this.ports.keeper.remove();
    await this.ports.store.deleteAll();
    this.state = { kind: "starting" };
    await this.reload();
  }

  async authorize(origin: string, signal: AbortSignal): Promise<Authorization | Problem> {
    const usable = this.usable(origin);
    if ("kind" in usable) return usable;
    const { grant } = usable;
    if (grant.kind === "testToken" || isFresh(grant, this.ports.clock.now())) return authorization(usable);
    return this.renewed(origin, signal);
  }

  async renew(refused: Authorization, signal: AbortSignal): Promise<Authorization | Problem> {
    const usable = this.usable(refused.origin);
    if ("kind" in usable) return usable;
    const { grant } = usable;
    if (grant.kind === "testToken") return { kind: "tokenEnded" };
    const isNewer = grant.accessToken !== refused.accessToken && isFresh(grant, this.ports.clock.now());
    return isNewer ? authorization(usable) : this.renewed(refused.origin, signal, refused.accessToken);
  }

  /**
   * Renewing goes on to succeed where the owner has taken the consent back, so a 401 for a renewed token ends the
   * sign-in. Gateways have answered so by mistake as well (Dielee/volvo2mqtt#110, #290): it is kept, and tried again.
   */
  refusedAgain(refused: Authorization): void {
    const { grant } = this.stored;
    if (grant?.kind !== "volvoId" || grant.accessToken !== refused.accessToken) return;
    this.ports.log.warn("Volvo does not accept the sign-in although it has just renewed it");
    this.obstacle = { cause: "signInEnded" };
    this.derive();
    this.trials.later(() => {
      this.obstacle = undefined;
      this.derive();
    });
  }

  /** Resolves when no renewal is under way and what it brought is stored. To be awaited before the process ends. */
  async whenIdle(): Promise<void> {
    await this.renewals.whenIdle();
    await this.ports.lock.whenReleased();
  }

  dispose(): void {
    this.ports.lock.dispose();
    this.store.dispose();
  }

  private async renewed(origin: string, signal: AbortSignal, refused?: string): Promise<Authorization | Problem> {
    await this.renewals.join(() => this.renewNow(refused), signal);
    const usable = this.usable(origin);
    if ("kind" in usable) return usable;
    const { grant } = usable;
    if (grant.kind === "testToken") return authorization(usable);
    const isGood = isStillGood(grant, this.ports.clock.now()) && grant.accessToken !== refused;
    return isGood ? authorization(usable) : (this.renewals.problem ?? { kind: "timeout" });
  }

  private async renewNow(refused?: string): Promise<RenewalOutcome> {
    const { grant } = this.stored;
    if (grant?.kind !== "volvoId") return { kind: "replaced" };
    const outcome = await this.ports.renewGrant(grant, refused);
    const isSame = isSameSignIn(grant, this.stored.grant);
    if (isSame && "grant" in outcome) this.take({ ...this.stored, grant: outcome.grant });
    if (!isSame || outcome.kind === "replaced") await this.reload();
    if (isSame && (outcome.kind === "elsewhere" || outcome.kind === "lost")) {
      const cause = outcome.kind === "lost" ? "signInEnded" : "signedInElsewhere";
      this.obstacle = { cause, olderThan: grant.generation + 1 };
      this.derive();
    }
    return outcome;
  }

  private async wereLost(): Promise<boolean> {
    if (this.state.kind === "starting") return this.ports.store.wereStored();
    return this.state.kind === "unavailable" && this.state.cause === "lost";
  }

  private take(loaded: StoredCredentials): void {
    const { grant: known } = this.stored;
    const grant = newerGrant(known, loaded.grant);
    this.stored = grant ? { ...loaded, grant } : loaded;
    if (!isSameSignIn(known, grant)) {
      this.obstacle = undefined;
      this.renewals.startAfresh();
      this.trials.over();
    } else if (this.obstacle && hasArrived(grant, this.obstacle)) {
      this.obstacle = undefined;
    }
    this.derive();
  }

  private derive(): void {
    this.become(stateOf(this.stored, this.ports.addresses(), this.obstacle));
  }

  private usable(origin: string): Usable | Problem {
    return sessionProblem(this.state) ?? usableFor(this.stored, { ...this.ports.addresses(), origin });
  }

  private become(next: SessionState): void {
    if (JSON.stringify(next) === JSON.stringify(this.state)) return;
    this.state = next;
    this.changed.fire(next);
  }
}

/** What the session's state keeps every car from; `undefined` where it stands in the way of nothing. */
export function sessionProblem(state: SessionState): Problem | undefined {
  switch (state.kind) {
    case "starting":
    case "ready":
      return undefined;
    case "unavailable":
      return { kind: "secretsUnavailable", cause: state.cause };
    case "incomplete":
      return state.hasApiKey ? { kind: "credentialsMissing" } : { kind: "apiKeyMissing" };
    case "stopped":
      return { kind: state.cause };
  }
}
