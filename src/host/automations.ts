import path from "node:path";
import vscode = require("vscode");
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import type { Logger } from "../base/log";
import type { Automation } from "../charging/automation";
import type { Observable } from "../core/core";
import type { Automations } from "../notify/automationWatch";
import { automationFaultText } from "../present/automationText";
import { type ParsedAutomations, parseAutomations } from "../settings/automations";
import type { Settings } from "../settings/settings";

/** The automations of the settings in this window. */
export class HostAutomations implements Automations, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  readonly onDidChange = this.changed.event;
  private parsed: ParsedAutomations;

  constructor(
    private readonly settings: Observable<Settings>,
    private readonly log: Logger,
  ) {
    this.parsed = this.parse([]);
    this.store.add(settings.onDidChange(() => this.reparse()));
  }

  readonly list = (): readonly Automation[] => this.parsed.automations;

  readonly mayRun = (automation: Automation): boolean => this.refusal(automation) === undefined;

  /**
   * Why this window may not run `automation`; `undefined` if it may. A workspace can define the command's effect, so it
   * must be trusted, and it must be the workspace that the user has chosen.
   */
  refusal({ folder }: Automation): "untrusted" | "otherFolder" | undefined {
    if (!vscode.workspace.isTrusted) return "untrusted";
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folder === undefined || folders.some(({ uri }) => isAt(uri, folder)) ? undefined : "otherFolder";
  }

  dispose(): void {
    this.store.dispose();
  }

  private reparse(): void {
    const before = JSON.stringify(this.parsed);
    this.parsed = this.parse(this.parsed.faults.map(automationFaultText));
    if (JSON.stringify(this.parsed) !== before) this.changed.fire();
  }

  /** Parses the setting and logs the faults that are not in `logged`. */
  private parse(logged: readonly string[]): ParsedAutomations {
    const { automations, vehicles } = this.settings.current;
    const parsed = parseAutomations(automations, vehicles);
    for (const text of parsed.faults.map(automationFaultText)) if (!logged.includes(text)) this.log.warn(text);
    return parsed;
  }
}

/** True if `folder`, a path on this computer or a URI, names the workspace folder `uri`. */
function isAt(uri: vscode.Uri, folder: string): boolean {
  const wanted = folder.replace(/(?<=.)[\\/]+$/, "");
  if (uri.toString() === wanted || uri.toString(true) === wanted) return true;
  return uri.scheme === "file" && path.relative(uri.fsPath, wanted) === "" && path.isAbsolute(wanted);
}
