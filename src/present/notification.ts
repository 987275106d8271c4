import { t } from "@vscode/l10n";
import type { Logger } from "../base/log";
import { minuteMs } from "../base/clock";
import { isPluggedIn } from "../charging/connection";
import { isToBePluggedIn } from "../charging/plugIn";
import type { Vin } from "../charging/vin";
import type { SettingKey } from "../contributions";
import type { CarEvent, SwitchedEventKind } from "../charging/changes";
import type { Notice } from "../charging/notice";
import { chargingSentence } from "./detailText";
import { percentText } from "./numbers";
import { ageText, spanText } from "./times";
import type { CarView, ViewState } from "./viewState";

/** A message about an event of a car, or the daily reminder. */
export interface Notification {
  readonly text: string;
  /** The message is shown as a warning. */
  readonly isWarning: boolean;
  readonly actions: readonly NotificationAction[];
}

export type NotificationAction =
  | { readonly does: "show"; readonly title: string; readonly vin: Vin }
  | { readonly does: "refresh"; readonly title: string; readonly vins: readonly Vin[] }
  /** Turns off messages of this kind. */
  | { readonly does: "never"; readonly title: string; readonly setting: SettingKey };

/** The parts of the product that a notification needs. */
export interface NoticePorts {
  readonly viewState: () => ViewState;
  readonly refresh: (vins: readonly Vin[]) => Promise<unknown>;
  readonly settings: { switchOff(setting: SettingKey): Promise<void> };
  readonly log: Logger;
  /** Selects the row with this id in the view. */
  readonly reveal: (id: string) => Promise<void>;
}

interface Kind {
  /** The event is a problem, and a new reading can show that it is over. */
  readonly isWarning: boolean;
  readonly text: (car: CarView, since: number, view: ViewState) => string;
}

const kinds: Readonly<Record<SwitchedEventKind, Kind>> = {
  fault: {
    isWarning: true,
    text: ({ name }) => t("{0} reports a fault with the charging connection.", name),
  },
  connected: {
    isWarning: false,
    text: connectedText,
  },
  disconnected: {
    isWarning: false,
    text: ({ name }, since, { now }) => t("{0} was unplugged {1}.", name, ageText(since, now)),
  },
  chargingStarted: {
    isWarning: false,
    text: ({ name, reading }, _, { locale }) => {
      const level = reading?.details.batteryLevel;
      if (!level) return t("{0} has started charging.", name);
      return t("{0} has started charging at {1}.", name, percentText(level.value, locale));
    },
  },
  chargingInterrupted: {
    isWarning: true,
    text: ({ name, reading }, _, { locale }) => {
      const { batteryLevel, targetLevel } = reading?.details ?? {};
      if (!batteryLevel || !targetLevel) return t("{0} has stopped charging before it was done.", name);
      const [level, target] = [batteryLevel, targetLevel].map(({ value }) => percentText(value, locale));
      return t("{0} has stopped charging at {1}, below its target of {2}.", name, level ?? "", target ?? "");
    },
  },
  chargingDone: {
    isWarning: false,
    text: ({ name, reading }, _, { locale }) => {
      const level = reading?.details.batteryLevel;
      if (!level) return t("{0} has finished charging.", name);
      return t("{0} has finished charging at {1}.", name, percentText(level.value, locale));
    },
  },
  pluggedButIdle: {
    isWarning: true,
    text: idleText,
  },
};

/**
 * The message for `notice`; `undefined` if the car is no longer configured, if its last reading contradicts the event,
 * or if no car needs a reminder.
 */
export function notification(notice: Notice, view: ViewState): Notification | undefined {
  return notice.kind === "reminder" ? reminderNotification(view) : eventNotification(notice, view);
}

function eventNotification(event: CarEvent, view: ViewState): Notification | undefined {
  const car = view.cars.find(({ vin }) => vin === event.vin);
  if (!car || isOver(event, car)) return undefined;
  if (event.kind === "batteryLevel") {
    const text = levelText(car, event, view);
    return { text, isWarning: false, actions: [show(car.vin), never("notifications.batteryLevels")] };
  }
  const { isWarning, text } = kinds[event.kind];
  return {
    text: text(car, event.since, view),
    isWarning,
    actions: [show(car.vin), ...(isWarning ? [refresh([car.vin])] : []), never(`notifications.${event.kind}`)],
  };
}

