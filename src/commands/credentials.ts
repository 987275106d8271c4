import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { hasApiKey, isSignedIn } from "../auth/sessionState";
import type { ViewState } from "../present/viewState";
import type { SettingsHost } from "../host/settings";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { Vin } from "../charging/vin";
import { vehicleEntries } from "../settings/vehicleEntries";
import { canStore } from "./faultySettings";
import type { SignIn } from "./signInCommand";
import { askSteps, type StepKey, type StepsOptions, type StepsOutcome } from "./steps";
import type { TryOut } from "./tryOut";

interface CredentialDeps {
  readonly demoSwitch: Pick<DemoSwitch, "real">;
  readonly settings: Pick<SettingsHost, "current" | "setDemo" | "setVehicles" | "clearVehicles">;
  readonly viewState: () => ViewState;
  readonly findVehicles: () => Promise<void>;
  readonly signIn: SignIn;
  readonly tryOut: TryOut;
}

/** The commands that store, try and delete credentials. */
export function credentialCommands({ demoSwitch, settings, viewState, findVehicles, signIn, tryOut }: CredentialDeps) {
  const { session } = demoSwitch.real;

  /** Asks for each of `wanted`. Stores each one at once, because users leave a box to look up the next value. */
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
      detail: t("Requires your own application on Volvo's developer portal, which is free."),
    };
    const options = { title: t("Connect My Car"), placeHolder: t("How do you want to connect?"), ignoreFocusOut: true };
    for (;;) {
      const chosen = await vscode.window.showQuickPick([withToken, withVolvoId], options);
      if (chosen === withVolvoId && (await signIn({ canGoBack: true })) === "back") continue;
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
    const untried = isSignedIn(session.current) ? t("Saved. Now add your car.") : t("The VCC API key was saved.");
    if (isStored) await tryOut({ since, untried });
    return false;
  }

  async function signedIn(since: number): Promise<void> {
    if (settings.current.vehicles.length === 0) await findVehicles();
    await tryOut({ since, untried: t("Signed in with Volvo ID. Now add your car.") });
  }

  const table = {
    connect,
    setApiKey: async () => {
      if (!(await canStore(settings, session.current))) return;
      const since = viewState().now;
      if (!(await ask(t("Set VCC API Key"), ["apiKey"])).isStored) return;
      await tryOut({ since, untried: t("The VCC API key was saved.") });
    },
    setAccessToken: async () => {
      if (!(await canStore(settings, session.current)) || !(await mayReplaceSignIn())) return;
      const since = viewState().now;
      if (!(await ask(t("Set Access Token"), ["accessToken"])).isStored) return;
      await tryOut({ since, untried: t("The access token was saved.") });
    },
    signIn: () => signIn(),
    signOut: async () => {
      await session.loaded();
      const isToken = session.replaceable === "testToken";
      const title = isToken ? t("Removing the access token…") : t("Signing out…");
      const options = { location: vscode.ProgressLocation.Notification, title };
      await vscode.window.withProgress(options, () => session.signOut());
      // In the past tense, because the message stays in VS Code's list even after the key is deleted.
      const kept = hasApiKey(session.current) ? ` ${t("The VCC API key was kept.")}` : "";
      const text = isToken
        ? t("The access token was removed.")
        : t("Signed out; the client ID and secret were deleted.");
      void vscode.window.showInformationMessage(`${text}${kept}`);
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
          ? t("All stored data and the list of cars were deleted.")
          : t("All stored data was deleted. The list of cars was kept.");
      void vscode.window.showInformationMessage(text);
    },
  };
  return { table, signedIn };
}
