import { invalidSessionPage } from "../volvoId/authorizeEndpoint";
import type { Fault, FaultContext, FaultKinds } from "./fault";
import type { SimulatedAnswer } from "../http";
import { oauthError } from "../volvoId/tokenEndpoint";

const authorize: FaultKinds = ["authorize"];

/** The redirect back to the application with changed parameters; null removes one. */
function withRedirect(
  context: FaultContext,
  parameters: Readonly<Record<string, string | null>>,
): SimulatedAnswer | undefined {
  const honest = context.honest();
  const location = honest.headers["location"];
  if (location === undefined) return undefined;
  const url = new URL(location);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return { ...honest, headers: { ...honest.headers, location: url.href } };
}

/** Failures of the sign-in page, of its redirect and of the authorization code. */
export const signInFaults = {
  "sign-in-invalid-session": {
    row: 17,
    description: "The page reports an invalid session",
    source: "evcc-io/evcc#29198",
    kinds: authorize,
    answer: invalidSessionPage,
  },
  "sign-in-cancelled": {
    row: 17,
    description: "The redirect says access_denied, whatever the user chooses",
    source: "Dielee/volvo2mqtt#284",
    kinds: authorize,
    answer: (context) => withRedirect(context, { code: null, error: "access_denied" }),
  },
  "sign-in-scope-refused": {
    row: 17,
    description: "The redirect says invalid_scope",
    source: "developer portal, Authorisation",
    kinds: authorize,
    answer: (context) =>
      withRedirect(context, {
        code: null,
        error: "invalid_scope",
        error_description: "The requested scope is invalid, unknown: energy:state:read",
      }),
  },
  "sign-in-wrong-state": {
    row: 17,
    description: "The redirect carries an unknown state",
    source: "",
    kinds: authorize,
    answer: (context) => withRedirect(context, { state: "a-state-nobody-sent" }),
  },
  "sign-in-without-state": {
    row: 17,
    description: "The redirect carries no state",
    source: "",
    kinds: authorize,
    answer: (context) => withRedirect(context, { state: null }),
  },
  "sign-in-without-code": {
    row: 17,
    description: "The redirect carries neither code nor error",
    source: "",
    kinds: authorize,
    answer: (context) => withRedirect(context, { code: null, error: null }),
  },
  "authorization-code-refused": {
    row: 17,
    description: "400 invalid_grant for a valid code",
    source: "evcc-io/evcc#29198",
    kinds: ["token"],
    answer: ({ request }) =>
      new URLSearchParams(request.body ?? "").get("grant_type") === "authorization_code"
        ? oauthError(400, "invalid_grant", "Authorization code is invalid or expired.")
        : undefined,
  },
} as const satisfies Record<string, Fault>;
