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
import { type SignInWay, signInFailureText, signInWayTitle } from "../present/accountText";
import type { SignInHost, VolvoIdConnection } from "../auth/volvoId";
import type { DemoSwitch } from "../demo/demoSwitch";
import { canStore } from "./faultySettings";
import { askScopes } from "./signInScopes";
import { showPasteBox } from "./signInPasteBox";
import { askSteps, copyRedirectUri, portalUrl } from "./steps";

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

interface Wanted {
  readonly client: VolvoIdClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** "Sign In with Volvo ID": asks for missing input, signs in, and offers options after a failure. */
export function createSignIn(deps: SignInDeps): () => Promise<void> {
  const { demoSwitch, settings, clock } = deps;
  const { session } = demoSwitch.real;
  /**
   * The client of an attempt that has not led to a sign-in. It can be wrong, so it is offered for correction and not
   * reused.
   */
  let entered: VolvoIdClient | undefined;
  session.onDidSignOut(() => (entered = undefined));

  /** Resolves with `true` after a sign-in. */
  async function signIn(run: Run): Promise<boolean> {
    const { baseUrl, issuer, redirectUri } = settings.current;
    if (baseUrl === undefined || issuer === undefined || redirectUri === undefined) {
      run.isOnScreen = false;
      if (await canStore(settings, session.current)) await showFaultySettings();
      return false;
    }
    if (!(await mayReplace())) return false;
    let client = await takeSetUp(issuer, redirectUri, false);
    if (client && settings.current.demo) await settings.setDemo(false);
    let scopes = firstScopes();
    while (client) {
      const result = await attempt({ client, redirectUri, scopes });
      if (result.kind === "cancelled") {
        // The client of the last sign-in has worked: leaving Volvo ID's page says nothing against it.
        if (isKnown(client)) entered = undefined;
        run.isOnScreen = false;
        await offerRedirectUri(redirectUri);
        return false;
      }
      if (result.kind === "signedIn") {
        await session.saveSignIn(result.signIn);
        entered = undefined;
        return true;
      }
      const locale = editorLocale(settings.current);
      const { sentence, ways } = signInFailureText(result.failure, redirectUri, clock.now(), locale);
      run.isOnScreen = false;
      const way = await ask(sentence, ways);
      if (latest !== run) return false;
      run.isOnScreen = true;
      const next = await goOn(way, scopes, redirectUri);
      if (!next) return false;
      scopes = next.scopes;
      if (next.enterClient) client = await takeSetUp(issuer, redirectUri, true);
    }
    return false;
  }

  /** Asks before stored credentials are replaced. Does not ask if Volvo refuses them anyway. */
  async function mayReplace(): Promise<boolean> {
    const current = await session.loaded();
    const { replaceable } = session;
    if (replaceable === undefined || (current.kind === "stopped" && current.cause === "signInEnded")) return true;
    const isToken = replaceable === "testToken";
    const isElsewhere = current.kind === "incomplete" && !current.hasGrant;
    const question = isToken
      ? t("Replace your test token with a Volvo ID sign-in?")
      : t("You're already signed in. Sign in again?");
    const detail = t("Your credentials were entered for a different address than the one in your settings.");
    const yes = isToken ? t("Replace") : t("Sign In Again");
    const options = { modal: true, ...(isElsewhere && { detail }) };
    return (await vscode.window.showWarningMessage(question, options, yes)) === yes;
  }

  /**
   * The client to sign in with: that of the last sign-in, unless `reenter` is set or an attempt with it has failed.
   * Stores the API key if the user entered one.
   */
  async function takeSetUp(issuer: string, redirectUri: string, reenter: boolean): Promise<VolvoIdClient | undefined> {
    const doubtful = entered?.issuer === issuer ? entered : undefined;
    const known = doubtful ?? session.client;
    const needsClient = reenter || doubtful !== undefined || known === undefined;
    const wanted = [
      ...(hasApiKey(session.current) ? [] : (["apiKey"] as const)),
      ...(needsClient ? (["clientId", "clientSecret"] as const) : []),
    ];
    const given = known ? { clientId: known.clientId, clientSecret: known.clientSecret } : {};
    const outcome = await askSteps(wanted, {
      title: t("Sign In with Volvo ID"),
      known: given,
      redirectUri,
      stored: (value) => session.storedAs(value),
      onEntered: async (key, value) => {
        // Kept although the next box may be left, to look something up on the portal.
        if (key === "apiKey") await session.saveApiKey(value);
      },
    });
    if (outcome.kind !== "entered") return undefined;
    const { clientId = "", clientSecret = "" } = outcome.values;
    entered = { issuer, clientId, clientSecret };
    return entered;
  }

  /** The last sign-in was made with this client. */
  function isKnown({ clientId, clientSecret }: VolvoIdClient): boolean {
    const known = session.client;
    return known?.clientId === clientId && known.clientSecret === clientSecret;
  }

  /** The most likely reason why someone leaves Volvo ID's page without an answer. */
  async function offerRedirectUri(redirectUri: string): Promise<void> {
    const [copy, open] = [t("Copy Redirect URI"), t("Open Portal")];
    const text = t(
      "Not signed in. If the page said that the redirect URI is invalid, register {0} in your Volvo application.",
      redirectUri,
    );
    const choice = await vscode.window.showInformationMessage(text, copy, open);
    if (choice === copy) await copyRedirectUri(redirectUri);
    if (choice === open) await showPage(portalUrl);
  }

  /** The scopes of the setting, else those of the last grant if they suffice, else the ones that the product needs. */
  function firstScopes(): readonly string[] {
    const { scopes, apiVersion } = settings.current;
    if (scopes.length > 0) return scopes;
    const granted = session.client?.scopes ?? [];
    const willDo = granted.length > 0 && (apiVersion === "auto" || grantedVersions(granted).includes(apiVersion));
    return willDo ? granted : scopesFor({ version: apiVersion === "v1" ? "v1" : "v2", carList: true });
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
            "The response from Volvo ID has reached VS Code. Go back there to see whether the sign-in worked.",
          ),
          refused: t("This response doesn't match a sign-in in progress. Start again in VS Code."),
          // VS Code in a browser has no address of its own that another page could open.
          ...(vscode.env.uiKind === vscode.UIKind.Desktop && {
            back: { title: t("Open {0}", vscode.env.appName), url: `${vscode.env.uriScheme}://${extensionId}/` },
          }),
        },
      };
      return deps.volvoId.signIn(host, wanted, abort.signal);
    });
  }

  async function ask(sentence: string, ways: readonly SignInWay[]): Promise<SignInWay | undefined> {
    const titles = ways.map(signInWayTitle);
    const chosen = await vscode.window.showWarningMessage(sentence, ...titles);
    return chosen === undefined ? undefined : ways[titles.indexOf(chosen)];
  }

  /** The input of the next attempt; `undefined` if there is none. */
  async function goOn(
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
      case "openSettings":
        await vscode.commands.executeCommand("workbench.action.openSettings", "volvoCharging.auth");
        return undefined;
      case "showLog":
        await vscode.commands.executeCommand(commandId("showLog"));
        return undefined;
    }
  }

  async function showFaultySettings(): Promise<void> {
    const openSettings = t("Open Settings");
    const text = t("The settings for signing in with Volvo ID aren't valid.");
    if ((await vscode.window.showWarningMessage(text, openSettings)) !== openSettings) return;
    await vscode.commands.executeCommand("workbench.action.openSettings", "volvoCharging.auth");
  }

  let latest: Run | undefined;
  let running: Promise<boolean> | undefined;
  return async () => {
    // A second run would compete with the first for the port and the input boxes. A run that only shows a message does
    // not block another: VS Code hides the message after a while, so it may never be answered.
    if (latest?.isOnScreen) {
      await running;
      return;
    }
    const since = clock.now();
    const run: Run = { isOnScreen: true };
    latest = run;
    running = signIn(run).finally(() => (run.isOnScreen = false));
    if (await running) await deps.onSignedIn(since);
  };
}
