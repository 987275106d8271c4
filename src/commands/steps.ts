import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { type CredentialKind, type KnownCredential, readTypedSecret } from "../auth/pastedText";
import { DisposableStore } from "../base/disposable";
import type { ConfiguredCar } from "../charging/car";
import { showPage } from "../host/browser";
import { credentialCheck, type InputCheck, typedVin, vinCheck } from "../present/inputText";

export const portalUrl = "https://developer.volvocars.com/";
const testTokensUrl = "https://developer.volvocars.com/apis/docs/test-access-tokens/";
const authorizationUrl = "https://developer.volvocars.com/apis/docs/authorisation/";

/** A value that a box asks for. */
export type StepKey = CredentialKind | "vin";

export type StepValues = Partial<Readonly<Record<StepKey, string>>>;

interface Step {
  readonly prompt: string;
  readonly placeHolder: string;
  readonly isSecret: boolean;
  /** The portal's page that shows the value. */
  readonly url?: string;
}

export interface StepsOptions {
  readonly title: string;
  /** The initial values of the boxes. */
  readonly known?: StepValues;
  /** The first box has a Back button too. */
  readonly canGoBack?: boolean;
  /** The redirect URI to register on the portal, shown in the box for the client ID. */
  readonly redirectUri?: string;
  /** The kind of stored credential that a text equals. Reveals a credential in the wrong box. */
  readonly stored?: KnownCredential;
  /** The cars that cannot be added again. */
  readonly configured?: readonly ConfiguredCar[];
  /** The box for the VIN hides its text. */
  readonly hidesVin?: boolean;
  /** The prompts that replace those of the boxes. */
  readonly prompts?: Partial<Readonly<Record<StepKey, string>>>;
  /** Called for each entered value. The next box opens once this resolves. If it rejects, so does {@link askSteps}. */
  readonly onEntered?: (key: StepKey, value: string) => Promise<void>;
}

export type StepsOutcome =
  | { readonly kind: "entered"; readonly values: StepValues }
  /** The user went back from the first box. */
  | { readonly kind: "back" }
  | { readonly kind: "left" };

function stepOf(key: StepKey, { redirectUri }: StepsOptions): Step {
  switch (key) {
    case "apiKey":
      return {
        prompt: t(
          "The “VCC API key – primary” of your application on developer.volvocars.com. VS Code keeps it in its secret storage.",
        ),
        placeHolder: t("VCC API key"),
        isSecret: true,
        url: portalUrl,
      };
    case "accessToken":
      return {
        prompt: t(
          "Create a test access token for the Energy API under “Test access tokens” on developer.volvocars.com. It expires after about 30 minutes.",
        ),
        placeHolder: t("Test access token"),
        isSecret: true,
        url: testTokensUrl,
      };
    case "clientId":
      return {
        prompt: [
          t(
            "The client ID of your application. The portal shows it once you've published the application. You can sign in even while it says “Publication under review”.",
          ),
          ...(redirectUri === undefined ? [] : [t("Redirect URI to register there: {0}", redirectUri)]),
        ].join(" "),
        placeHolder: t("Client ID"),
        isSecret: false,
        url: authorizationUrl,
      };
    case "clientSecret":
      return {
        prompt: t("The client secret that goes with this client ID. VS Code keeps it in its secret storage."),
        placeHolder: t("Client secret"),
        isSecret: true,
        url: authorizationUrl,
      };
    case "vin":
      return {
        prompt: t("The VIN has 17 characters. It's on the registration papers and behind the windshield."),
        placeHolder: t("VIN, for example YV1…"),
        isSecret: false,
      };
  }
}

/**
 * Asks for each of `wanted` in a box of its own, with buttons to go back and to open Volvo's portal. Enter in an empty
 * box does nothing.
 */
