import { editorLocale } from "../host/locale";
import type { SettingsHost } from "../host/settings";
import type { SessionState } from "../auth/sessionState";
import { settingsProblem } from "../present/viewState";
import { problemText } from "../present/problemText";
import { showProblem } from "./refresh";

/**
 * Resolves with `true` if the settings contain usable addresses to store credentials for. Otherwise shows the fault
 * first, because typed credentials could not be kept.
 */
export async function canStore(
  { current: settings }: Pick<SettingsHost, "current">,
  session: SessionState,
): Promise<boolean> {
  const problem = settingsProblem({ settings, session });
  if (problem) await showProblem(problemText(problem, Date.now(), editorLocale(settings)));
  return problem === undefined;
}
