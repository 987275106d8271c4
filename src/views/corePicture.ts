import * as vscode from "vscode";
import { type Picture, type Pictured, pictureOf } from "../present/picture";

/** What there is to show of `core` at `now` (ms), in VS Code's language. */
export function corePicture(core: Pictured, now: number): Picture {
  return pictureOf(core, now, { language: vscode.env.language });
}
