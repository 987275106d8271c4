import vscode = require("vscode");
import { claim } from "../base/claim";
import type { Disposable } from "../base/disposable";
import type { Event } from "../base/event";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import type { Automation } from "../charging/automation";
import type { DueAutomation } from "../notify/automationWatch";
import { automationName } from "../present/automationText";
import type { ViewState } from "../present/viewState";
import { type AutomationArgument, automationArgument } from "../status/automationEvent";

export interface AutomationRunnerPorts {
  readonly onDidAutomate: Event<DueAutomation>;
  readonly viewState: () => ViewState;
  /** Shared by all windows. */
  readonly folder: Pick<StateFolder, "create">;
  readonly log: Logger;
  /** Shows a message about an automation that has failed. */
  readonly showFailure: (automation: Automation, error: unknown) => Promise<void>;
}

/** Runs the command of an automation. Rejects if the command rejects or does not exist. */
export async function runCommand({ command, args }: Automation, argument: AutomationArgument): Promise<void> {
  await vscode.commands.executeCommand(command, ...args, argument);
}

/**
 * Runs each automation that this window has claimed (notify/automationWatch.ts), in the same turn of the event loop.
 * Logs each failure. Only one window shows a message about a failed automation.
 */
export function createAutomationRunner(ports: AutomationRunnerPorts): Disposable {
  const { viewState, folder, log, showFailure } = ports;

  async function run({ automation, notice, vin, idOf }: DueAutomation): Promise<void> {
    const view = viewState();
    const since = notice.kind === "reminder" ? notice.at : notice.since;
    const argument = automationArgument({ event: notice.kind, vin, at: notice.at, since }, { ...view, idOf }, view.now);
    if (!argument) return;
    log.info(`Automation: ${automationName(automation)}`);
    try {
      await runCommand(automation, argument);
    } catch (error) {
      log.error(`The automation ${automationName(automation)} failed: ${errorText(error)}`);
      if (await claim(folder, `failed-${automation.key}`)) await showFailure(automation, error);
    }
  }

  return ports.onDidAutomate((due) => {
    run(due).catch((error: unknown) => log.error(`An automation could not be run: ${errorText(error)}`));
  });
}
