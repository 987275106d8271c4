import { t } from "@vscode/l10n";
import { carListScope, energyV2Scope } from "../auth/scopes";
import type { SignInLifetime, SignInNotice } from "../auth/signInLifetime";
import type { SessionState, VolvoIdAccount } from "../auth/sessionState";
import type { SignInFailure } from "../auth/signInFailure";
import { plainLine } from "./plainText";
import { problemText } from "./problemText";
import { dayText, type Locale } from "./times";
import type { ViewState } from "./viewState";

/** The Volvo ID account of a session, even while its sign-in is stopped; `undefined` without one. */
export function volvoIdAccount(session: SessionState): VolvoIdAccount | undefined {
  if (session.kind === "stopped") return session.account;
  return session.kind === "ready" && session.account.kind === "volvoId" ? session.account : undefined;
}

/** The end of a sign-in if it is near, else the condition under which the sign-in lasts. */
export function lifetimeText({ endsSoon, endsAt }: SignInLifetime, locale: Locale): string {
  return endsSoon && endsAt !== undefined
    ? t("Signed in with Volvo ID until {0}", dayText(endsAt, locale))
    : t("Signed in with Volvo ID; lasts as long as you open VS Code at least once a week");
}

/** The account of the requests, for the last line of the hover and for a row; empty without one and in the demo. */
export function accountLabel({ session, settings }: Pick<ViewState, "session" | "settings">): string {
  if (settings.demo || (session.kind !== "ready" && session.kind !== "stopped")) return "";
  if (session.account.kind === "testToken") return t("Test token");
  const label = settings.presenterMode ? "" : plainLine(session.account.label);
  return label === "" ? t("Volvo ID") : t("Volvo ID {0}", label);
}

/** The one-time message about a sign-in that has ended or will end soon. */
export function signInNoticeText(notice: SignInNotice, locale: Locale): string {
  return notice.kind === "ended"
    ? t("The sign-in with Volvo ID has expired.")
    : t(
        "Your Volvo ID sign-in expires on {0}. Sign in again before then to avoid an interruption.",
        dayText(notice.endsAt, locale),
      );
}

/** An option after a failed sign-in. */
export type SignInWay =
  | "again"
  | "withoutCarList"
  | "energyV1"
  | "chooseScopes"
  | "enterClient"
  | "copyRedirectUri"
  | "openPortal"
  | "showLog";

export interface SignInFailureText {
  readonly sentence: string;
  /** At most three, the most likely first. */
  readonly ways: readonly SignInWay[];
}

/** The cause of a failed sign-in, with the options to continue. `redirectUri` is the one that was sent. */
export function signInFailureText(
  failure: SignInFailure,
  redirectUri: string,
  now: number,
  locale: Locale,
): SignInFailureText {
  switch (failure.kind) {
    case "accessDenied":
      return { sentence: t("Signing in was declined on the Volvo ID page."), ways: ["again"] };
    case "invalidScope":
      return {
        sentence:
          failure.scope === undefined
            ? t("Volvo hasn't approved all the requested scopes for your application.")
            : t("Volvo hasn't approved the scope {0} for your application.", plainLine(failure.scope)),
        ways: waysWithout(failure.scope),
      };
    case "invalidClient":
      return {
        sentence: t("Volvo ID doesn't know this client ID, or the client secret is wrong."),
        ways: ["enterClient"],
      };
    case "codeRefused":
      return {
        sentence: t("Volvo ID doesn't accept this code: it has already been used, or it's more than a minute old."),
        ways: ["again"],
      };
    case "redirectUriRefused":
      return {
        sentence: t(
          "The redirect URI {0} doesn't exactly match any that are registered for your Volvo application.",
          plainLine(redirectUri, 120),
        ),
        ways: ["copyRedirectUri", "openPortal", "again"],
      };
    case "neverReturned":
      return {
        sentence: `${t("No response came back from the browser.")} ${pageHint(redirectUri)}`,
        ways: ["again", "copyRedirectUri", "enterClient"],
      };
    case "endpointDown":
      return {
        sentence: t("Volvo ID couldn't complete the sign-in. {0}", problemText(failure.problem, now, locale).sentence),
        ways: ["again", "showLog"],
      };
    case "noRefreshToken":
      return {
        sentence: t("Volvo ID didn't provide a refresh token, so the sign-in wouldn't last."),
        ways: ["again", "showLog"],
      };
    case "refused": {
      const said = plainLine(failure.description === "" ? failure.error : failure.description, 120);
      return { sentence: t("Volvo ID refused the sign-in: {0}", said), ways: ["again", "enterClient", "showLog"] };
    }
  }
}

/** The sentence and the options for a user who has left Volvo ID's page. */
export function signInLeftText(redirectUri: string): SignInFailureText {
  const sentence = `${t("Not signed in.")} ${pageHint(redirectUri)}`;
  return { sentence, ways: ["copyRedirectUri", "enterClient", "openPortal"] };
}

/** The most likely reasons why no answer came from Volvo ID's page. */
function pageHint(redirectUri: string): string {
  return t(
    "If the page said the redirect URI is invalid, register {0} in your Volvo application. If it said the client ID is invalid, re-enter the client ID.",
    plainLine(redirectUri, 120),
  );
}

/** The options if Volvo has not approved `scope`; `undefined` if Volvo does not name the scope. */
function waysWithout(scope: string | undefined): readonly SignInWay[] {
  switch (scope) {
    case undefined:
    case carListScope:
      return ["withoutCarList", "energyV1", "chooseScopes"];
    case energyV2Scope:
      return ["energyV1", "chooseScopes", "withoutCarList"];
    default:
      return ["chooseScopes", "withoutCarList", "energyV1"];
  }
}

export function signInWayTitle(way: SignInWay): string {
  switch (way) {
    case "again":
      return t("Try Again");
    case "withoutCarList":
      return t("Continue Without Car List");
    case "energyV1":
      return t("Use Energy v1");
    case "chooseScopes":
      return t("Choose Scopes…");
    case "enterClient":
      return t("Re-enter Client ID");
    case "copyRedirectUri":
      return t("Copy Redirect URI");
    case "openPortal":
      return t("Open Portal");
    case "showLog":
      return t("Show Log");
  }
}
