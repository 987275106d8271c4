import type { Problem } from "../charging/problem";
import type { VolvoIdClient } from "./credentials";
import type { TokenAnswer } from "./tokenAnswer";
import type { Logger } from "../base/log";

/** The outcome of a request to Volvo ID's token endpoint. */
export type TokenOutcome =
  | { readonly kind: "tokens"; readonly tokens: TokenAnswer }
  /** A refusal by Volvo ID. `error` is OAuth's error code, or empty. */
  | { readonly kind: "refused"; readonly error: string; readonly description: string }
  /**
   * No usable answer about the sign-in. `mayHaveArrived`: Volvo may have processed the request and rotated the refresh token, so
   * that the new one is lost.
   */
  | {
      readonly kind: "noAnswer";
      readonly problem: Problem;
      readonly mayHaveArrived: boolean;
      /** A description for the log. */
      readonly note: string;
    };

/** The part of Volvo ID that a session needs. Never rejects: every outcome is a value. */
export interface TokenEndpoint {
  refresh(client: VolvoIdClient, refreshToken: string): Promise<TokenOutcome>;
  /** Revokes the refresh token at Volvo ID, within 5 s. Resolves with the failure, if any, for the log. */
  revoke(client: VolvoIdClient, refreshToken: string): Promise<string | undefined>;
}

export interface RevocationPorts {
  readonly endpoint: TokenEndpoint;
  readonly log: Logger;
}

/** Revokes the refresh token at Volvo ID, within 5 s. Logs a failure. Never rejects. */
export async function revoke({ endpoint, log }: RevocationPorts, client: VolvoIdClient, token: string): Promise<void> {
  const failure = await endpoint.revoke(client, token);
  if (failure !== undefined) log.warn(`The refresh token was not revoked at Volvo ID: ${failure}`);
}