/**
 * True if the last reading shows that the event is over. A message may have waited for an hour until a window got
 * focus, and the end of a fault is not an event.
 */
function isOver({ kind }: CarEvent, { reading }: CarView): boolean {
  if (!reading) return false;
  const connection = reading.connection.value.kind;
  switch (kind) {
    case "fault":
      return connection !== "fault" && connection !== "unknown";
    case "connected":
      return connection === "disconnected";
    case "disconnected":
      return isPluggedIn(reading.connection.value);
    case "chargingInterrupted":
    case "pluggedButIdle":
      return connection === "disconnected" || reading.details.chargingStatus?.value === "charging";
    case "chargingStarted":
    case "chargingDone":
    case "batteryLevel":
      return false;
  }
}

function levelText(
  { name }: CarView,
  { level, direction }: Extract<CarEvent, { readonly kind: "batteryLevel" }>,
  { locale }: ViewState,
): string {
  const percent = percentText(level, locale);
  return direction === "up"
    ? t("{0} has charged to {1}.", name, percent)
    : t("{0}'s battery is down to {1}.", name, percent);
}

function connectedText({ name, reading }: CarView, since: number, { now }: ViewState): string {
  const age = ageText(since, now);
  switch (reading?.connection.value.kind) {
    case "connectedAc":
      return t("{0} was plugged in to an AC charger {1}.", name, age);
    case "connectedDc":
      return t("{0} was plugged in to a DC charger {1}.", name, age);
    default:
      return t("{0} was plugged in {1}.", name, age);
  }
}

function idleText({ name, reading }: CarView, since: number, { now, locale }: ViewState): string {
  const reason = reading && chargingSentence(reading, locale);
  const span = spanText(now - since);
  return reason === undefined || reason === t("Not charging")
    ? t("{0} has been plugged in for {1} without charging.", name, span)
    : t("{0} has been plugged in for {1} without charging ({2}).", name, span, reason);
}

/** Readings older than this no longer count as the current state. */
const stillTrueMs = 20 * minuteMs;
/** Readings older than this are refreshed before the reminder. */
const recentMs = 10 * minuteMs;

/** The cars to refresh before the reminder is shown, because it may have waited until a window got focus. */
export function carsToCheckFirst({ cars, now }: ViewState): readonly Vin[] {
  const isOld = (at: number | undefined) => at === undefined || Math.abs(now - at) > recentMs;
  return cars.filter(({ reading }) => isOld(reading?.fetchedAt)).map(({ vin }) => vin);
}

function reminderNotification(view: ViewState): Notification | undefined {
  const { now, locale } = view;
  const { staleAfterMs, reminder } = view.settings;
  const limits = { staleAfterMs, belowLevel: reminder.belowLevel };
  const cars = view.cars.filter(
    ({ reading }) => reading && now - reading.fetchedAt <= stillTrueMs && isToBePluggedIn(reading, limits, now),
  );
  const [first] = cars;
  if (!first) return undefined;
  const levelOf = ({ reading }: CarView) => {
    const level = reading?.details.batteryLevel;
    return level && percentText(level.value, locale);
  };
  const level = levelOf(first);
  const sentence =
    level === undefined
      ? t("{0} is not plugged in.", first.name)
      : t("{0} is not plugged in; its battery is at {1}.", first.name, level);
  const names = cars.map((car) => {
    const own = levelOf(car);
    return own === undefined ? car.name : `${car.name} (${own})`;
  });
  return {
    text: cars.length === 1 ? sentence : t("Not plugged in: {0}.", names.join(", ")),
    isWarning: false,
    actions: [show(first.vin, cars.length), refresh(cars.map(({ vin }) => vin)), never("reminder.time")],
  };
}

function show(vin: Vin, count = 1): NotificationAction {
  return { does: "show", title: count === 1 ? t("Show Car") : t("Show Cars"), vin };
}

function refresh(vins: readonly Vin[]): NotificationAction {
  return { does: "refresh", title: t("Refresh"), vins };
}

function never(setting: SettingKey): NotificationAction {
  return { does: "never", title: t("Don't Show Again"), setting };
}
