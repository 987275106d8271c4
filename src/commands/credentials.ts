import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { readTypedSecret } from "../auth/credentials";
import { hasApiKey } from "../auth/sessionState";
import { vinText } from "../present/carNames";
import { agedSentence } from "../present/carText";
import { secretCheckText } from "../present/inputText";
import { budgetText, problemText } from "../present/problemText";
import type { ViewState } from "../present/viewState";
import type { SettingsHost } from "../host/settings";
import type { DemoSwitch } from "../demo/demoSwitch";
import { spentBudget } from "../charging/account";
import { canStore } from "./faultySettings";
import { refusedCredential, showProblem } from "./refresh";

interface CredentialDeps {
  readonly demoSwitch: Pick<DemoSwitch, "real">;
  readonly settings: Pick<SettingsHost, "current" | "setDemo">;
  readonly viewState: () => ViewState;
  readonly askForCar: (withName: boolean) => Promise<unknown>;
  readonly findVehicles: () => Promise<void>;
  readonly signIn: () => Promise<void>;
}

/** The commands that store, try and delete credentials. */
export function credentialCommands({
  demoSwitch,
  settings,
  viewState,
  askForCar,
  findVehicles,
  signIn,
}: CredentialDeps) {
  const { session } = demoSwitch.real;

  async function ask(title: string, prompt: string): Promise<string | undefined> {
    const typed = await vscode.window.showInputBox({
      title,
      prompt,
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text === "" ? undefined : secretCheckText(text)),
    });
    const secret = readTypedSecret(typed ?? "");
    return secret.kind === "usable" ? secret.value : undefined;
  }

  /** Asks for the key and stores it. Resolves with `false` if it cannot be stored or the user cancels. */
  async function takeApiKey(): Promise<boolean> {
    if (!(await canStore(settings, session.current))) return false;
    const key = await ask(
      t("Set VCC API Key"),
      t(
        "The “VCC API key – primary” of your application on developer.volvocars.com. It is kept in VS Code's secret storage.",
      ),
    );
    if (key === undefined) return false;
    await session.saveApiKey(key);
    return true;
  }

  /** Asks before a token replaces a sign-in, including one that was made for another address. */
  async function mayReplaceSignIn(): Promise<boolean> {
    await session.loaded();
    if (session.replaceable !== "volvoId") return true;
    const replace = t("Replace");
    const detail = t("This signs you out of Volvo ID. A test token lasts about 30 minutes.");
    const question = t("Replace your Volvo ID sign-in with a test token?");
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, replace)) === replace;
  }

  async function takeToken(): Promise<boolean> {
    if (!(await canStore(settings, session.current)) || !(await mayReplaceSignIn())) return false;
    const token = await ask(
      t("Set Access Token"),
      t("A test access token for the Energy API from developer.volvocars.com. It lasts about 30 minutes."),
    );
    if (token === undefined) return false;
    await session.saveTestToken(token);
    return true;
  }

  const isSignedOut = () => session.current.kind === "incomplete";

  /**
   * Reports the result of the first check since `since` (ms since the epoch), the time just before something was
   * stored. Shows nothing if the credentials have been deleted in the meantime.
   */
  async function tryOut(stored: string, since: number): Promise<void> {
    if (settings.current.demo) await settings.setDemo(false);
    if (session.current.kind !== "ready" || demoSwitch.real.carStore.current.cars.length === 0) {
      void vscode.window.showInformationMessage(stored);
      return;
    }
    const start = viewState();
    const spent = spentBudget(demoSwitch.real.carStore.current.account, settings.current.dailyCallBudget, start.now);
    if (spent) {
      await showProblem(budgetText(spent.until, start.now, start.locale));
      return;
    }
    const options = { location: vscode.ProgressLocation.Notification, title: t("Checking with Volvo…") };
    await vscode.window.withProgress(options, () => demoSwitch.real.polling.checkDue());
    if (isSignedOut()) return;
    const { cars, now, locale, settings: shown } = viewState();
    const [car] = cars;
    if (!car) return;
    if (car.attemptedAt === undefined || car.attemptedAt < since) {
      void vscode.window.showInformationMessage(t("Stored, but not checked with Volvo yet."));
      return;
    }
    if (!car.problem) {
      if (!car.reading) return;
      const sentence = agedSentence(car.reading, now);
      void vscode.window.showInformationMessage(t("It works. {0}: {1}", car.name, sentence));
      return;
    }
    const text = problemText(car.problem, now, locale, vinText(car, shown));
    switch (refusedCredential(car.problem)) {
      case "apiKey":
        await showProblem(problemText({ kind: "apiKeyRejected" }, now, locale));
        return;
      case "token":
        await showProblem({ ...text, sentence: t("Volvo does not accept the access token.") });
        return;
      case undefined:
        await showProblem(text, car.name);
    }
  }

  async function connect(): Promise<void> {
    if (!(await canStore(settings, session.current))) return;
    const withToken = {
      label: t("With a test token"),
      description: t("takes 2 minutes, expires after about 30"),
      detail: t("Paste a token from Volvo's developer portal. Good for trying it out."),
    };
    const withVolvoId = {
      label: t("With Volvo ID"),
      description: t("stays signed in"),
      detail: t("Needs an application of your own on Volvo's developer portal, which is free."),
    };
    const options = { title: t("Connect My Car"), placeHolder: t("How do you want to connect?"), ignoreFocusOut: true };
    const chosen = await vscode.window.showQuickPick([withToken, withVolvoId], options);
    if (chosen === withVolvoId) await signIn();
    if (chosen === withToken) await connectWithToken();
  }

  async function connectWithToken(): Promise<void> {
    if (settings.current.demo) await settings.setDemo(false);
    const since = viewState().now;
    if (!hasApiKey(await session.loaded()) && !(await takeApiKey())) return;
    if (!(await takeToken())) return;
    if (settings.current.vehicles.length === 0) await askForCar(false);
    await tryOut(t("Stored. Add your car to see it."), since);
  }

  async function signedIn(since: number): Promise<void> {
    if (settings.current.vehicles.length === 0) await findVehicles();
    await tryOut(t("Signed in with Volvo ID. Add your car to see it."), since);
  }

  const table = {
    connect,
    setApiKey: async () => {
      const since = viewState().now;
      if (await takeApiKey()) await tryOut(t("The VCC API key is stored."), since);
    },
    setAccessToken: async () => {
      const since = viewState().now;
      if (await takeToken()) await tryOut(t("The access token is stored."), since);
    },
    signIn,
    signOut: async () => {
      const options = { location: vscode.ProgressLocation.Notification, title: t("Signing out…") };
      await vscode.window.withProgress(options, () => session.signOut());
      void vscode.window.showInformationMessage(t("Signed out. The VCC API key is still stored."));
    },
    deleteData: async () => {
      const confirm = t("Delete");
      const detail = t(
        "This deletes your API key, token and everything learned about your cars. The list of cars in the settings stays.",
      );
      const choice = await vscode.window.showWarningMessage(
        t("Delete all stored data?"),
        { modal: true, detail },
        confirm,
      );
      if (choice !== confirm) return;
      await session.deleteAll();
      await demoSwitch.real.forgetAll();
      void vscode.window.showInformationMessage(t("Everything that was stored is deleted."));
    },
  };
  return { table, signedIn };
}
