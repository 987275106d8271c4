import { t } from "@vscode/l10n";
import { type Account, wereAccepted } from "../charging/account";
import type { Problem } from "../charging/problem";
import { type CommandName, commandId, internalCommands } from "../contributions";

/** What the user has to do: the cause in two or three words, and the command that helps. */
export interface Need {
  readonly word: string;
  readonly command: string;
  /** A test token expires every half hour, which is no alarm. */
  readonly background: "none" | "warning";
}

/**
 * The problems that last until the user acts, each with its word and the command that helps; without a command, that is
 * Reload Window. They stand in a file of their own: the first painting of a window needs no other text of a problem.
 */
const needs = {
  outdatedWindow: [() => t("reload window"), undefined],
  apiKeyMissing: [() => t("no API key"), "setApiKey"],
  credentialsMissing: [() => t("no access token"), "connect"],
  apiKeyRejected: [() => t("API key refused"), "setApiKey"],
  tokenEnded: [() => t("token expired"), "setAccessToken"],
  signInEnded: [() => t("sign-in expired"), "signIn"],
  signedInElsewhere: [() => t("signed in elsewhere"), undefined],
  secretsUnavailable: [() => t("credentials unavailable"), "connect"],
  clientBlocked: [() => t("application refused"), "showLog"],
  clientRefused: [() => t("client refused"), "signIn"],
  misconfigured: [() => t("check settings"), "openSettings"],
} as const satisfies Partial<Record<Problem["kind"], readonly [word: () => string, command: CommandName | undefined]>>;

/** A problem that lasts until the user does something. */
export type UserProblem = Extract<Problem, { readonly kind: keyof typeof needs }>;

/** The user must do something before anything gets better. */
export function needsUser(problem: Problem): problem is UserProblem {
  return problem.kind in needs;
}

export function needWord(kind: UserProblem["kind"]): string {
  return needs[kind][0]();
}

/**
 * What a problem asks of the user, where `account` has used the credentials. A test holds the command against the action
 * of the problem's text.
 */
export function needOf(problem: UserProblem, account: Account): Need {
  const { kind } = problem;
  const isLogOnly = problem.kind === "secretsUnavailable" && problem.cause !== "lost";
  const name = isLogOnly ? "showLog" : needs[kind][1];
  return {
    // A token that has never worked has not expired.
    word: kind === "tokenEnded" && !wereAccepted(account) ? t("token refused") : needWord(kind),
    command: name ? commandId(name) : internalCommands.reloadWindow,
    background: kind === "tokenEnded" ? "none" : "warning",
  };
}
