import { t } from "@vscode/l10n";
import { type Account, wereCredentialsAccepted } from "../charging/account";
import type { Problem } from "../charging/problem";
import { type CommandName, commandId, internalCommands } from "../contributions";

/** A problem that the user has to solve: its cause in two or three words, and the command that helps. */
export interface Need {
  readonly word: string;
  readonly command: string;
  /** `none` for a test token: it expires every half hour, which is no reason for a warning. */
  readonly background: "none" | "warning";
}

/**
 * The problems that last until the user acts, each with its word and the command that helps (`undefined`: Reload
 * Window). They are in a file of their own, because the first painting of a window needs no other texts of problems.
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

/** True if the problem lasts until the user does something. */
export function needsUser(problem: Problem): problem is UserProblem {
  return problem.kind in needs;
}

export function needWord(kind: UserProblem["kind"]): string {
  return needs[kind][0]();
}

/**
 * The need of a problem. `account` knows whether the credentials have ever worked. A test compares the command with the
 * action in the problem's texts.
 */
export function needOf(problem: UserProblem, account: Account): Need {
  const { kind } = problem;
  const needsLog = problem.kind === "secretsUnavailable" && problem.cause !== "lost";
  const name = needsLog ? "showLog" : needs[kind][1];
  return {
    // A token that has never worked has not expired.
    word: kind === "tokenEnded" && !wereCredentialsAccepted(account) ? t("token refused") : needWord(kind),
    command: name ? commandId(name) : internalCommands.reloadWindow,
    background: kind === "tokenEnded" ? "none" : "warning",
  };
}
