import type { Problem } from "../charging/problem";
import type { VolvoIdClient } from "./credentials";
import type { TokenAnswer } from "./tokenAnswer";
import { errorText, type Logger } from "../base/log";

/** The outcome of a request to Volvo ID's token endpoint. */
export type TokenOutcome =
  | { readonly kind: "tokens"; readonly tokens: TokenAnswer }
  /** A refusal by Volvo ID. `error` is OAuth's error code, or empty. */
  | { readonly kind: "refused"; readonly error: string; readonly description: string }
  /**
   * No answer about the sign-in. `mayHaveArrived`: Volvo may have processed the request and rotated the refresh token, so
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
  /** Ends the sign-in at Volvo's side, with a time limit of 5 s. Resolves with the failure, if any, for the log. */
  revoke(client: VolvoIdClient, refreshToken: string): Promise<string | undefined>;
}

export interface RevocationPorts {
  readonly endpoint: TokenEndpoint;
  readonly log: Logger;
}

/** Ends the sign-in at Volvo's side, with a time limit of 5 s. Logs a failure. Never rejects. */
export async function revoke({ endpoint, log }: RevocationPorts, client: VolvoIdClient, token: string): Promise<void> {
  try {
    const failure = await endpoint.revoke(client, token);
    if (failure !== undefined) log.warn(`Volvo ID has not ended the sign-in at its side: ${failure}`);
  } catch (error) {
    log.warn(`Volvo ID could not be told of the sign-out: ${errorText(error)}`);
  }
}
