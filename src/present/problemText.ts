import { t } from "@vscode/l10n";
import type { Problem } from "../charging/problem";
import { internalCommands } from "../contributions";
import { type Action, commandAction, type Page } from "./links";
import { needWord } from "./need";
import { plainLine } from "./plainText";
import { languageOf, type Locale, untilText } from "./times";

/** Explains how VS Code connects through a proxy. */
export const proxyUrl = "https://code.visualstudio.com/docs/setup/network#_proxy-server-support";

/** Explains how to set up a keyring. Without one, VS Code on Linux loses its secrets. */
export const keyringUrl = "https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues";

export interface ProblemText {
  /** One sentence for people. */
  readonly sentence: string;
  readonly action?: Action;
  /** Shown beside the action, in hovers only. */
  readonly page?: Page;
}

/** A problem in a sentence and in a word. */
export interface ProblemDescription extends ProblemText {
  /** The problem in two or three words, for a place that already shows the last reading. */
  readonly word: string;
  /** The word with the end of the wait, for the label of a row. Absent if there is no such time. */
  readonly headline?: string;
}

type ProblemKind = Problem["kind"];
type ProblemOf<K extends ProblemKind> = Extract<Problem, { readonly kind: K }>;

function said(word: string, sentence: string, action?: Action): ProblemDescription {
  return { word, sentence, ...(action && { action }) };
}

/**
 * All texts of each kind of problem. `end` returns the phrase for the end of a wait (ms since the epoch), or
 * `undefined` once that has passed.
 */
const descriptions: {
  readonly [K in ProblemKind]: (
    problem: ProblemOf<K>,
    end: (until: number) => string | undefined,
    vin: string | undefined,
  ) => ProblemDescription;
} = {
  outdatedWindow: () =>
    said(
      needWord("outdatedWindow"),
      t("Another window is running a newer version of this extension. Reload this window."),
      reloadWindow(),
    ),
  apiKeyMissing: () => said(needWord("apiKeyMissing"), t("The VCC API key is missing."), setApiKey()),
  credentialsMissing: () => said(needWord("credentialsMissing"), t("There is no access token yet."), connect()),
  apiKeyRejected: () => said(needWord("apiKeyRejected"), t("Volvo doesn't accept the VCC API key."), setApiKey()),
  tokenEnded: () =>
    said(
      needWord("tokenEnded"),
      t("The test token has expired. Test tokens last about 30 minutes."),
      commandAction(t("Set Access Token"), "setAccessToken"),
    ),
  signInEnded: () => said(needWord("signInEnded"), t("The sign-in with Volvo ID has expired."), signIn()),
  signedInElsewhere: () =>
    said(needWord("signedInElsewhere"), t("Another window has a newer sign-in."), reloadWindow()),
  secretsUnavailable: ({ cause }) => secretsText(needWord("secretsUnavailable"), cause),
  clientBlocked: () =>
    said(needWord("clientBlocked"), t("Volvo is refusing this application at the moment."), showLog()),
  clientRefused: () => said(needWord("clientRefused"), t("Volvo ID refused the client ID or secret."), signIn()),
  forbidden: ({ what }) => forbiddenText(t("not permitted"), what),
  notSupported: () => said(t("not supported"), t("Volvo doesn't offer charging data for this car model.")),
  notFound: ({ market }) =>
    said(
      t("not found"),
      market
        ? t("Volvo can't find this car in its market; this may resolve itself.")
        : t("Volvo doesn't know this car."),
    ),
  requestRefused: (_problem, _end, vin) => ({
    sentence:
      vin === undefined ? t("Volvo refused the request.") : t("Volvo refused the request for this VIN ({0}).", vin),
    word: t("request refused"),
    action: openSettings(),
  }),
  quotaSpent: ({ until }, end) => {
    const [at, word] = [end(until), t("quota used up")];
    if (at === undefined) return { sentence: t("The daily call quota was used up."), word };
    return {
      sentence: t("The daily call quota is used up {0}.", at),
      word,
      headline: t("Quota used up {0}", at),
    };
  },
  rateLimited: ({ until }, end) => {
    const [at, word] = [end(until), t("rate limited")];
    if (at === undefined) return { sentence: t("Volvo asked us to wait."), word };
    return {
      sentence: t("Volvo asked us to wait {0}.", at),
      word,
      headline: t("Rate limited {0}", at),
    };
  },
  serviceUnavailable: unavailableDescription,
  offline: ({ certificate }) => offlineText(t("not reachable"), certificate),
  timeout: () => said(t("no response"), t("Volvo's service didn't respond in time."), refresh()),
  intercepted: () =>
    said(
      t("response intercepted"),
      t("A proxy, network login, or firewall answered instead of Volvo. Check your network."),
      refresh(),
    ),
  proxyLogin: () => ({
    sentence: t("Your proxy requires a login; see the setting http.proxy."),
    word: t("proxy login"),
    action: openSettings(),
    page: { title: t("About Proxies"), url: proxyUrl },
  }),
  malformed: () => said(t("unreadable response"), t("Volvo's response couldn't be read."), showLog()),
  misconfigured: ({ text }) => said(needWord("misconfigured"), plainLine(text, 200), openSettings()),
};

