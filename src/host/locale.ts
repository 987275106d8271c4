import vscode = require("vscode");
import type { Locale } from "../present/times";
import type { Settings } from "../settings/settings";
import { systemRegion } from "./systemRegion";

const region = systemRegion(process.platform, process.env);

/** Words in the language of VS Code; dates and times as usual in the computer's region, or by the user's setting. */
export function editorLocale({ timeFormat }: Pick<Settings, "timeFormat">): Locale {
  return {
    language: vscode.env.language,
    ...(region !== undefined && { region }),
    ...(timeFormat !== "auto" && { clock: timeFormat }),
  };
}
