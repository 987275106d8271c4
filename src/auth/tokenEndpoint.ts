import type { Problem } from "../charging/problem";
import type { VolvoIdClient } from "./credentials";
import type { TokenAnswer } from "./tokenAnswer";
import { errorText, type Logger } from "../base/log";

/** What came of a request to Volvo ID's token endpoint. */
export type TokenOutcome =
  | { readonly kind: "tokens"; readonly tokens: TokenAnswer }
  /** Volvo ID says no, in its own words: `error` as OAuth defines it, or empty. */
  | { readonly kind: "refused"; readonly error: string; readonly description: string }
  /**
   * No answer that says anything about the sign-in. `mayHaveArrived`: Volvo may have processed the request
   * and rotated the refresh token, and the new one is lost.
   */
  | {
      readonly kind: "noAnswer";
      readonly problem: Problem;
      readonly mayHaveArrived: boolean;
      /** For the log: what was seen. */
      readonly note: string;
    };

/** Volvo ID, as far as a session needs it. Every outcome is a value; nothing here rejects. */
export interface TokenEndpoint {
  refresh(client: VolvoIdClient, refreshToken: string): Promise<TokenOutcome>;
  /** Ends the sign-in at Volvo's side. Resolves with what kept Volvo ID from it within 5 s, for the log. */
  revoke(client: VolvoIdClient, refreshToken: string): Promise<string | undefined>;
}

export interface RevocationPorts {
  readonly endpoint: TokenEndpoint;
  readonly log: Logger;
}

/** Tells Volvo that a sign-in is over, as far as that answers within 5 s; where it does not, the log says so. Never rejects. */
export async function revoke({ endpoint, log }: RevocationPorts, client: VolvoIdClient, token: string): Promise<void> {
  try {
    const failure = await endpoint.revoke(client, token);
    if (failure !== undefined) log.warn(`Volvo ID has not ended the sign-in at its side: ${failure}`);
  } catch (error) {
    log.warn(`Volvo ID could not be told of the sign-out: ${errorText(error)}`);
  }
}
