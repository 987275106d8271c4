import { t } from "@vscode/l10n";
import type { RefreshOutcome } from "../polling/polling";
import { problemText } from "../present/problemText";
import { holdText } from "../present/shownProblem";
import type { ViewState } from "../present/viewState";
import { InputError, membersOf, vehicleOf } from "./input";
import type { Status } from "./status";

/** A language model's request. */
export interface ToolInput {
  readonly vehicle?: string;
  readonly refresh: boolean;
  /** Days of history. */
  readonly days?: number;
}

/** Limits for one answer: cars, bytes in UTF-8, sessions, and days of history. */
export const mostVehicles = 20;
export const mostBytes = 8_000;
export const mostSessions = 50;
export const mostDays = 31;

/**
 * The checked input of the tool. VS Code does not check it against the schema of the manifest, and other extensions can
 * call the tool with any value. Throws {@link InputError}.
 */
export function toolInput(input: unknown): ToolInput {
  const { vehicle, refresh = false, history } = membersOf(input, ["vehicle", "refresh", "history"]);
  const wanted = vehicleOf(vehicle);
  if (typeof refresh !== "boolean") throw new InputError(t("“refresh” must be true or false."));
  const days = history === undefined ? undefined : daysOf(history);
  return { refresh, ...(wanted !== undefined && { vehicle: wanted }), ...(days !== undefined && { days }) };
}

function daysOf(history: unknown): number {
  const { days } = membersOf(history, ["days"]);
  if (typeof days === "number" && Number.isInteger(days) && days >= 1 && days <= mostDays) return days;
  throw new InputError(t("“days” of “history” must be a whole number from 1 to {0}.", mostDays));
}

/**
 * The question to the user before the tool answers. `input` is unchecked here: `toolInput` later refuses wrong input,
 * so no answer is given.
 */
export function toolQuestion(input: unknown): { readonly title: string; readonly message: string } {
  const { refresh, history } = (typeof input === "object" && input !== null ? input : {}) as Record<string, unknown>;
  const parts = [
    t(
      "The language model receives the names of your cars, whether they're plugged in, and their battery level, range and times.",
    ),
    ...(history === undefined ? [] : [t("Past charging times reveal when someone is home.")]),
    ...(refresh === true ? [t("Fresh values are requested from Volvo first.")] : []),
  ];
  return { title: t("Share the charging status of your cars?"), message: parts.join(" ") };
}

/** A sentence about a refresh without a new reading; `undefined` after a refresh with one. */
export function refreshText(outcome: RefreshOutcome, view: ViewState): string | undefined {
  const { now, locale, problem } = view;
  switch (outcome.kind) {
    case "checked":
      return undefined;
    case "recent":
      return t("Checked {0} s ago", Math.floor((now - outcome.at) / 1000));
    case "held":
      return holdText(outcome.hold, view).sentence;
    case "unanswered":
      return t("The window that checks the cars didn't respond.");
    case "notReady":
      return problem ? problemText(problem, now, locale).sentence : t("There is no car to check yet.");
  }
}

export interface ToolAnswer {
  readonly status: Status;
  /** Newest first; `undefined` if not asked for. */
  readonly sessions?: readonly object[];
  readonly refresh?: string | undefined;
}

/**
 * The text for the language model: JSON within the limits on cars, sessions and bytes. `truncated` says if it is cut.
 */
export function toolText({ status, sessions, refresh }: ToolAnswer): string {
  const all = status.vehicles.length;
  let vehicles = status.vehicles.slice(0, mostVehicles);
  let sentSessions = sessions?.slice(0, mostSessions);
  for (;;) {
    const isCut =
      vehicles.length < all ||
      (sessions !== undefined && sentSessions !== undefined && sentSessions.length < sessions.length);
    const text = JSON.stringify({
      ...(isCut && { truncated: truncatedText(vehicles.length, all, sentSessions?.length, sessions?.length) }),
      ...(refresh !== undefined && { refresh }),
      ...status,
      vehicles,
      ...(sentSessions && { sessions: sentSessions }),
    });
    if (new TextEncoder().encode(text).length <= mostBytes) return text;
    if (sentSessions && sentSessions.length > 0) sentSessions = sentSessions.slice(0, -1);
    else vehicles = vehicles.slice(0, -1);
  }
}

function truncatedText(cars: number, allCars: number, sessions = 0, allSessions = 0): string {
  return [
    ...(cars < allCars ? [t("{0} of {1} cars are shown; ask for one by its name.", cars, allCars)] : []),
    ...(sessions < allSessions ? [t("The last {0} of {1} sessions are shown.", sessions, allSessions)] : []),
  ].join(" ");
}
