import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { CallbackRelay } from "../auth/callbackRelay";
import { grantedVersions, scopesFor } from "../auth/scopes";
import { hasApiKey } from "../auth/sessionState";
import type { SignInResult } from "../auth/signInFlow";
import type { VolvoIdClient } from "../auth/credentials";
import type { Clock } from "../base/clock";
import { commandId, extensionId } from "../contributions";
import { openInBrowser, showPage } from "../host/browser";
import { editorLocale } from "../host/locale";
import type { SettingsHost } from "../host/settings";
import { type SignInWay, signInFailureText, signInLeftText, signInWayTitle } from "../present/accountText";
import type { SignInHost, VolvoIdConnection } from "../auth/volvoId";
import type { DemoSwitch } from "../demo/demoSwitch";
import { canStore } from "./faultySettings";
import { askScopes } from "./signInScopes";
import { showPasteBox } from "./signInPasteBox";
import { askSteps, copyRedirectUri, portalUrl, type StepsOptions } from "./steps";

export interface SignInDeps {
  readonly demoSwitch: Pick<DemoSwitch, "real">;
  readonly settings: Pick<SettingsHost, "current" | "setDemo">;
  readonly relay: Pick<CallbackRelay, "expect">;
  /** Loaded at first use. */
  readonly volvoId: VolvoIdConnection;
  readonly clock: Clock;
  /**
   * Lets the user choose cars if none is configured, and reports the result of the first check since `since` (ms since
   * the epoch).
   */
  readonly onSignedIn: (since: number) => Promise<void>;
}

/** One run of the command, from its first question to its end. */
interface Run {
  /** A box or Volvo ID's page is open, or a request is in flight. */
  isOnScreen: boolean;
}

type Unfinished = Extract<SignInResult, { kind: "cancelled" | "failed" }>;

interface SetUp {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly canGoBack: boolean;
  /** A client for the user to correct. */
  readonly reenter?: VolvoIdClient;
}

