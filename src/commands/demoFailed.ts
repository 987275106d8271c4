import { t } from "@vscode/l10n";
import { errorText, type Logger } from "../base/log";
import type { SettingsHost } from "../host/settings";
import { showError } from "./showError";

/**
 * Reports that the demo could not be started and turns its setting off, so that the user can try again. This code is
 * in the product bundle, because the cause that stops the demo from loading can also stop the commands from loading.
 */
export async function showDemoFailed(settings: SettingsHost, log: Logger): Promise<void> {
  settings.setDemo(false).catch((error: unknown) => {
    log.error(`The demo setting could not be turned off: ${errorText(error)}`);
  });
  await showError(t("The demo couldn't be started."));
}
