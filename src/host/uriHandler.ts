import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { CallbackRelay } from "../auth/callbackRelay";
import type { Disposable } from "../base/disposable";

/** The only accepted path. VS Code asks the user before it passes a URI to an extension. */
const callbackPath = "/callback";

/** Passes Volvo ID's answers that arrive as VS Code URIs to the window that waits for them. */
export function registerCallbackUri(relay: Pick<CallbackRelay, "receive">): Disposable {
  return vscode.window.registerUriHandler({
    async handleUri(uri) {
      if (uri.path !== callbackPath) return;
      // VS Code has already decoded the query, so a plus sign in it is literal and not a space.
      const isTaken = await relay.receive(new URLSearchParams(uri.query.replaceAll("+", "%2B")));
      if (isTaken) return;
      const text = t(
        "No window is waiting for this response from Volvo ID. If a window asks for the address of the last page, paste it there.",
      );
      void vscode.window.showWarningMessage(text);
    },
  });
}