interface Wanted {
  readonly client: VolvoIdClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** `back`: the user went back from the first box. */
type SignInEnd = "signedIn" | "back" | "left";

/** Resolves with `back` only if `canGoBack` has given the first box a Back button. */
export type SignIn = (options?: Pick<StepsOptions, "canGoBack">) => Promise<"back" | undefined>;

/** "Sign In with Volvo ID": asks for missing input, signs in, and offers options after a failure. */
export function createSignIn(deps: SignInDeps): SignIn {
  const { demoSwitch, settings, clock } = deps;
  const { session } = demoSwitch.real;
  /**
   * The client of an attempt that has not succeeded. It may be wrong, so the next attempt offers it for correction
   * instead of reusing it.
   */
  let entered: VolvoIdClient | undefined;
  session.onDidSignOut(() => (entered = undefined));

  async function signIn(run: Run, canGoBack: boolean): Promise<SignInEnd> {
    const { baseUrl, issuer, redirectUri } = settings.current;
    if (baseUrl === undefined || issuer === undefined || redirectUri === undefined) {
      run.isOnScreen = false;
      if (await canStore(settings, session.current)) await showFaultySettings();
      return "left";
    }
    if (!(await mayReplace())) return "left";
    let client = await takeSetUp({ issuer, redirectUri, canGoBack });
    if (typeof client === "object" && settings.current.demo) await settings.setDemo(false);
    let scopes = firstScopes();
    while (typeof client === "object") {
      const result = await attempt({ client, redirectUri, scopes });
      if (result.kind === "signedIn") {
        await session.saveSignIn(result.signIn);
        entered = undefined;
        return "signedIn";
      }
      // The client of the last sign-in has worked, so leaving Volvo ID's page does not make it doubtful.
      if (result.kind === "cancelled" && isKnown(client)) entered = undefined;
      if (result.kind !== "reenterClient") {
        run.isOnScreen = false;
        const way = await ask(result, redirectUri);
        if (latest !== run) return "left";
        run.isOnScreen = true;
        const next = await nextInput(way, scopes, redirectUri);
        if (!next) return "left";
        scopes = next.scopes;
        if (!next.enterClient) continue;
      }
      client = await takeSetUp({ issuer, redirectUri, canGoBack, reenter: client });
    }
    return client;
  }

  /** Asks before stored credentials are replaced. Does not ask if Volvo refuses them anyway. */
  async function mayReplace(): Promise<boolean> {
    const current = await session.loaded();
    const { replaceable } = session;
    if (replaceable === undefined || (current.kind === "stopped" && current.cause === "signInEnded")) return true;
    const isToken = replaceable === "testToken";
    const isOtherAddress = current.kind === "incomplete" && !current.hasGrant;
    const question = isToken
      ? t("Replace your test token with a Volvo ID sign-in?")
      : t("You're already signed in. Sign in again?");
    const detail = t("Your credentials were entered for a different address than the one in your settings.");
    const yes = isToken ? t("Replace") : t("Sign In Again");
    const options = { modal: true, ...(isOtherAddress && { detail }) };
    return (await vscode.window.showWarningMessage(question, options, yes)) === yes;
  }

  /**
   * The client to sign in with: that of the last sign-in, unless there is one to `reenter` or an attempt with it has
   * failed. Stores the API key if the user entered one.
   */
  async function takeSetUp({
    issuer,
    redirectUri,
    canGoBack,
    reenter,
  }: SetUp): Promise<VolvoIdClient | "back" | "left"> {
    const doubtful = reenter ?? (entered?.issuer === issuer ? entered : undefined);
    const known = doubtful ?? session.client;
    const needsClient = doubtful !== undefined || known === undefined;
    const wanted = [
      ...(hasApiKey(session.current) ? [] : (["apiKey"] as const)),
      ...(needsClient ? (["clientId", "clientSecret"] as const) : []),
    ];
    const given = known ? { clientId: known.clientId, clientSecret: known.clientSecret } : {};
    const outcome = await askSteps(wanted, {
      title: t("Sign In with Volvo ID"),
      known: given,
      redirectUri,
      canGoBack,
      stored: (value) => session.storedAs(value),
      onEntered: async (key, value) => {
        // Stored at once, because users leave the next box to look up its value on the portal.
        if (key === "apiKey") await session.saveApiKey(value);
      },
    });
    if (outcome.kind !== "entered") return outcome.kind;
    const { clientId = "", clientSecret = "" } = outcome.values;
    entered = { issuer, clientId, clientSecret };
    return entered;
  }

  /** True if the last sign-in was made with this client. */
  function isKnown({ clientId, clientSecret }: VolvoIdClient): boolean {
    const known = session.client;
    return known?.clientId === clientId && known.clientSecret === clientSecret;
  }

  /** The scopes of the setting, else those of the last grant if they suffice, else the ones that the product needs. */
  function firstScopes(): readonly string[] {
    const { scopes, apiVersion } = settings.current;
    if (scopes.length > 0) return scopes;
    const granted = session.client?.scopes ?? [];
    const suffice = granted.length > 0 && (apiVersion === "auto" || grantedVersions(granted).includes(apiVersion));
    return suffice ? granted : scopesFor({ version: apiVersion === "v1" ? "v1" : "v2", carList: true });
  }

  async function attempt(wanted: Wanted): Promise<SignInResult> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: t("Signing in with Volvo ID"),
      cancellable: true,
    };
    return vscode.window.withProgress(options, (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const host: SignInHost = {
        relay: deps.relay,
        openBrowser: openInBrowser,
        showPasteBox,
        onProgress: (step) =>
          progress.report({
            message: step === "waiting" ? t("waiting for the browser…") : t("completing the sign-in…"),
          }),
        pages: {
          title: t("Volvo Charging Status"),
          language: vscode.env.language,
          arrived: t(
            "VS Code has received the response from Volvo ID. Go back to VS Code to see whether the sign-in worked.",
          ),
          refused: t("This response doesn't match a sign-in in progress. Start again in VS Code."),
          // VS Code in a browser has no address that another page could open.
          ...(vscode.env.uiKind === vscode.UIKind.Desktop && {
            back: { title: t("Open {0}", vscode.env.appName), url: `${vscode.env.uriScheme}://${extensionId}/` },
          }),
        },
      };
      const storedAs = (value: string) => session.storedAs(value);
      return deps.volvoId.signIn(host, { ...wanted, storedAs }, abort.signal);
    });
  }

  async function ask(result: Unfinished, redirectUri: string): Promise<SignInWay | undefined> {
    const { showInformationMessage, showWarningMessage } = vscode.window;
    const isLeft = result.kind === "cancelled";
    const { sentence, ways } = isLeft
      ? signInLeftText(redirectUri)
      : signInFailureText(result.failure, redirectUri, clock.now(), editorLocale(settings.current));
    const titles = ways.map(signInWayTitle);
    const chosen = await (isLeft ? showInformationMessage : showWarningMessage)(sentence, ...titles);
    return chosen === undefined ? undefined : ways[titles.indexOf(chosen)];
  }

  /** The input of the next attempt; `undefined` if there is no next attempt. */
  async function nextInput(
    way: SignInWay | undefined,
    scopes: readonly string[],
    redirectUri: string,
  ): Promise<{ readonly scopes: readonly string[]; readonly enterClient?: true } | undefined> {
    switch (way) {
      case undefined:
        return undefined;
      case "again":
        return { scopes };
      case "enterClient":
        return { scopes, enterClient: true };
      case "withoutCarList":
        return { scopes: scopesFor({ version: "v2", carList: false }) };
      case "energyV1":
        return { scopes: scopesFor({ version: "v1", carList: false }) };
      case "chooseScopes": {
        const chosen = await askScopes(scopes);
        return chosen && { scopes: chosen };
      }
      case "copyRedirectUri":
        await copyRedirectUri(redirectUri);
        return undefined;
      case "openPortal":
        await showPage(portalUrl);
        return undefined;
      case "showLog":
        await vscode.commands.executeCommand(commandId("showLog"));
        return undefined;
    }
  }

  async function showFaultySettings(): Promise<void> {
    const openSettings = t("Open Settings");
    const text = t("A setting for signing in with Volvo ID isn't valid.");
    if ((await vscode.window.showWarningMessage(text, openSettings)) !== openSettings) return;
    await vscode.commands.executeCommand("workbench.action.openSettings", "volvoCharging.auth");
  }

  let latest: Run | undefined;
  let running: Promise<SignInEnd> | undefined;
  return async ({ canGoBack = false } = {}) => {
    // A second run would compete with the first for the port and the input boxes. A run that only shows a message does
    // not block another: VS Code hides the message after a while, so it may never be answered.
    if (latest?.isOnScreen) {
      await running;
      return undefined;
    }
    const since = clock.now();
    const run: Run = { isOnScreen: true };
    latest = run;
    running = signIn(run, canGoBack).finally(() => (run.isOnScreen = false));
    const end = await running;
    if (end === "signedIn") await deps.onSignedIn(since);
    return end === "back" ? end : undefined;
  };
}
