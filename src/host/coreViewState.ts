import { automationFaultText } from "../present/automationText";
import { type ViewState, type ViewStateSource, viewStateOf } from "../present/viewState";
import { parseAutomations } from "../settings/automations";
import type { Settings } from "../settings/settings";
import { editorLocale } from "./locale";

/** The view state of `core` at `now` (ms since the epoch), in the language and formats of the user. */
export function coreViewState(core: ViewStateSource, now: number): ViewState {
  const { current } = core.settings;
  // Faults of automations concern the user's own cars, which the demo does not show.
  const settings = core.isDemo ? current : withAutomationFaults(current);
  return viewStateOf({ ...core, settings: { current: settings } }, now, editorLocale(current));
}

function withAutomationFaults(settings: Settings): Settings {
  const { faults } = parseAutomations(settings.automations, settings.vehicles);
  if (faults.length === 0) return settings;
  const automationFaults = faults.map(
    (fault) => ({ kind: "automation", key: "automations", text: automationFaultText(fault) }) as const,
  );
  return { ...settings, faults: [...settings.faults, ...automationFaults] };
}
