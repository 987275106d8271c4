import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallbackRelay } from "../auth/callbackRelay";
import { grantedVersions, scopesFor } from "../auth/scopes";
import { hasApiKey } from "../auth/sessionState";
import type { SignInResult } from "../auth/signInFlow";
import type { VolvoIdClient } from "../auth/credentials";
import type { Clock } from "../base/clock";
import { commandId } from "../contributions";
import { openInBrowser } from "../host/browser";
import type { SettingsHost } from "../host/settings";
import { type SignInWay, signInFailureText, signInWayTitle } from "../present/accountText";
import type { SignInHost, VolvoIdConnection } from "../volvoIdConnection";
import type { Stage } from "../stage";
import { canStore } from "./faultySettings";
import { askScopes } from "./signInScopes";
import { askSetUp } from "./signInSetUp";
import { showPasteBox } from "./signInPasteBox";

export interface SignInDeps {
  readonly stage: Pick<Stage, "real">;
  readonly settings: Pick<SettingsHost, "current" | "setDemo">;
  readonly relay: Pick<CallbackRelay, "expect">;
  /** Loaded at its first use. */
  readonly volvoId: () => Promise<VolvoIdConnection>;
  readonly clock: Clock;
  /** Lets the user choose cars where none is configured, and says what comes of the first check since `since` (ms). */
  readonly onSignedIn: (since: number) => Promise<void>;
}

/** From its first question to its end. */
interface Run {
  /** A box or Volvo ID's page is open, or a request is under way. */
  isOnScreen: boolean;
}

interface Wanted {
  readonly client: VolvoIdClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** "Sign In with Volvo ID": asks for what is missing, signs in, and offers a way on from whatever goes wrong. */
export function createSignIn(deps: SignInDeps): () => Promise<void> {
  const { stage, settings, clock } = deps;
  const { session } = stage.real;
  /** With what an attempt was made that has not come to a sign-in: it may be wrong, so it is shown and not taken. */
  let entered: VolvoIdClient | undefined;
  session.onDidSignOut(() => (entered = undefined));

  /** Resolves with whether it came to a sign-in. */
  async function signIn(run: Run): Promise<boolean> {
    const { baseUrl, issuer, redirectUri } = settings.current;
    if (baseUrl === undefined || issuer === undefined || redirectUri === undefined) {
      run.isOnScreen = false;
      if (await canStore(settings, session.current)) await showFaultySettings();
      return false;
    }
    if (!(await mayReplace())) return false;
    let client = await takeSetUp(issuer, false);
    if (client && settings.current.demo) await settings.setDemo(false);
    let scopes = firstScopes();
    while (client) {
      const result = await attempt({ client, redirectUri, scopes });
      if (result.kind === "cancelled") return false;
      if (result.kind === "signedIn") {
        await session.saveSignIn(result.signIn);
        entered = undefined;
        return true;
      }
      const locale = { language: vscode.env.language };
      const { sentence, ways } = signInFailureText(result.failure, redirectUri, clock.now(), locale);
      run.isOnScreen = false;
      const way = await ask(sentence, ways);
      if (latest !== run) return false;
      run.isOnScreen = true;
      const next = await goOn(way, scopes);
      if (!next) return false;
      scopes = next.scopes;
      if (next.enterClient) client = await takeSetUp(issuer, true);
    }
    return false;
  }

  /** Whether what is stored may be replaced; no question where Volvo refuses it anyway. */
  async function mayReplace(): Promise<boolean> {
    const current = await session.loaded();
    const { replaceable } = session;
    if (replaceable === undefined || (current.kind === "stopped" && current.cause === "signInEnded")) return true;
    const isToken = replaceable === "testToken";
    const isElsewhere = current.kind === "incomplete" && !current.hasGrant;
    const question = isToken
      ? t("Replace the test token by a sign-in with Volvo ID?")
      : t("You are signed in already. Sign in again?");
    const detail = t("What is stored was entered for another address than the settings name now.");
    const yes = isToken ? t("Replace") : t("Sign In Again");
    const options = { modal: true, ...(isElsewhere && { detail }) };
    return (await vscode.window.showWarningMessage(question, options, yes)) === yes;
  }

  /**
   * The client to sign in for: that of the last sign-in as it is, unless `anew` or an attempt with it came to nothing.
   * Stores the API key where it was entered.
   */
  async function takeSetUp(issuer: string, anew: boolean): Promise<VolvoIdClient | undefined> {
    const doubtful = entered?.issuer === issuer ? entered : undefined;
    const known = doubtful ?? session.client;
    const needsClient = anew || doubtful !== undefined || known === undefined;
    const wanted = [
      ...(hasApiKey(session.current) ? [] : (["apiKey"] as const)),
      ...(needsClient ? (["clientId", "clientSecret"] as const) : []),
    ];
    const given = known ? { clientId: known.clientId, clientSecret: known.clientSecret } : {};
    const input = await askSetUp(wanted, given);
    if (!input) return undefined;
    if (input.apiKey !== undefined) await session.saveApiKey(input.apiKey);
    const { clientId = "", clientSecret = "" } = input;
    entered = { issuer, clientId, clientSecret };
    return entered;
  }

  /** What the setting says, else what was granted last where that will do, else what the product needs. */
  function firstScopes(): readonly string[] {
    const { scopes, apiVersion } = settings.current;
    if (scopes.length > 0) return scopes;
    const granted = session.client?.scopes ?? [];
    const willDo = granted.length > 0 && (apiVersion === "auto" || grantedVersions(granted).includes(apiVersion));
    return willDo ? granted : scopesFor({ version: apiVersion === "v1" ? "v1" : "v2", carList: true });
  }

  async function attempt(wanted: Wanted): Promise<SignInResult> {
    const connection = await deps.volvoId();
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
            message: step === "waiting" ? t("waiting for the browser…") : t("asking Volvo for the sign-in…"),
          }),
        pages: {
          title: t("Volvo Charging Status"),
          arrived: t("Volvo ID has answered. You can close this page and go back to VS Code."),
          refused: t("This answer belongs to no sign-in that is under way. Start again in VS Code."),
        },
      };
      return connection.signIn(host, wanted, abort.signal);
    });
  }

  async function ask(sentence: string, ways: readonly SignInWay[]): Promise<SignInWay | undefined> {
    const titles = ways.map(signInWayTitle);
    const chosen = await vscode.window.showWarningMessage(sentence, ...titles);
    return chosen === undefined ? undefined : ways[titles.indexOf(chosen)];
  }

  /** What the next attempt is made with; `undefined` where there is none. */
  async function goOn(
    way: SignInWay | undefined,
    scopes: readonly string[],
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
    const text = t("The settings for signing in with Volvo ID cannot be used as they are.");
    if ((await vscode.window.showWarningMessage(text, openSettings)) !== openSettings) return;
    await vscode.commands.executeCommand("workbench.action.openSettings", "volvoCharging.auth");
  }

  let latest: Run | undefined;
  let running: Promise<boolean> | undefined;
  return async () => {
    // A second run while one is under way would fight over the port and the questions. A message is no hindrance:
    // VS Code hides it after a while, and an answer to it may never come.
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
