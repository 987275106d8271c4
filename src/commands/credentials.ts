import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { hasApiKey, isSignedIn } from "../auth/sessionState";
import type { ViewState } from "../present/viewState";
import type { SettingsHost } from "../host/settings";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { Vin } from "../charging/vin";
import { vehicleEntries } from "../settings/vehicleEntries";
import { canStore } from "./faultySettings";
import { askSteps, type StepKey, type StepsOptions, type StepsOutcome } from "./steps";
import type { TryOut } from "./tryOut";

interface CredentialDeps {
  readonly demoSwitch: Pick<DemoSwitch, "real">;
  readonly settings: Pick<SettingsHost, "current" | "setDemo" | "setVehicles" | "clearVehicles">;
  readonly viewState: () => ViewState;
  readonly findVehicles: () => Promise<void>;
  readonly signIn: () => Promise<void>;
  readonly tryOut: TryOut;
}

/** The commands that store, try and delete credentials. */
export function credentialCommands({ demoSwitch, settings, viewState, findVehicles, signIn, tryOut }: CredentialDeps) {
  const { session } = demoSwitch.real;

  /** Asks for each of `wanted`, and stores each one at once: a box is left to look the next value up on the portal. */
  async function ask(
    title: string,
    wanted: readonly StepKey[],
    options: Pick<StepsOptions, "canGoBack"> = {},
  ): Promise<{ readonly kind: StepsOutcome["kind"]; readonly isStored: boolean }> {
    let isStored = false;
    const outcome = await askSteps(wanted, {
      ...options,
      title,
      stored: (value) => session.storedAs(value),
      hidesVin: settings.current.presenterMode,
      onEntered: async (key, value) => {
        if (key === "apiKey") await session.saveApiKey(value);
        if (key === "accessToken") await session.saveTestToken(value);
        if (key === "vin") await settings.setVehicles((written) => vehicleEntries(written, [{ vin: value as Vin }]));
        isStored = true;
      },
    });
    return { kind: outcome.kind, isStored };
  }

  /** Asks before a token replaces a sign-in, including one that was made for another address. */
  async function mayReplaceSignIn(): Promise<boolean> {
    await session.loaded();
    if (session.replaceable !== "volvoId") return true;
    const replace = t("Replace");
    const detail = t("This signs you out of Volvo ID. A test token expires after about 30 minutes.");
    const question = t("Replace your Volvo ID sign-in with a test token?");
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, replace)) === replace;
  }

  async function connect(): Promise<void> {
    if (!(await canStore(settings, session.current))) return;
    const withToken = {
      label: t("With a test token"),
      description: t("takes 2 minutes; expires after about 30"),
      detail: t("Paste a token from Volvo's developer portal. Good for trying it out."),
    };
    const withVolvoId = {
      label: t("With Volvo ID"),
      description: t("stays signed in"),
      detail: t("Needs an application of your own on Volvo's developer portal, which is free."),
    };
    const options = { title: t("Connect My Car"), placeHolder: t("How do you want to connect?"), ignoreFocusOut: true };
    for (;;) {
      const chosen = await vscode.window.showQuickPick([withToken, withVolvoId], options);
      if (chosen === withVolvoId) await signIn();
      if (chosen !== withToken || !(await connectWithToken())) return;
    }
  }

  /** Resolves with `true` if the user wants to choose again. */
  async function connectWithToken(): Promise<boolean> {
    if (settings.current.demo) await settings.setDemo(false);
    const since = viewState().now;
    const isKeyMissing = !hasApiKey(await session.loaded());
    if (!(await mayReplaceSignIn())) return false;
    const isCarMissing = settings.current.vehicles.length === 0;
    const { kind, isStored } = await ask(
      t("Connect My Car"),
      [...(isKeyMissing ? (["apiKey"] as const) : []), "accessToken", ...(isCarMissing ? (["vin"] as const) : [])],
      { canGoBack: true },
    );
    if (kind === "back") return true;
    const untried = isSignedIn(session.current)
      ? t("Stored. Add your car to see it.")
      : t("The VCC API key is stored.");
    if (isStored) await tryOut({ since, untried });
    return false;
  }

  async function signedIn(since: number): Promise<void> {
    if (settings.current.vehicles.length === 0) await findVehicles();
    await tryOut({ since, untried: t("Signed in with Volvo ID. Add your car to see it.") });
  }

  const table = {
    connect,
    setApiKey: async () => {
      if (!(await canStore(settings, session.current))) return;
      const since = viewState().now;
      if (!(await ask(t("Set VCC API Key"), ["apiKey"])).isStored) return;
      await tryOut({ since, untried: t("The VCC API key is stored.") });
    },
    setAccessToken: async () => {
      if (!(await canStore(settings, session.current)) || !(await mayReplaceSignIn())) return;
      const since = viewState().now;
      if (!(await ask(t("Set Access Token"), ["accessToken"])).isStored) return;
      await tryOut({ since, untried: t("The access token is stored.") });
    },
    signIn,
    signOut: async () => {
      const options = { location: vscode.ProgressLocation.Notification, title: t("Signing out…") };
      await vscode.window.withProgress(options, () => session.signOut());
      // In the past tense: the message stays in VS Code's list, also after the key was deleted.
      const text = hasApiKey(session.current) ? t("Signed out. The VCC API key was kept.") : t("Signed out.");
      void vscode.window.showInformationMessage(text);
    },
    deleteData: async () => {
      const [onlyData, withCars] = [t("Delete"), t("Delete, and Remove Cars")];
      const detail = t(
        "This deletes your API key, your token or sign-in, the history, and everything learned about your cars. The list of cars, with VINs and names, stays in your settings unless you remove it as well.",
      );
      const options = { modal: true, detail };
      const choice = await vscode.window.showWarningMessage(t("Delete all stored data?"), options, onlyData, withCars);
      if (choice === undefined) return;
      await session.deleteAll();
      await demoSwitch.real.forgetAll();
      if (choice === withCars) await settings.clearVehicles();
      const text =
        choice === withCars
          ? t("API key, token, readings, history and the list of cars have been deleted.")
          : t("API key, token, readings and history have been deleted. The list of cars is kept.");
      void vscode.window.showInformationMessage(text);
    },
  };
  return { table, signedIn };
}
