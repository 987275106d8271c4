import { randomUUID } from "node:crypto";
import { type Clock, minuteMs } from "../../base/clock";
import type { Grants } from "./grants";
import { emptyAnswer, escapeHtml, htmlAnswer, type SimulatedAnswer, type SimulatedRequest } from "../http";
import { splitUrl } from "../requestLog";
import type { VolvoIdOptions } from "./volvoIdOptions";

/** The user's decision in the browser: `ask` shows the page, all others redirect at once. */
export const signInDecisions = ["ask", "approve", "access_denied", "invalid_scope"] as const;

export type SignInDecision = (typeof signInDecisions)[number];

interface PendingSignIn {
  readonly redirectUri: string;
  readonly state: string | null;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

const pageLifetimeMs = 10 * minuteMs;

/** The sign-in page and the redirect back to the application. */
export class AuthorizeEndpoint {
  decision: SignInDecision = "ask";
  private readonly pending = new Map<string, PendingSignIn>();

  constructor(
    private readonly clock: Clock,
    private readonly grants: Grants,
    private readonly options: VolvoIdOptions,
  ) {}

  /** `/as/authorization.oauth2`. Errors go to the redirect URI once it is known to be valid. */
  show(request: SimulatedRequest): SimulatedAnswer {
    const query = new URLSearchParams(splitUrl(request.url).query);
    const redirectUri = query.get("redirect_uri") ?? "";
    if (query.get("client_id") !== this.options.clientId) return errorPage("Invalid client_id");
    if (!this.options.redirectUris.includes(redirectUri)) return errorPage("Invalid redirect_uri");
    const state = query.get("state");
    const fail = (error: string, description: string) =>
      redirect(redirectUri, { error_description: description, error, state });

    if (query.get("response_type") !== "code") return fail("unsupported_response_type", "Unsupported response_type");
    const codeChallenge = query.get("code_challenge");
    // PKCE is enforced for newly published applications (developer portal, "Authorisation").
    if (!codeChallenge) return fail("invalid_request", "code_challenge is required");
    if (query.get("code_challenge_method") !== "S256") {
      return fail("invalid_request", "code_challenge_method S256 is required");
    }
    const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const refused = scopes.find((scope) => !this.options.scopes.includes(scope));
    if (refused !== undefined) return fail("invalid_scope", `The requested scope is invalid, unknown: ${refused}`);

    const expiresAtMs = this.clock.now() + pageLifetimeMs;
    const signIn: PendingSignIn = { redirectUri, state, codeChallenge, scopes, expiresAtMs };
    return this.decision === "ask" ? this.ask(signIn) : this.decide(signIn, this.decision);
  }

  /** Handles the button pressed on the page. Each page accepts one press. */
  resume(id: string, request: SimulatedRequest): SimulatedAnswer {
    const signIn = this.pending.get(id);
    this.pending.delete(id);
    if (!signIn || signIn.expiresAtMs <= this.clock.now()) return invalidSessionPage();
    const pressed = new URLSearchParams(request.body ?? splitUrl(request.url).query).get("decision");
    return this.decide(signIn, pressed === "sign-in" ? "approve" : "access_denied");
  }

  private ask(signIn: PendingSignIn): SimulatedAnswer {
    const id = randomUUID();
    this.pending.set(id, signIn);
    const scopes = signIn.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join("");
    return htmlAnswer(
      200,
      "Volvo ID (simulated)",
      `<p>An application asks for:</p><ul>${scopes}</ul>
<form method="post" action="/as/${id}/resume/as/authorization.ping">
<button name="decision" value="sign-in">Sign in</button>
<button name="decision" value="cancel">Cancel</button>
</form>`,
    );
  }

  private decide(signIn: PendingSignIn, decision: Exclude<SignInDecision, "ask">): SimulatedAnswer {
    const { redirectUri, state, codeChallenge, scopes } = signIn;
    switch (decision) {
      case "approve":
        return redirect(redirectUri, {
          code: this.grants.issueCode({ redirectUri, codeChallenge, scopes }),
          state,
        });
      case "access_denied":
        return redirect(redirectUri, {
          error_description: "User denied access to requested scope",
          error: "access_denied",
          state,
        });
      case "invalid_scope":
        return redirect(redirectUri, {
          error_description: `The requested scope is invalid, unknown: ${scopes.at(-1) ?? ""}`,
          error: "invalid_scope",
          state,
        });
    }
  }
}

/** The page for a browser that has lost its session (evcc-io/evcc#29198). */
export function invalidSessionPage(): SimulatedAnswer {
  return htmlAnswer(400, "Invalid Session", "<p>Your session is invalid or has expired. Please try again.</p>");
}

function errorPage(reason: string): SimulatedAnswer {
  return htmlAnswer(400, "Error", `<p>${escapeHtml(reason)}</p>`);
}

function redirect(target: string, parameters: Readonly<Record<string, string | null>>): SimulatedAnswer {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return emptyAnswer(302, { location: url.href, "cache-control": "no-cache, no-store" });
}
