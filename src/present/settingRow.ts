import { t } from "@vscode/l10n";
import { section, type SettingKey } from "../contributions";
import { blockingFault } from "../settings/settings";
import type { Action } from "./links";
import { escapeMarkdown } from "./plainText";
import { type Row, rowOfNoCar, warningIcon } from "./row";
import { settingFaultText } from "./settingText";
import type { ViewState } from "./viewState";

/**
 * A row for each setting with an unusable value; a click opens that setting. A fault that stops the product has no row
 * here, because it is shown as the problem of all cars. The demo has no such rows, because its cars are not in the
 * settings.
 */
export function settingRows({ settings, session }: Pick<ViewState, "settings" | "session">): readonly Row[] {
  if (settings.demo) return [];
  const blocking = blockingFault(settings, session);
  const texts = new Map<SettingKey, string[]>();
  for (const fault of settings.faults) {
    if (fault === blocking) continue;
    texts.set(fault.key, [...(texts.get(fault.key) ?? []), settingFaultText(fault)]);
  }
  return [...texts].map(([key, sentences]) => settingRow(key, sentences));
}

function settingRow(key: SettingKey, sentences: readonly string[]): Row {
  const command = openSetting(key);
  return rowOfNoCar({
    id: `setting/${key}`,
    label: t("Invalid setting"),
    description: key,
    icon: warningIcon,
    command,
    tooltip: sentences.map(escapeMarkdown).join("\n\n"),
    spoken: t("Problem: {0}", [...sentences, command.title].join(" ")),
    context: "setting",
  });
}

/** Opens the settings editor at one setting. */
export function openSetting(key: string): Action {
  return {
    title: t("Open Settings"),
    command: "workbench.action.openSettings",
    argument: `@id:${section}.${key}`,
  };
}
