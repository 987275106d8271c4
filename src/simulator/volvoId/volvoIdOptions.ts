import { secondMs } from "../../base/clock";
import { allScopes } from "../api/accessTokens";

/** The application registered with Volvo ID, and its only user. */
export interface VolvoIdOptions {
  /** The issuer named in tokens. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A sign-in request must contain one of them exactly. */
  readonly redirectUris: readonly string[];
  /** Scopes approved for the application. Requesting any other fails the whole sign-in. */
  readonly scopes: readonly string[];
  readonly email: string;
  /** 299 s in practice (home-assistant/core#179741). */
  readonly accessTokenLifetimeMs: number;
}

export const defaultVolvoIdOptions: VolvoIdOptions = {
  issuer: "https://volvoid.eu.volvocars.com",
  clientId: "dc-s1mulat0rs1mulat0rs1mulat0r",
  clientSecret: "s1mulat0r+secret/with:odd%characters",
  redirectUris: ["http://localhost:17455/callback"],
  scopes: allScopes,
  email: "driver@example.com",
  accessTokenLifetimeMs: 299 * secondMs,
};
