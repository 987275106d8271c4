import { t } from "@vscode/l10n";
import { shortTimeText, waitChangesAt, waitText } from "./times";
import { longestWaitEnd, type ViewState } from "./viewState";

/** The time of the next check if the hover counts down to it. It does so while Volvo asks to wait. */
function countdownEnd(view: ViewState): number | undefined {
  const nextCheckAt = nextCheck(view);
  const isShown = nextCheckAt !== undefined && nextCheckAt > view.now && longestWaitEnd(view) !== undefined;
  return isShown ? nextCheckAt : undefined;
}

/** The times (ms since the epoch) at which the countdown in the hover changes or disappears. */
export function countdownTimes(view: ViewState): readonly number[] {
  const end = countdownEnd(view);
  const wait = longestWaitEnd(view);
  return end === undefined || wait === undefined ? [] : [waitChangesAt(end, view.now), wait];
}

/** The time of the next check; empty if none is planned, and during a pause, because the end of the pause is shown. */
export function nextCheckText(view: ViewState): string {
  const { now, locale } = view;
  const next = nextCheck(view);
  if (next === undefined) return "";
  const end = countdownEnd(view);
  if (end !== undefined) return t("Next check {0} (in {1})", shortTimeText(end, now, locale), waitText(end, now));
  const time = shortTimeText(Math.max(next, now), now, locale);
  // From the second failure on, the interval grows. The number explains the long wait.
  const failures = Math.min(...view.cars.map((car) => car.failures));
  return failures < 2 || failures === Infinity
    ? t("Next check {0}", time)
    : t("Next check {0}, after {1} failed checks", time, failures);
}

/** The time of the next check (ms since the epoch) if it is in the future. */
export function nextCheckAhead(view: ViewState): number | undefined {
  const next = nextCheck(view);
  return next !== undefined && next > view.now ? next : undefined;
}

function nextCheck({ carStore, mode }: ViewState): number | undefined {
  return mode?.kind === "paused" ? undefined : carStore.nextCheckAt;
}
