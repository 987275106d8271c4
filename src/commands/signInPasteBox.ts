import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { PasteBox, WayBack } from "../auth/signInFlow";
import type { Offer } from "../auth/signInAttempt";
import { type Disposable, DisposableStore, toDisposable } from "../base/disposable";
import { showPage } from "../host/browser";
import { otherTextSentence } from "../present/inputText";
import { copyRedirectUri } from "./steps";

/** An input box that stays open while the browser has the focus. Escape ends the attempt. */
export function showPasteBox({ url, redirectUri, wayBack, offer, reenterClient, cancel }: PasteBox): Disposable {
  const parts = new DisposableStore();
  const box = parts.add(vscode.window.createInputBox());
  const again = { iconPath: new vscode.ThemeIcon("link-external"), tooltip: t("Open Page Again") };
  const copy = { iconPath: new vscode.ThemeIcon("copy"), tooltip: t("Copy Page Address") };
  box.title = t("Sign In with Volvo ID");
  box.prompt = `${promptText(wayBack)} ${errorHint(redirectUri)}`;
  box.placeholder = t("Address of the last page, or the code from it");
  box.ignoreFocusOut = true;
  const copyUri = { iconPath: new vscode.ThemeIcon("clippy"), tooltip: t("Copy Redirect URI") };
  const reenter = { iconPath: new vscode.ThemeIcon("edit"), tooltip: t("Re-enter Client ID") };
  box.buttons = [copyUri, reenter, again, copy];
  let isOver = false;
  parts.add(toDisposable(() => (isOver = true)));
  parts.add(
    box.onDidAccept(() => {
      const refusal = refusalText(offer(box.value), redirectUri);
      if (!isOver) box.validationMessage = refusal;
    }),
  );
  parts.add(box.onDidChangeValue(() => (box.validationMessage = undefined)));
  parts.add(
    box.onDidTriggerButton((button) => {
      if (button === again) void showPage(url);
      else if (button === copyUri) void copyRedirectUri(redirectUri);
      else if (button === reenter) reenterClient();
      else void vscode.env.clipboard.writeText(url);
    }),
  );
  parts.add(
    box.onDidHide(() => {
      if (!isOver) cancel();
    }),
  );
  box.show();
  return parts;
}

function promptText(wayBack: WayBack): string {
  if (wayBack.kind === "listening") {
    return t(
      "Sign in on the page that opens in your browser. If nothing happens here afterward, paste the address of the last page.",
    );
  }
  const paste = t(
    "Sign in on the page that opens in your browser, then paste the address of the last page, even if it shows an error.",
  );
  switch (wayBack.kind) {
    case "elsewhere":
      return paste;
    case "portTaken":
      return `${t("Another program is using port {0}.", wayBack.port)} ${paste}`;
    case "cannotListen":
      return `${t("Port {0} can't be used.", wayBack.port)} ${paste}`;
  }
}

/** The errors that Volvo ID's page shows without sending the browser back. */
function errorHint(redirectUri: string): string {
  return t(
    "Does the page say the redirect URI is invalid? Register {0} in your Volvo application. Does it say the client ID is invalid? Re-enter the client ID.",
    redirectUri,
  );
}

function refusalText(offer: Offer, redirectUri: string): string | undefined {
  switch (offer) {
    case "taken":
    case "over":
      return undefined;
    case "wrongState":
      return t("This response belongs to another sign-in attempt. Use the page that opened last.");
    case "signInPage":
      return `${t("This is the address of the sign-in page. Sign in there, then copy the address of the last page.")} ${errorHint(redirectUri)}`;
    case "page":
    case "noAnswer":
      return t("This doesn't contain a response from Volvo ID. Copy the whole address of the last page.");
    default:
      return otherTextSentence(offer);
  }
}
