import { t } from "@vscode/l10n";
import os from "node:os";
import vscode = require("vscode");
import type { Clock } from "../base/clock";
import type { DisposableStore } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Redactor } from "../base/redactor";
import { extensionId, section, type SettingKey, settingKeys } from "../contributions";
import { editorLocale } from "../host/locale";
import { issueUrl } from "../present/issueUrl";
import { type Diagnosis, diagnostics } from "../present/diagnostics";
import { viewStateOf } from "../present/viewState";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { RequestStatistics } from "../polling/requestStatistics";
import { showError } from "./showError";

export interface DiagnosticsDeps {
  readonly demoSwitch: DemoSwitch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly requests: RequestStatistics;
  /** Owns the parts that live as long as the window. */
  readonly parts: DisposableStore;
}

/** The URI scheme of the documents. */
const scheme = "volvo-charging";

/** Opens the diagnostics of this window, the account and the cars in an editor, for the user to read before sharing. */
export function createShowDiagnostics(deps: DiagnosticsDeps): () => Promise<void> {
  const { demoSwitch, clock, log, redactor, requests, parts } = deps;
  /** The documents by the query of their URI. */
  const texts = new Map<string, string>();
  let isProvided = false;

  /**
   * Opens a document that VS Code does not ask to save. Commands to copy and report it are above its first line, and
   * its preview is beside it, since raw tables are hard to read.
   */
  async function show(markdown: string): Promise<void> {
    const query = String(texts.size + 1);
    texts.set(query, markdown);
    if (!isProvided) {
      const provideTextDocumentContent = (uri: vscode.Uri) => texts.get(uri.query);
      parts.add(vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent }));
      parts.add(vscode.languages.registerCodeLensProvider({ scheme }, { provideCodeLenses: codeLenses }));
      isProvided = true;
    }
    const path = `/${t("Volvo Charging Diagnostics")}.md`;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme, path, query }));
    await vscode.window.showTextDocument(document);
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    try {
      await vscode.commands.executeCommand("vscode.openWith", document.uri, "vscode.markdown.preview.editor", beside);
    } catch (error) {
      log.info(`The diagnostics have no preview: ${errorText(error)}`);
    }
  }

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
      history: await real.history.report(),
      preface: t("Nothing has been sent. Review this before sharing."),
    };
    const result = diagnostics(diagnosis, redactor);
    if (result.kind === "document") {
      await show(result.markdown);
      return;
    }
    log.error(`Diagnostics are not shown: the section "${result.section}" contains data that must not be shared`);
    await showError(
      t(
        "The diagnostics aren't shown: their section {0} would contain a secret, an email address or a full VIN.",
        result.section,
      ),
    );
  };
}

/** The commands above the document, which are VS Code's own. */
function codeLenses(): vscode.CodeLens[] {
  const copy = ["editor.action.selectAll", "editor.action.clipboardCopyAction", "cursorTop"];
  // A string, because VS Code changes the query of a Uri (microsoft/vscode#85930).
  const report = issueUrl(String(manifest()?.bugs?.url), environment());
  return [
    { title: t("Copy All"), command: "runCommands", arguments: [{ commands: copy }] },
    { title: t("Report Issue"), command: "vscode.open", arguments: [report] },
  ].map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
}

interface Manifest {
  readonly version?: unknown;
  readonly bugs?: { readonly url?: unknown };
}

function manifest(): Manifest | undefined {
  return vscode.extensions.getExtension<undefined>(extensionId)?.packageJSON as Manifest | undefined;
}

function environment(): Readonly<Record<string, string>> {
  return {
    Extension: String(manifest()?.version),
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
