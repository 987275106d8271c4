import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { PasteBox, WayBack } from "../auth/signInFlow";
import type { Offer } from "../auth/signInAttempt";
import { type Disposable, DisposableStore, toDisposable } from "../base/disposable";
import { showPage } from "../host/browser";
import { otherTextSentence } from "../present/inputText";
import { copyRedirectUri } from "./steps";

/** An input box that stays open while the browser has the focus. Escape ends the attempt. */
export function showPasteBox({ url, redirectUri, wayBack, offer, cancel }: PasteBox): Disposable {
  const parts = new DisposableStore();
  const box = parts.add(vscode.window.createInputBox());
  const again = { iconPath: new vscode.ThemeIcon("link-external"), tooltip: t("Open Page Again") };
  const copy = { iconPath: new vscode.ThemeIcon("copy"), tooltip: t("Copy Page Address") };
  box.title = t("Sign In with Volvo ID");
  box.prompt = `${promptText(wayBack)} ${t("Does the page say that the redirect URI is invalid? Register {0} in your Volvo application.", redirectUri)}`;
  box.placeholder = t("Address of the last page, or the code in it");
  box.ignoreFocusOut = true;
  const copyUri = { iconPath: new vscode.ThemeIcon("clippy"), tooltip: t("Copy Redirect URI") };
  box.buttons = [copyUri, again, copy];
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
  switch (wayBack.kind) {
    case "listening":
      return t(
        "Sign in on the page in the browser. If nothing happens here afterward, paste the address of its last page.",
      );
    case "elsewhere":
      return t("Sign in on the page in the browser, then paste the address of its last page.");
    case "portTaken":
      return t(
        "Another program is using port {0}. Sign in on the page in the browser, then paste the address of its last page, even if that shows an error.",
        wayBack.port,
      );
    case "cannotListen":
      return t(
        "Port {0} can't be used. Sign in on the page in the browser, then paste the address of its last page, even if that shows an error.",
        wayBack.port,
      );
  }
}

function refusalText(offer: Offer, redirectUri: string): string | undefined {
  switch (offer) {
    case "taken":
    case "over":
      return undefined;
    case "wrongState":
      return t("This response belongs to another sign-in attempt. Use the page that was opened last.");
    case "signInPage":
      return t(
        "This is the address of the page before signing in. Sign in there and copy the address of the last page. If that page says that the redirect URI is invalid, register {0} in your Volvo application.",
        redirectUri,
      );
    case "apiKey":
    case "accessToken":
    case "clientId":
    case "clientSecret":
      return otherTextSentence(offer);
    case "noAnswer":
      return t("This contains no response from Volvo ID. Copy the whole address of the last page.");
  }
}
