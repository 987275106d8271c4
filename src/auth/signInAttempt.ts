import {
  AuthorizationResponseError,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  validateAuthResponse,
} from "oauth4webapi";
import { readPastedAnswer } from "./callback";
import type { VolvoIdClient } from "./credentials";
import type { KnownCredential, OtherText } from "./pastedText";
import { failureOf, type SignInFailure } from "./signInFailure";
import { type CodeExchange, serverAt } from "./volvoIdServer";

export interface AttemptOptions {
  readonly client: VolvoIdClient;
  /** Exactly as registered. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** The kind of the stored credential with this value. Reveals a credential that is pasted in place of a code. */
  readonly storedAs: KnownCredential;
}

/** The result of offering an answer to an attempt. Only `taken` ends the wait. */
export type Offer = "taken" | "wrongState" | "noAnswer" | "signInPage" | OtherText | "over";

export type AttemptAnswer =
  | { readonly kind: "code"; readonly exchange: CodeExchange }
  | { readonly kind: "failed"; readonly failure: SignInFailure };

/**
 * One attempt to sign in: the address of the page to show, and the first answer that comes back in any way. The state and
 * the verifier are new for each attempt and valid for one answer.
 */
export class SignInAttempt {
  /** Resolves with the first answer that belongs to this attempt. */
  readonly answer: Promise<AttemptAnswer>;
  private resolve: ((answer: AttemptAnswer) => void) | undefined;

  private constructor(
    private readonly options: AttemptOptions,
    readonly state: string,
    private readonly codeVerifier: string,
    /** The address to open in the browser. */
    readonly url: string,
  ) {
    this.answer = new Promise((resolve) => (this.resolve = resolve));
  }

  static async begin(options: AttemptOptions): Promise<SignInAttempt> {
    const state = generateRandomState();
    const codeVerifier = generateRandomCodeVerifier();
    const query = new URLSearchParams({
      client_id: options.client.clientId,
      response_type: "code",
      redirect_uri: options.redirectUri,
      scope: options.scopes.join(" "),
      state,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    });
    const page = serverAt(options.client.issuer).authorization_endpoint ?? "";
    // Some servers do not read "+" in a query as a space.
    const url = `${page}?${query.toString().replaceAll("+", "%20")}`;
    return new SignInAttempt(options, state, codeVerifier, url);
  }

  /** Offers an answer that came back by itself. It must have this attempt's state. */
  offer(parameters: URLSearchParams): Offer {
    if (!this.resolve) return "over";
    if (!parameters.has("code") && !parameters.has("error")) return "noAnswer";
    if (parameters.get("state") !== this.state) return "wrongState";
    return this.take(parameters);
  }

  /** Offers an answer that the user pasted. A bare code has no state, but needs the verifier of this attempt. */
  offerPasted(text: string): Offer {
    if (!this.resolve) return "over";
    const pasted = readPastedAnswer(text);
    switch (pasted.kind) {
      case "parameters":
        return this.offer(pasted.parameters);
      case "other":
        return pasted.what;
      case "code":
        if (pasted.code === this.options.client.clientId) return "clientId";
        if (pasted.code === this.options.client.clientSecret) return "clientSecret";
        return (
          this.options.storedAs(pasted.code) ?? this.take(new URLSearchParams({ code: pasted.code, state: this.state }))
        );
      case "redirectUriRefused":
      case "invalidClient":
        return this.end({ kind: "failed", failure: { kind: pasted.kind } });
      case "signInPage":
        return "signInPage";
      case "nothing":
        return "noAnswer";
    }
  }

  private take(parameters: URLSearchParams): Offer {
    const { client, redirectUri, scopes } = this.options;
    try {
      const id = { client_id: client.clientId };
      const validated = validateAuthResponse(serverAt(client.issuer), id, parameters, this.state);
      const exchange: CodeExchange = { parameters: validated, redirectUri, codeVerifier: this.codeVerifier };
      return this.end({ kind: "code", exchange });
    } catch (error) {
      const refusal =
        error instanceof AuthorizationResponseError
          ? failureOf(error.error, error.error_description ?? "", scopes)
          : ({ kind: "refused", error: "invalid_response", description: "" } as const);
      return this.end({ kind: "failed", failure: refusal });
    }
  }

  private end(answer: AttemptAnswer): Offer {
    this.resolve?.(answer);
    this.resolve = undefined;
    return "taken";
  }
}
