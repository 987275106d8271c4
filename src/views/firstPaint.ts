import { carToShow } from "../charging/carToShow";
import { carGlance, isItemShown, setUpInvitation } from "../present/glance";
import { invitationHover } from "../present/links";
import { createViewState, type ViewInputs } from "../present/viewState";
import type { Settings } from "../settings/settings";
import { emptyState } from "../charging/carStoreState";
import type { Car } from "../charging/car";
import { iconIds } from "../contributions";
import { ContextKeys } from "./contextKeys";
import type { StatusBarView } from "./statusBarView";

/**
 * Shows the last known state: text, color and command of the item. The product paints the hover and the rows later.
 * Only a car that was read is shown, so Volvo has accepted the credentials.
 */
export function paintLastKnown(
  item: StatusBarView,
  cars: readonly Car[],
  { settings, now, locale }: Pick<ViewInputs, "settings" | "now" | "locale">,
): void {
  const carStore = { ...emptyState, cars, account: { ...emptyState.account, accepted: true } as const };
  const view = createViewState({ carStore, session: { kind: "starting" }, settings, now, locale });
  const car = carToShow(view.cars, settings.pinned);
  if (car?.reading && isItemShown(car, settings)) item.show(carGlance(car, view), settings);
}

/** Shows the invitation of a window in which nothing is set up. */
export function paintSetUp(item: StatusBarView, settings: Settings): void {
  new ContextKeys().set("welcome", "setUp");
  if (!isItemShown(undefined, settings)) return;
  const { text, sentence, actions } = setUpInvitation();
  const tooltip = invitationHover(sentence, actions);
  const spoken = `${text}. ${sentence}`;
  const glance = { text: `$(${iconIds.car}) ${text}`, background: "none", command: actions[0].command } as const;
  item.show({ ...glance, tooltip, spoken }, settings);
}
