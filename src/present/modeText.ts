import { t } from "@vscode/l10n";
import { type Action, commandAction } from "./links";
import { untilText } from "./times";
import type { ViewState } from "./viewState";

/** "Paused until 2:00 PM", "Checking paused" or "Watching closely until 2:00 PM"; empty while no mode is active. */
export function modeText({ mode, now, locale }: Pick<ViewState, "mode" | "now" | "locale">): string {
  if (!mode) return "";
  if (mode.until === undefined) return t("Checking paused");
  const until = untilText(mode.until, now, locale);
  return mode.kind === "paused" ? t("Paused {0}", until) : t("Watching closely {0}", until);
}

/** The icon of a mode, for items, lines and messages. */
export function modeIcon({ kind }: NonNullable<ViewState["mode"]>): string {
  return kind === "paused" ? "debug-pause" : "eye";
}

/** The action that ends a mode. */
export function modeAction({ kind }: NonNullable<ViewState["mode"]>): Action {
  return commandAction(kind === "paused" ? t("Resume Checking") : t("Stop Watching Closely"), "resumePolling");
}
