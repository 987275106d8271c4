import type { Clock } from "../../base/clock";
import type { AccessTokens } from "../api/accessTokens";
import { AuthorizeEndpoint, type SignInDecision } from "./authorizeEndpoint";
import { Grants, type VolvoIdEvent } from "./grants";
import type { SimulatedAnswer, SimulatedRequest } from "../http";
import type { Route } from "../route";
import type { TokenSet } from "./tokenAnswer";
import { TokenEndpoint } from "./tokenEndpoint";
import { defaultVolvoIdOptions, type VolvoIdOptions } from "./volvoIdOptions";

/**
 * Volvo ID for one application and one user: authorization code with PKCE, refresh tokens that rotate at every use and
 * expire after seven days, sign-ins that end after six months.
 */
export class VolvoId {
  readonly options: VolvoIdOptions;
  private readonly grants: Grants;
  private readonly authorizeEndpoint: AuthorizeEndpoint;
  private readonly tokenEndpoint: TokenEndpoint;

  constructor(clock: Clock, accessTokens: AccessTokens, options: Partial<VolvoIdOptions> = {}) {
    this.options = { ...defaultVolvoIdOptions, ...options };
    this.grants = new Grants(clock, accessTokens);
    this.authorizeEndpoint = new AuthorizeEndpoint(clock, this.grants, this.options);
    this.tokenEndpoint = new TokenEndpoint(clock, this.grants, accessTokens, this.options);
  }

  /** The sign-in events, oldest first. */
  get events(): readonly VolvoIdEvent[] {
    return this.grants.events;
  }

  /** The user's decision on the sign-in page: `ask` shows it, all others redirect at once. */
  get decision(): SignInDecision {
    return this.authorizeEndpoint.decision;
  }

  set decision(decision: SignInDecision) {
    this.authorizeEndpoint.decision = decision;
  }

  handle(request: SimulatedRequest, route: Route): SimulatedAnswer | undefined {
    switch (route.kind) {
      case "authorize":
        return route.resource === undefined
          ? this.authorizeEndpoint.show(request)
          : this.authorizeEndpoint.resume(route.resource, request);
      case "token":
        return this.tokenEndpoint.token(request);
      case "revoke":
        return this.tokenEndpoint.revoke(request);
      default:
        return undefined;
    }
  }

  /** Signs in without a browser, for tests that start after the sign-in. */
  signIn(scopes: readonly string[] = ["openid", "conve:vehicle_relation", "energy:state:read"]): TokenSet {
    return this.tokenEndpoint.grant(scopes);
  }

  /** Makes the refresh token that `request` has used valid again. */
  keepRefreshToken(request: SimulatedRequest): void {
    this.grants.keepRefreshToken(new URLSearchParams(request.body ?? "").get("refresh_token") ?? "");
  }

  /** Ends every sign-in: its refresh and access tokens are rejected from now on. */
  endAllSignIns(): void {
    this.grants.endAll();
  }
}
