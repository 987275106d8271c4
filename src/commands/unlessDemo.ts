import { t } from "@vscode/l10n";
import vscode = require("vscode");
import type { DemoSwitch } from "../demo/demoSwitch";

/** Runs `change` unless the demo is on: settings and history are those of the user's own cars, not the simulated ones. */
export async function unlessDemo({ current }: Pick<DemoSwitch, "current">, change: () => Promise<void>): Promise<void> {
  if (!current.isDemo) await change();
  else void vscode.window.showInformationMessage(t("These cars are simulated. Stop the demo to change your own."));
}
