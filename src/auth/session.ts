import { type Clock, minuteMs, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import { errorText, type Logger } from "../base/log";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import { type BlockedRenewal, isApplicationRefused } from "../charging/renewalBackoff";
import type { Authorization, Authorizer } from "../volvo/transport";
import { type CredentialStore, secretKeys, type StoredCredentials } from "./credentialStore";
import { isFresh, isStillGood, type NewSignIn, type VolvoIdGrant } from "./credentials";
import type { GrantWriter } from "./grantWriter";
import type { RenewalOutcome } from "./refreshToken";
import { type BackoffMemory, RenewalQueue } from "./renewalQueue";
import { Retry } from "./retry";
import {
  type Addresses,
  authorization,
  clientFor,
  deriveSession,
  type GrantedClient,
  isSameSignIn,
  newerGrant,
  sessionProblem,
  type SessionState,
  type Usable,
  usableFor,
} from "./sessionState";
import { SignInBlock } from "./signInBlock";

export interface SessionPorts {
  readonly store: CredentialStore;
  readonly writer: Pick<GrantWriter, "put" | "remove">;
  readonly renewGrant: (turn: Turn, known: VolvoIdGrant, refused?: string) => Promise<RenewalOutcome>;
  readonly backoff: BackoffMemory;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addresses: () => Addresses;
}

/** The delays between attempts to read the secrets. In a closed window, the extension host can run on for hours. */
const firstReadingMs = 30 * secondMs;
const lastReadingMs = 5 * minuteMs;

/**
 * The single owner of the credentials. Follows SecretStorage, provides requests with credentials, and renews the sign-in
 * when a request needs that. Never gives credentials to an origin other than the one they were entered for.
 */
export class Session implements Authorizer, Disposable {
  private state: SessionState = { kind: "starting" };
  private stored: StoredCredentials = {};
  private readonly block: SignInBlock;
  private readonly readings: Retry;
  private readonly renewals: RenewalQueue;
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<SessionState>());
  readonly onDidChange = this.changed.event;
  private readonly signedOut = this.store.add(new Emitter<void>());
  /** Fires when the user signs out in this window. Other parts must then discard all data of the sign-in. */
  readonly onDidSignOut = this.signedOut.event;

  constructor(private readonly ports: SessionPorts) {
    this.renewals = new RenewalQueue(ports.clock, ports.backoff);
    this.block = this.store.add(new SignInBlock(ports.clock, () => this.derive()));
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

  /** The application of the last sign-in at the present issuer, and its granted scopes (empty if unknown). */
  get client(): GrantedClient | undefined {
    return clientFor(this.stored, this.ports.addresses());
  }

  /** The kind of the stored credential that equals a typed text, to notice a wrong box; `undefined` if there is none. */
  storedAs(value: string): "apiKey" | "accessToken" | undefined {
    if (value !== "" && value === this.stored.apiKey?.value) return "apiKey";
    const { grant } = this.stored;
    return grant?.kind === "testToken" && grant.accessToken === value ? "accessToken" : undefined;
  }

  /** The generation of the present sign-in; `undefined` for any other grant. */
  get generation(): number | undefined {
    const { grant } = this.stored;
    return grant?.kind === "volvoId" ? grant.generation : undefined;
  }

  /** `undefined` if the last renewal succeeded. */
  get blockedRenewal(): BlockedRenewal | undefined {
    const { grant } = this.stored;
    const { backoff } = this.renewals;
    if (!backoff || grant?.kind !== "volvoId") return undefined;
    const tokenUntil = grant.accessToken === "" ? 0 : grant.expiresAt;
    return { until: backoff.until, tokenUntil, isRefused: isApplicationRefused(backoff.problem) };
  }

  /** The kind of grant that a new one would replace, regardless of its addresses; `undefined` if it has ended. */
  get replaceable(): "testToken" | "volvoId" | undefined {
    const kind = this.stored.grant?.kind;
    return kind === "volvoIdEnded" ? undefined : kind;
  }

  /** The state after the first attempt to read the stored credentials. Never rejects. */
  async loaded(): Promise<SessionState> {
    if (this.state.kind === "starting") await this.reload();
    return this.state;
  }

  /** Reads the stored credentials. Never rejects: a failure becomes a state, and is retried. */
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

  /** Call after a change of the origin or the issuer, which can make credentials usable or unusable. */
  addressesChanged(): void {
    if (this.state.kind !== "starting" && this.state.kind !== "unavailable") this.derive();
  }

  /**
   * Rejects if VS Code does not store the key, or if there is no usable address for it. The stored key is then unchanged.
   */
  async saveApiKey(value: string): Promise<void> {
    await this.ports.store.saveApiKey({ origin: this.origin(), value });
    await this.reload();
  }

  /** Replaces the stored grant. Rejects like {@link saveApiKey}. */
  async saveTestToken(accessToken: string): Promise<void> {
    const origin = this.origin();
    await this.ports.writer.put(() => ({ kind: "testToken", origin, accessToken }));
    await this.reload();
  }

  /** Replaces the stored grant. Rejects like {@link saveApiKey}. */
  async saveSignIn(signIn: NewSignIn): Promise<void> {
    const origin = this.origin();
    await this.ports.writer.put((generation) => ({ ...signIn, kind: "volvoId", generation, origin }));
    await this.reload();
  }

  /** Deletes and revokes the grant. The API key stays. Rejects if VS Code does not delete the grant. */
  async signOut(): Promise<void> {
    await this.ports.writer.remove();
    this.signedOut.fire();
    await this.reload();
  }

  /** {@link signOut}, and deletes the API key. Rejects if VS Code does not delete both; one may be deleted then. */
  async deleteAll(): Promise<void> {
    await this.ports.writer.remove();
    this.signedOut.fire();
    await this.ports.store.deleteAll();
    this.state = { kind: "starting" };
    await this.reload();
  }

  async authorize(origin: string, turn: Turn): Promise<Authorization | Problem> {
    const usable = this.usable(origin);
    if ("kind" in usable) return usable;
    const { grant } = usable;
    if (grant.kind === "testToken" || isFresh(grant, this.ports.clock.now())) return authorization(usable);
    return this.renewed(origin, turn);
  }

  async renew(refused: Authorization, turn: Turn): Promise<Authorization | Problem> {
    const usable = this.usable(refused.origin);
    if ("kind" in usable) return usable;
    const { grant } = usable;
    if (grant.kind === "testToken") {
      return grant.accessToken === refused.accessToken ? { kind: "tokenEnded" } : authorization(usable);
    }
    const isNewer = grant.accessToken !== refused.accessToken && isFresh(grant, this.ports.clock.now());
    return isNewer ? authorization(usable) : this.renewed(refused.origin, turn, refused.accessToken);
  }

  /**
   * A 401 for a renewed token stops the sign-in, because renewals still succeed after the owner has withdrawn the consent.
   * The sign-in is kept and tried again, because gateways have also answered so by mistake (Dielee/volvo2mqtt#110, #290).
   */
  refusedAgain(refused: Authorization): void {
    const { grant } = this.stored;
    if (grant?.kind !== "volvoId" || grant.accessToken !== refused.accessToken) return;
    if (!this.block.refused()) return;
    this.ports.log.warn("Volvo does not accept the sign-in although it has just renewed it");
    this.derive();
  }

  /** Ends the wait after {@link refusedAgain}, so that the sign-in is used again at once. */
  tryAgain(): void {
    this.block.tryAgain();
  }

  /** Resolves once no renewal is under way and its tokens are stored. Await it before the process ends. */
  async whenIdle(): Promise<void> {
    await this.renewals.whenIdle();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async renewed(origin: string, turn: Turn, refused?: string): Promise<Authorization | Problem> {
    const outcome = await this.renewals.join(() => this.renewNow(turn, refused), turn);
    const usable = this.usable(origin);
    if ("kind" in usable) return usable;
    const { grant } = usable;
    if (grant.kind === "testToken") return authorization(usable);
    const isUsable = isStillGood(grant, this.ports.clock.now()) && grant.accessToken !== refused;
    if (isUsable) return authorization(usable);
    if (outcome?.kind === "elsewhere") return { kind: "signedInElsewhere" };
    return this.renewals.problem ?? { kind: "timeout" };
  }

  private async renewNow(turn: Turn, refused?: string): Promise<RenewalOutcome> {
    const { grant } = this.stored;
    if (grant?.kind !== "volvoId") return { kind: "replaced" };
    const outcome = await this.ports.renewGrant(turn, grant, refused);
    const isCurrent = isSameSignIn(grant, this.stored.grant);
    if (isCurrent && "grant" in outcome) this.take({ ...this.stored, grant: outcome.grant });
    if (!isCurrent || outcome.kind === "replaced") await this.reload();
    if (isCurrent && outcome.kind === "lost") {
      this.block.outdated(outcome.cause, grant.generation);
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
    if (isSameSignIn(known, grant)) this.block.loaded(grant);
    else {
      this.block.over();
      // The first grant that is read is not new, so the back-off of the other windows applies to it.
      if (this.state.kind !== "starting") this.renewals.startAfresh();
    }
    this.derive();
  }

  private derive(): void {
    this.become(deriveSession(this.stored, this.ports.addresses(), this.block.current));
  }

  private origin(): string {
    const { origin } = this.ports.addresses();
    // Credentials without an address could never be used, but would replace usable ones.
    if (origin === "") throw new Error("There is no usable address for these credentials");
    return origin;
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
