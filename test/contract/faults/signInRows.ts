import type { FaultName } from "../../../src/simulator/faults/faults";
import type { PathKind } from "../../../src/simulator/route";

/** The data that is kept, and the time of the next request for the failed data. */
export interface Aftermath {
  readonly kept: string;
  readonly next: string;
}

/** All existing data is kept after any failure of the sign-in or the car list, and only the user retries. */
export const nothingChanged: Aftermath = { kept: "credentials, cars and readings", next: "manual" };

/** A fault during sign-in: the message, and the first action it offers. */
export interface SignInCase {
  readonly fault: FaultName;
  readonly at: Extract<PathKind, "authorize" | "token">;
  readonly sentence: string;
  readonly offered: string;
}

const again = "Try Again";
/** The same as leaving the page: ten minutes pass. */
const neverReturned =
  "No response came back from the browser. If the page said the redirect URI is invalid, register https://example.com/done in your Volvo application. If it said the client ID is invalid, re-enter the client ID.";
const incomplete = (why: string) => `Volvo ID couldn't complete the sign-in. ${why}`;

export const signInRow = { id: "A17", title: "Sign-in fails" } as const;

export const signInCases: readonly SignInCase[] = [
  { fault: "sign-in-invalid-session", at: "authorize", sentence: neverReturned, offered: again },
  {
    fault: "sign-in-cancelled",
    at: "authorize",
    sentence: "Signing in was declined on the Volvo ID page.",
    offered: again,
  },
  {
    fault: "sign-in-scope-refused",
    at: "authorize",
    sentence: "Volvo hasn't approved the scope energy:state:read for your application.",
    offered: "Use Energy v1",
  },
  { fault: "sign-in-wrong-state", at: "authorize", sentence: neverReturned, offered: again },
  { fault: "sign-in-without-state", at: "authorize", sentence: neverReturned, offered: again },
  { fault: "sign-in-without-code", at: "authorize", sentence: neverReturned, offered: again },
  { fault: "login-page", at: "authorize", sentence: neverReturned, offered: again },
  {
    fault: "authorization-code-refused",
    at: "token",
    sentence: "Volvo ID doesn't accept this code: it has already been used, or it's more than a minute old.",
    offered: again,
  },
  {
    fault: "client-invalid",
    at: "token",
    sentence: "Volvo ID doesn't know this client ID, or the client secret is wrong.",
    offered: "Re-enter Client ID",
  },
  {
    fault: "host-unknown",
    at: "token",
    sentence: incomplete("Volvo's service can't be reached."),
    offered: again,
  },
  {
    fault: "certificate-expired",
    at: "token",
    sentence: incomplete("The connection to Volvo isn't trusted: check the certificate of your proxy or company."),
    offered: again,
  },
  {
    fault: "black-hole",
    at: "token",
    sentence: incomplete("Volvo's service didn't respond in time."),
    offered: again,
  },
  {
    fault: "unavailable-page",
    at: "token",
    sentence: incomplete("Volvo's service reported an error (HTTP 503)."),
    offered: again,
  },
  {
    fault: "refresh-token-missing",
    at: "token",
    sentence: "Volvo ID didn't provide a refresh token, so the sign-in wouldn't last.",
    offered: again,
  },
];

/** A fault during the search for the account's cars: the message, or the cars that are found. */
export interface ListCase {
  readonly fault: FaultName;
  readonly found: string;
}

export const listRow = { id: "B34", title: "The account has no cars, or its list is unavailable" } as const;

export const listCases: readonly ListCase[] = [
  {
    fault: "empty-car-list",
    found: "Volvo lists no cars for this account. Its region or market may be the reason.",
  },
  { fault: "car-list-without-wrapper", found: "Volvo's response couldn't be read." },
  { fault: "unknown-members", found: "EX30 2025" },
  { fault: "null-data", found: "Volvo's response couldn't be read." },
  { fault: "login-page", found: "A proxy, network login, or firewall answered instead of Volvo. Check your network." },
  { fault: "server-error", found: "Volvo's service reported an error (HTTP 500)." },
  { fault: "black-hole", found: "Volvo's service didn't respond in time." },
];
