import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { readTypedSecret } from "../auth/credentials";
import { DisposableStore } from "../base/disposable";
import { showPage } from "../host/browser";
import { secretCheckText } from "../present/inputText";

const portalUrl = "https://developer.volvocars.com/";
const authorizationUrl = "https://developer.volvocars.com/apis/docs/authorisation/";

/** The input that the first sign-in needs. */
export interface SetUpInput {
  readonly apiKey: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Step {
  readonly key: keyof SetUpInput;
  readonly prompt: string;
  readonly placeHolder: string;
  readonly isSecret: boolean;
  readonly url: string;
}

function steps(): readonly Step[] {
  return [
    {
      key: "apiKey",
      prompt: t("The “VCC API key – primary” of your application on developer.volvocars.com."),
      placeHolder: t("VCC API key"),
      isSecret: true,
      url: portalUrl,
    },
    {
      key: "clientId",
      prompt: t(
        "The client ID of your application. The portal shows it once the application is published; you can sign in even while the portal says “Publication under review”.",
      ),
      placeHolder: t("Client ID"),
      isSecret: false,
      url: authorizationUrl,
    },
    {
      key: "clientSecret",
      prompt: t("The client secret of your application. It is kept in VS Code's secret storage."),
      placeHolder: t("Client secret"),
      isSecret: true,
      url: authorizationUrl,
    },
  ];
}

/**
 * Asks for each of `wanted` in turn, with a way back, starting from the values of `known`. `undefined` if the user
 * cancels.
 */
export async function askSetUp(
  wanted: readonly (keyof SetUpInput)[],
  known: Partial<SetUpInput>,
): Promise<Partial<SetUpInput> | undefined> {
  const asked = steps().filter(({ key }) => wanted.includes(key));
  let entered = known;
  for (let index = 0; index < asked.length;) {
    const step = asked[index];
    if (!step) break;
    const answer = await askStep(step, index + 1, asked.length, entered[step.key] ?? "");
    if (answer.kind === "left") return undefined;
    index += answer.kind === "back" ? -1 : 1;
    if (answer.kind === "entered") entered = { ...entered, [step.key]: answer.value };
  }
  return entered;
}

type StepAnswer =
  { readonly kind: "entered"; readonly value: string } | { readonly kind: "back" } | { readonly kind: "left" };

function askStep(step: Step, number: number, total: number, value: string): Promise<StepAnswer> {
  const parts = new DisposableStore();
  const box = parts.add(vscode.window.createInputBox());
  const portal = { iconPath: new vscode.ThemeIcon("link-external"), tooltip: t("Open Volvo's Developer Portal") };
  box.title = t("Sign In with Volvo ID");
  box.step = number;
  box.totalSteps = total;
  box.prompt = step.prompt;
  box.placeholder = step.placeHolder;
  box.password = step.isSecret;
  box.ignoreFocusOut = true;
  box.value = value;
  box.buttons = number > 1 ? [vscode.QuickInputButtons.Back, portal] : [portal];
  return new Promise<StepAnswer>((resolve) => {
    parts.add(
      box.onDidChangeValue((text) => {
        box.validationMessage = text === "" ? undefined : secretCheckText(text);
      }),
    );
    parts.add(
      box.onDidAccept(() => {
        const typed = readTypedSecret(box.value);
        if (typed.kind === "usable") resolve({ kind: "entered", value: typed.value });
        else box.validationMessage = secretCheckText(box.value);
      }),
    );
    parts.add(
      box.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) resolve({ kind: "back" });
        else void showPage(step.url);
      }),
    );
    parts.add(box.onDidHide(() => resolve({ kind: "left" })));
    box.show();
  }).finally(() => parts.dispose());
}
