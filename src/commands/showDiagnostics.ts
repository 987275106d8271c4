import { t } from "@vscode/l10n";
import os from "node:os";
import vscode = require("vscode");
import type { Clock } from "../base/clock";
import type { Logger, Redactor } from "../base/log";
import { commandId, extensionId, section, type SettingKey, settingKeys } from "../contributions";
import { editorLocale } from "../host/locale";
import { type Diagnosis, diagnostics } from "../present/diagnostics";
import { viewStateOf } from "../present/viewState";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { RequestStatistics } from "../polling/requestStatistics";

export interface DiagnosticsDeps {
  readonly demoSwitch: DemoSwitch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly requests: RequestStatistics;
}

/** Opens the diagnostics of this window, the account and the cars in an editor, for the user to read before sharing. */
export function createShowDiagnostics(deps: DiagnosticsDeps): () => Promise<void> {
  const { demoSwitch, clock, log, redactor, requests } = deps;
  return async () => {
    const { real } = demoSwitch;
    const { polling } = real;
    const window = {
      askedLast: real.carStore.current.askedBy === real.id,
      intervalMs: polling.intervalMs,
      isDemo: demoSwitch.current.isDemo,
    };
    const diagnosis: Diagnosis = {
      view: viewStateOf(real, clock.now(), editorLocale(real.settings.current)),
      environment: environment(),
      set: userSettings(),
      window,
      requests,
      preface: t("Nothing has been sent. Review this before sharing."),
    };
    const result = diagnostics(diagnosis, redactor);
    if (result.kind === "document") {
      const document = await vscode.workspace.openTextDocument({ language: "markdown", content: result.markdown });
      await vscode.window.showTextDocument(document);
      return;
    }
    log.error(`Diagnostics are not shown: the section "${result.section}" contains data that must not be shared`);
    const showLog = t("Show Log");
    const choice = await vscode.window.showErrorMessage(
      t(
        "The diagnostics aren't shown: their section {0} would contain a secret, an email address or a full VIN.",
        result.section,
      ),
      showLog,
    );
    if (choice === showLog) await vscode.commands.executeCommand(commandId("showLog"));
  };
}

function environment(): Readonly<Record<string, string>> {
  const own = vscode.extensions.getExtension<undefined>(extensionId);
  const manifest = own?.packageJSON as { readonly version?: unknown } | undefined;
  return {
    Extension: String(manifest?.version),
    "VS Code": `${vscode.version} (${vscode.env.appName}, ${vscode.env.appHost})`,
    "Node.js": process.versions.node,
    "Operating system": `${os.platform()} ${os.release()} ${os.arch()}`,
    Remote: vscode.env.remoteName ?? "no",
    "User interface": vscode.env.uiKind === vscode.UIKind.Web ? "web" : "desktop",
    "Display language": vscode.env.language,
    "Workspace trusted": vscode.workspace.isTrusted ? "yes" : "no",
  };
}

function userSettings(): Diagnosis["set"] {
  const configuration = vscode.workspace.getConfiguration(section);
  const set: Partial<Record<SettingKey, unknown>> = {};
  for (const key of settingKeys) set[key] = configuration.inspect(key)?.globalValue;
  return set;
}