function secretsText(word: string, cause: ProblemOf<"secretsUnavailable">["cause"]): ProblemDescription {
  switch (cause) {
    case "lost":
      return {
        ...said(word, t("VS Code has lost the stored credentials, as happens on Linux without a keyring."), connect()),
        page: { title: t("About Keyrings"), url: keyringUrl },
      };
    case "noAnswer":
      return said(word, t("VS Code can't access the stored credentials."), showLog());
    case "noFolder":
      return said(word, t("The sign-in can't be renewed: the extension can't write to its folder."), showLog());
  }
}

function forbiddenText(word: string, what: ProblemOf<"forbidden">["what"]): ProblemDescription {
  switch (what) {
    case "car":
      return said(word, t("This car doesn't belong to the account that the token is for."), testConnection());
    case "scope":
      return said(word, t("The token doesn't allow reading the charging connection."), connect());
    case "unspecified":
      return said(word, t("Volvo doesn't allow access to this car."), testConnection());
  }
}

function offlineText(word: string, certificate: boolean): ProblemDescription {
  return certificate
    ? said(word, t("The connection to Volvo isn't trusted: check the certificate of your proxy or company."), showLog())
    : said(word, t("Volvo's service can't be reached."), refresh());
}

function unavailableDescription(
  problem: ProblemOf<"serviceUnavailable">,
  end: (until: number) => string | undefined,
): ProblemDescription {
  const word = t("service unavailable");
  switch (problem.cause) {
    case "keyRefused":
      return said(
        needWord("apiKeyRejected"),
        t("Volvo refused the VCC API key. Check it; Volvo sometimes refuses valid keys."),
        setApiKey(),
      );
    case "gone":
      return {
        sentence: t("Volvo doesn't offer this version of its Energy API to your application."),
        word,
        action: openSettings(),
      };
    case "error":
      return said(t("service error"), t("Volvo's service reported an error (HTTP {0}).", problem.status));
    case "closed":
      return closedDescription(word, end(problem.until));
  }
}

function closedDescription(word: string, until: string | undefined): ProblemDescription {
  if (until === undefined) return { sentence: t("Volvo's service was unavailable."), word };
  return {
    sentence: t("Volvo's service is unavailable {0}.", until),
    word,
    headline: t("Service unavailable {0}", until),
  };
}

const reloadWindow = (): Action => ({ title: t("Reload Window"), command: internalCommands.reloadWindow });
const setApiKey = () => commandAction(t("Set VCC API Key"), "setApiKey");
const connect = () => commandAction(t("Connect My Car"), "connect");
const refresh = () => commandAction(t("Refresh"), "refresh");
const signIn = () => commandAction(t("Sign In Again"), "signIn");
const testConnection = () => commandAction(t("Test Connection"), "testConnection");
const showLog = () => commandAction(t("Show Log"), "showLog");
const openSettings = () => commandAction(t("Open Settings"), "openSettings");

function describe<K extends ProblemKind>(
  kind: K,
  problem: ProblemOf<K>,
  now: number,
  locale: Locale,
  vin?: string,
): ProblemDescription {
  return descriptions[kind](problem, (until) => (until > now ? untilText(until, now, locale) : undefined), vin);
}

/**
 * The texts of a problem, with the one action that helps. Times are formatted relative to `now` (ms). `vin` is the part
 * of the car's VIN that may be shown.
 */
export function problemText(problem: Problem, now: number, locale: Locale, vin?: string): ProblemDescription {
  return describe(problem.kind, problem, now, locale, vin);
}

/** A problem in a few words for the label of a narrow row, with the end of the wait if there is one. */
export function problemHeadline({ headline, word }: ProblemDescription, locale: Locale): string {
  if (headline !== undefined) return headline;
  const [first = "", ...rest] = word;
  return first.toLocaleUpperCase(languageOf(locale)) + rest.join("");
}

/**
 * The texts of a command that makes no request because the user's daily budget of calls is spent until `until` (ms).
 */
export function budgetText(until: number, now: number, locale: Locale): ProblemText {
  const sentence = t("Your daily call budget is used up {0}.", untilText(until, now, locale));
  return { sentence, action: openSettings() };
}