export async function askSteps(wanted: readonly StepKey[], options: StepsOptions): Promise<StepsOutcome> {
  let values: StepValues = options.known ?? {};
  for (let index = 0; index < wanted.length;) {
    const key = wanted[index];
    if (!key) break;
    const answer = await askStep(key, index, wanted.length, values, options);
    if (answer.kind === "left") return answer;
    if (answer.kind === "back") {
      if (index === 0) return answer;
      index -= 1;
      continue;
    }
    index += 1;
    values = { ...values, [key]: answer.value };
    await options.onEntered?.(key, answer.value);
  }
  return { kind: "entered", values };
}

type StepAnswer =
  { readonly kind: "entered"; readonly value: string } | { readonly kind: "back" } | { readonly kind: "left" };

function askStep(
  key: StepKey,
  index: number,
  total: number,
  values: StepValues,
  options: StepsOptions,
): Promise<StepAnswer> {
  const step = stepOf(key, options);
  const parts = new DisposableStore();
  const box = parts.add(vscode.window.createInputBox());
  const portal = { iconPath: new vscode.ThemeIcon("link-external"), tooltip: t("Open Volvo's Developer Portal") };
  const copy = { iconPath: new vscode.ThemeIcon("copy"), tooltip: t("Copy Redirect URI") };
  const known: KnownCredential = (value) => enteredAs(value, values, key) ?? options.stored?.(value);
  box.title = options.title;
  if (total > 1) {
    box.step = index + 1;
    box.totalSteps = total;
  }
  box.prompt = options.prompts?.[key] ?? step.prompt;
  box.placeholder = step.placeHolder;
  box.password = step.isSecret || (key === "vin" && options.hidesVin === true);
  box.ignoreFocusOut = true;
  box.value = values[key] ?? "";
  box.buttons = [
    ...(index > 0 || options.canGoBack ? [vscode.QuickInputButtons.Back] : []),
    ...(key === "clientId" && options.redirectUri !== undefined ? [copy] : []),
    ...(step.url === undefined ? [] : [portal]),
  ];
  const check = (text: string): InputCheck | undefined => {
    if (text.trim() === "") return undefined;
    return key === "vin" ? vinCheck(text, options.configured ?? []) : credentialCheck(text, key, known);
  };
  return new Promise<StepAnswer>((resolve) => {
    parts.add(box.onDidChangeValue((text) => (box.validationMessage = shownCheck(check(text)))));
    parts.add(
      box.onDidAccept(() => {
        const found = check(box.value);
        box.validationMessage = shownCheck(found);
        if (found && !found.isHint) return;
        const value = key === "vin" ? typedVin(box.value) : usableValue(box.value, key);
        if (value !== undefined) resolve({ kind: "entered", value });
      }),
    );
    parts.add(
      box.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) resolve({ kind: "back" });
        else if (button === copy) void copyRedirectUri(options.redirectUri ?? "");
        else void showPage(step.url ?? portalUrl);
      }),
    );
    parts.add(box.onDidHide(() => resolve({ kind: "left" })));
    box.show();
  }).finally(() => parts.dispose());
}

/** The other credential that was entered with this value before. */
function enteredAs(value: string, values: StepValues, asked: StepKey): CredentialKind | undefined {
  const kinds = ["apiKey", "accessToken", "clientId", "clientSecret"] as const;
  return value === "" ? undefined : kinds.find((kind) => kind !== asked && values[kind] === value);
}

function usableValue(text: string, key: CredentialKind): string | undefined {
  const read = readTypedSecret(text, key);
  return read.kind === "usable" ? read.value : undefined;
}

function shownCheck(check: InputCheck | undefined): vscode.InputBoxValidationMessage | undefined {
  const { Warning, Error } = vscode.InputBoxValidationSeverity;
  return check && { message: check.text, severity: check.isHint ? Warning : Error };
}

/** Copies the redirect URI, which the user has to register on the portal. */
export async function copyRedirectUri(redirectUri: string): Promise<void> {
  await vscode.env.clipboard.writeText(redirectUri);
  vscode.window.setStatusBarMessage(`$(check) ${t("The redirect URI is on the clipboard.")}`, 3000);
}
