import { t } from "@vscode/l10n";
import type { UserProblem } from "../charging/problem";
import { type CommandName, commandId, internalCommands } from "../contributions";

/** What the user has to do: the cause in two or three words, and the command that helps. */
export interface Need {
  readonly word: string;
  readonly command: string;
  /** A test token expires every half hour, which is no alarm. */
  readonly background: "none" | "warning";
}

/**
 * The words of problems that last until the user acts, in a file of their own: the first painting of a window needs them,
 * and no other text of a problem.
 */
const words: Readonly<Record<UserProblem["kind"], () => string>> = {
  outdatedWindow: () => t("reload window"),
  apiKeyMissing: () => t("no API key"),
  credentialsMissing: () => t("no access token"),
  apiKeyRejected: () => t("API key refused"),
  tokenEnded: () => t("token expired"),
  signInEnded: () => t("sign-in expired"),
  signedInElsewhere: () => t("signed in elsewhere"),
  secretsUnavailable: () => t("credentials unavailable"),
  clientBlocked: () => t("application refused"),
  clientRefused: () => t("client refused"),
  misconfigured: () => t("check settings"),
};

const commands: Readonly<Record<UserProblem["kind"], CommandName | undefined>> = {
  outdatedWindow: undefined,
  apiKeyMissing: "setApiKey",
  credentialsMissing: "connect",
  apiKeyRejected: "setApiKey",
  tokenEnded: "setAccessToken",
  signInEnded: "signIn",
  signedInElsewhere: undefined,
  secretsUnavailable: "connect",
  clientBlocked: "showLog",
  clientRefused: "signIn",
  misconfigured: "openSettings",
};

export function needWord(kind: UserProblem["kind"]): string {
  return words[kind]();
}

/** What a problem asks of the user. A test holds the command against the action of the problem's text. */
export function needOf(problem: UserProblem): Need {
  const { kind } = problem;
  const isLogOnly = problem.kind === "secretsUnavailable" && problem.cause !== "lost";
  const name = isLogOnly ? "showLog" : commands[kind];
  const command = name === undefined ? internalCommands.reloadWindow : commandId(name);
  return { word: needWord(kind), command, background: kind === "tokenEnded" ? "none" : "warning" };
}
