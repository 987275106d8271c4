import * as vscode from "vscode";
import type { SettingsHost } from "../host/settings";
import type { SessionState } from "../auth/sessionState";
import { settingsProblem } from "../present/viewState";
import { problemText } from "../present/problemText";
import { showProblem } from "./refresh";

/**
 * Whether there are addresses that credentials can be stored for. Where the settings name none, says so: what was typed
 * then would have to be thrown away.
 */
export async function canStore(
  { current: settings }: Pick<SettingsHost, "current">,
  session: SessionState,
): Promise<boolean> {
  const problem = settingsProblem({ settings, session });
  if (problem) await showProblem(problemText(problem, Date.now(), { language: vscode.env.language }));
  return problem === undefined;
}
