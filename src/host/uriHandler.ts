import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallbackRelay } from "../auth/callbackRelay";
import type { Disposable } from "../base/disposable";

/** The only address of the extension. VS Code asks the user before it hands one over. */
const callbackPath = "/callback";

/** Hands answers of Volvo ID that come as an address of VS Code to whichever window waits for them. */
export function registerCallbackUri(relay: Pick<CallbackRelay, "receive">): Disposable {
  return vscode.window.registerUriHandler({
    async handleUri(uri) {
      if (uri.path !== callbackPath) return;
      // VS Code has decoded it: a plus sign is one, and no blank.
      const isTaken = await relay.receive(new URLSearchParams(uri.query.replaceAll("+", "%2B")));
      if (isTaken) return;
      const text = t(
        "No window waits for this answer of Volvo ID. If one shows a box for it, paste the address there.",
      );
      void vscode.window.showWarningMessage(text);
    },
  });
}
