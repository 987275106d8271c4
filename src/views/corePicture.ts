import * as vscode from "vscode";
import type { Core } from "../core";
import type { Picture } from "../present/picture";

/** What there is to show of `core` at `now` (ms). */
export function corePicture({ garage, session, settings }: Core, now: number): Picture {
  return {
    garage: garage.current,
    session: session.current,
    settings: settings.current,
    now,
    locale: { language: vscode.env.language },
  };
}
