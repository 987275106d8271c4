import vscode = require("vscode");
import { type ViewState, type ViewStateSource, viewStateOf } from "../present/viewState";

/** The view state of `core` at `now` (ms since the epoch), in VS Code's display language. */
export function coreViewState(core: ViewStateSource, now: number): ViewState {
  return viewStateOf(core, now, { language: vscode.env.language });
}
