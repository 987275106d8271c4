import * as vscode from "vscode";
import { type ViewState, type ViewStateSource, viewStateOf } from "../present/viewState";

/** What there is to show of `core` at `now` (ms), in VS Code's language. */
export function coreViewState(core: ViewStateSource, now: number): ViewState {
  return viewStateOf(core, now, { language: vscode.env.language });
}
