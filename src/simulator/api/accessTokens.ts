import { randomUUID } from "node:crypto";
import { type Clock, minuteMs } from "../../base/clock";
import type { ApiName } from "../route";

/** All scopes of the simulated APIs. */
export const allScopes: readonly string[] = [
  "openid",
  "conve:vehicle_relation",
  "energy:state:read",
  "energy:capability:read",
  "energy:recharge_status",
  "energy:battery_charge_level",
  "energy:electric_range",
  "energy:estimated_charging_time",
  "energy:charging_connection_status",
  "energy:charging_system_status",
  "energy:charging_current_limit",
  "energy:target_battery_level",
];

export interface AccessToken {
  readonly value: string;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAtMs: number;
  /** A test token of the developer portal works for one API only. */
  readonly api?: ApiName;
  /** The sign-in it belongs to. */
  readonly grantId?: string;
}

export interface NewAccessToken {
  readonly value?: string;
  readonly scopes?: Iterable<string>;
  /** Milliseconds. Default 30 minutes, the lifetime of a developer-portal test token. */
  readonly lifetimeMs?: number;
  readonly api?: ApiName;
  readonly grantId?: string;
}

/** The valid access tokens. Ended tokens are removed, because Volvo treats them like unknown ones. */
export class AccessTokens {
  private readonly tokens = new Map<string, AccessToken>();

  constructor(private readonly clock: Clock) {}

  issue(wanted: NewAccessToken = {}): AccessToken {
    const { value = randomUUID(), scopes = allScopes, lifetimeMs = 30 * minuteMs, api, grantId } = wanted;
    const token: AccessToken = {
      value,
      scopes: new Set(scopes),
      expiresAtMs: this.clock.now() + lifetimeMs,
      ...(api && { api }),
      ...(grantId !== undefined && { grantId }),
    };
    this.removeExpired();
    this.tokens.set(value, token);
    return token;
  }

  find(value: string): AccessToken | undefined {
    const token = this.tokens.get(value);
    return token && token.expiresAtMs > this.clock.now() ? token : undefined;
  }

  end(value: string): void {
    this.tokens.delete(value);
  }

  /** Ends all tokens of one sign-in. */
  endGrant(grantId: string): void {
    for (const [value, token] of this.tokens) if (token.grantId === grantId) this.tokens.delete(value);
  }

  private removeExpired(): void {
    const now = this.clock.now();
    for (const [value, token] of this.tokens) if (token.expiresAtMs <= now) this.tokens.delete(value);
  }
}
