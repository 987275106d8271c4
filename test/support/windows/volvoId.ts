import type { VolvoIdPorts } from "../../../src/auth/createSession";
import { secretKeys } from "../../../src/auth/credentialStore";
import { createGenerationFence } from "../../../src/auth/generationFence";
import { createVolvoIdServer } from "../../../src/auth/volvoIdServer";
import { type Clock, secondMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/redactor";
import type { StateFolder } from "../../../src/base/folder";
import { SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import { simulatorFetch } from "../../../src/simulator/simulatorFetch";
import type { Fetch } from "../../../src/volvo/transport";
import type { SecretWorld } from "../auth/secrets";

const issuer = "https://volvoid.eu.volvocars.com";

/** The Volvo ID of one user. Access tokens expire so soon that every check renews the sign-in. */
export class WindowsVolvoId {
  private readonly volvo: SimulatedVolvo;
  private accepted = "";
  /** The time of the last new refresh token ({@link MachineClock.realMs}). */
  renewedAtRealMs = -Infinity;

  constructor(
    private readonly clock: Clock & { readonly realMs: number },
    private readonly secrets: SecretWorld,
  ) {
    this.volvo = new SimulatedVolvo(clock, { volvoId: { accessTokenLifetimeMs: 30 * secondMs } });
  }

  /** Stores a sign-in whose access token has expired. */
  signIn(origin: string): void {
    const tokens = this.volvo.volvoId.signIn();
    this.accepted = tokens.refresh_token;
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const grant = {
      ...{ kind: "volvoId", signInId: "s", generation: 1, origin, issuer, clientId, clientSecret },
      ...{ accessToken: tokens.access_token, refreshToken: tokens.refresh_token, expiresAt: 0 },
    };
    this.secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin, value: "key" }));
    this.secrets.disk.set(secretKeys.grant, JSON.stringify(grant));
  }

  /** True if the stored refresh token is the one that Volvo accepts next. */
  get isWrittenDown(): boolean {
    return this.secrets.disk.get(secretKeys.grant)?.includes(this.accepted) ?? false;
  }

  /** The number of presentations of an already used refresh token. */
  get reuses(): number {
    return this.volvo.volvoId.events.filter(({ kind }) => kind === "refresh-token-reused").length;
  }

  get renewals(): number {
    return this.volvo.volvoId.events.filter(({ kind }) => kind === "refreshed").length;
  }

  /** A window's access to Volvo ID. Calls `step` before each request and after its response. */
  ports(folder: StateFolder, clock: Clock, step: () => void, isDead: () => boolean): VolvoIdPorts {
    const fetch: Fetch = async (url, init) => {
      step();
      if (isDead()) return new Promise<never>(() => undefined);
      const answer = await simulatorFetch(this.volvo)(url, init);
      const { refresh_token: next } = (await answer.clone().json()) as { refresh_token?: string };
      if (next !== undefined) {
        this.accepted = next;
        this.renewedAtRealMs = this.clock.realMs;
      }
      step();
      return isDead() ? new Promise<never>(() => undefined) : answer;
    };
    const server = createVolvoIdServer({ fetch, clock, redactor: new Redactor() });
    return {
      fence: createGenerationFence(folder, clock),
      endpoint: server,
    };
  }
}
