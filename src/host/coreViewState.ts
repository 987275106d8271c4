import { type ViewState, type ViewStateSource, viewStateOf } from "../present/viewState";
import { editorLocale } from "./locale";

/** The view state of `core` at `now` (ms since the epoch), in the language and formats of the user. */
export function coreViewState(core: ViewStateSource, now: number): ViewState {
  return viewStateOf(core, now, editorLocale(core.settings.current));
}
