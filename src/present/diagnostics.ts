import { sessionProblem } from "../auth/sessionState";
import { signInLifetime } from "../auth/signInLifetime";
import type { Connection } from "../charging/connection";
import type { Problem } from "../charging/problem";
import { checkVin, vinTail } from "../charging/vin";
import { type SettingKey, settingDefaults, settingKeys } from "../contributions";
import type { Sharing } from "../charging/carStoreState";
import { activeMode, type Mode } from "../charging/mode";
import type { HistoryReport } from "../history/history";
import { callsToday } from "../charging/quota";
import type { RequestKind, RequestStatistics } from "../polling/requestStatistics";
import { checked, code, type Diagnostics, list, type Mask, type Section, table, when } from "./diagnosticsDocument";
import { isoText } from "./times";
import type { CarView, ViewState } from "./viewState";

/** The data that diagnostics are built from. */
export interface Diagnosis {
  readonly view: ViewState;
  /** Versions and platform, by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** The raw values that the user has set; settings that are not set are absent. */
  readonly set: Readonly<Partial<Record<SettingKey, unknown>>>;
  readonly window: {
    /** This window made the last request. */
    readonly askedLast: boolean;
    readonly intervalMs: number | undefined;
    /** The window shows simulated cars instead of the ones in this report. */
    readonly isDemo: boolean;
  };
  readonly requests: RequestStatistics;
  readonly history: HistoryReport;
  /** Addressed to the user, in the display language. */
  readonly preface: string;
}

/**
 * The diagnostics as Markdown, in English like the log, because users share them. They contain no secret, no e-mail
 * address, no name of a car, and of each VIN only the end. A final check scans the whole text; if it finds any of
 * these, no document is returned.
 */
export function diagnostics(diagnosis: Diagnosis, mask: Mask): Diagnostics {
  const { view } = diagnosis;
  const masked = (text: string) => code(mask.redact(text));
  const sections: readonly Section[] = [
    {
      title: "Versions",
      lines: list(Object.entries(diagnosis.environment).map(([name, value]) => [name, masked(value)])),
    },
    { title: "Settings", lines: settingLines(diagnosis, masked) },
    { title: "Schedule", lines: list(schedule(diagnosis)) },
    { title: "Account", lines: list(account(view, masked)) },
    { title: "Cars", lines: carTable(view, masked) },
    { title: "History", lines: historyLines(diagnosis, masked) },
    { title: "Requests of this window", lines: requestTable(diagnosis.requests) },
    { title: "Last failed requests of this window", lines: failureList(diagnosis.requests) },
  ];
  return checked(diagnosis.preface, sections, view.now, mask);
}

function settingLines({ set, view }: Diagnosis, masked: (text: string) => string): readonly string[] {
  const keys = settingKeys.filter((key) => set[key] !== undefined && !isDefault(key, set[key]));
  const rows = keys.map((key): readonly string[] => [key, settingNote(key, set[key], view, masked)]);
  const faults = view.settings.faults.map((fault) => `- ${fault.key}: ${fault.kind}`);
  return [
    ...table(["setting", "value"], rows),
    "",
    "Settings that are not listed have their defaults.",
    ...(faults.length > 0 ? ["", "Not usable:", "", ...faults] : []),
  ];
}

function isDefault(key: SettingKey, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(settingDefaults[key]);
}

function settingNote(key: SettingKey, value: unknown, view: ViewState, masked: (text: string) => string): string {
  if (key === "vehicles" && Array.isArray(value)) {
    const entries: readonly unknown[] = value;
    return entries.length === 0 ? "none" : entries.map((entry) => vehicleNote(entry, view)).join(", ");
  }
  if (typeof value !== "string") return masked(JSON.stringify(value));
  if (key === "statusBar.vehicle") return vehicleNote(value, view);
  return URL.canParse(value) ? addressNote(new URL(value), masked) : masked(value);
}

/** An entry of the list of cars without the user's name for it. */
function vehicleNote(entry: unknown, { settings }: ViewState): string {
  const isObject = typeof entry === "object" && entry !== null;
  const vin = isObject && "vin" in entry ? entry.vin : entry;
  const check = typeof vin === "string" ? checkVin(vin) : undefined;
  if (check?.kind !== "valid") return "not a VIN";
  const tail = settings.presenterMode ? "a car" : `…${vinTail(check.vin)}`;
  return isObject && "name" in entry ? `${tail} (named)` : tail;
}

/** An address without user name, password, query and fragment, which can contain secrets. */
function addressNote(url: URL, masked: (text: string) => string): string {
  const hidden = url.username || url.password || url.search || url.hash ? " (and more that is not shown)" : "";
  return masked(url.protocol + (url.host === "" ? "" : `//${url.host}`) + url.pathname) + hidden;
}

function schedule({ view, window }: Diagnosis): readonly (readonly [string, string])[] {
  const { carStore, settings, now } = view;
  const { account, nextCheckAt, checking } = carStore;
  const { intervalMs, isDemo, askedLast } = window;
  return [
    ["Interval now", intervalMs === undefined ? "none" : `${Math.round(intervalMs / 1000)} s`],
    ["Next check", nextCheckAt === undefined ? "none planned" : when(nextCheckAt, now)],
    ["Being checked", String(checking.length)],
    ["The last to ask", carStore.askedBy === undefined ? "no window" : askedLast ? "this window" : "another window"],
    ["Windows share what they know", sharingNotes[carStore.sharing]],
    ["Checks", modeNote(carStore.mode, now)],
    ["Calls today (UTC)", `${callsToday(account.calls, now)} of ${settings.dailyCallBudget}`],
    ["Volvo asks to wait", account.hold ? `${account.hold.kind}, until ${when(account.hold.until, now)}` : "no"],
    ["Refusals in a row", `${account.keyRefusals} of the API key, ${account.tokenRefusals} of the token`],
    ["Demo", isDemo ? "on" : "off"],
  ];
}

const sharingNotes: Readonly<Record<Sharing, string>> = {
  shared: "yes",
  alone: "no, the folder cannot be used",
  newer: "no, another window has a newer version of the extension",
};

function modeNote(mode: Mode | undefined, now: number): string {
  const active = activeMode(mode, now);
  if (!active) return "as scheduled";
  const until = active.until === undefined ? "" : `, until ${when(active.until, now)}`;
  return `${active.kind === "paused" ? "paused" : "each minute"}${until}`;
}

function account(view: ViewState, masked: (text: string) => string): readonly (readonly [string, string])[] {
  const { session, carStore, now } = view;
  const problem = sessionProblem(session);
  const working = carStore.account.workingVersion;
  const facts: (readonly [string, string])[] = [
    ["State", session.kind],
    ["Problem", problem ? problemNote(problem, now) : "none"],
    [
      "Energy API that works",
      working ? `${working.version}, asked again ${when(working.until, now)}` : "not known yet",
    ],
  ];
  if (session.kind !== "ready" && session.kind !== "stopped") return facts;
  const { account } = session;
  if (account.kind === "testToken") return [["Kind", "test token, about 30 minutes"], ...facts];
  const { lastsUntil, endsAt } = signInLifetime(account, now);
  return [
    ["Kind", "Volvo ID"],
    ...facts,
    ["Scopes", account.scopes.length === 0 ? "not known" : masked(account.scopes.join(" "))],
    ["Renewed", account.refreshedAt > 0 ? when(account.refreshedAt, now) : "not known"],
    ["Lasts without VS Code until", account.refreshedAt > 0 ? when(lastsUntil, now) : "not known"],
    ["Ends", endsAt === undefined ? "not known" : when(endsAt, now)],
  ];
}

function carTable(view: ViewState, masked: (text: string) => string): readonly string[] {
  const { now, settings } = view;
  const head = ["car", "connection", "measured", "fetched", "asked", "by", "details", "failures", "problem"];
  const at = (time: number | undefined) => (time === undefined ? "–" : when(time, now));
  const row = (car: CarView, index: number): readonly string[] => {
    const { reading } = car;
    const connection = reading?.connection;
    return [
      settings.presenterMode ? `Car ${index + 1}` : `Car ${index + 1} …${vinTail(car.vin)}`,
      connection ? `${connectionNote(connection.value, masked)}${car.stale ? ", out of date" : ""}` : "–",
      at(connection?.measuredAt),
      at(reading?.fetchedAt),
      at(car.attemptedAt),
      reading?.servedBy ?? "–",
      String(Object.keys(reading?.details ?? {}).length),
      String(car.failures),
      car.problem ? problemNote(car.problem, now) : "none",
    ];
  };
  return table(head, view.cars.map(row));
}

function historyLines({ view, history }: Diagnosis, masked: (text: string) => string): readonly string[] {
  const { settings, now } = view;
  const { cars, isSaltLost, pausedUntil, failure } = history;
  const rows = cars.map(({ rows, skipped, newer }, index) => [`Car ${index + 1}`, rows, skipped, newer].map(String));
  return [
    ...list([
      ["Recorded", settings.history.isEnabled ? `yes, kept for ${settings.history.keepMonths} months` : "no"],
      ["Folder", failure === undefined ? "can be read" : masked(failure)],
      ["Names of the cars", isSaltLost ? "lost: nothing is recorded until the history is deleted" : "known"],
      ["Disk", pausedUntil === undefined ? "no failure" : `failed, tried again ${when(pausedUntil, now)}`],
    ]),
    "",
    ...table(["car", "rows", "lines that cannot be read", "months of a newer version"], rows),
  ];
}

function connectionNote(connection: Connection, masked: (text: string) => string): string {
  if (connection.kind !== "unknown") return connection.kind;
  const { reason } = connection;
  return reason.kind === "unrecognized" ? `unknown: ${masked(reason.raw)}` : `unknown: ${reason.kind}`;
}

/** A problem in the product's own words; texts from outside are left out. */
function problemNote(problem: Problem, now: number): string {
  switch (problem.kind) {
    case "secretsUnavailable":
      return `${problem.kind} (${problem.cause})`;
    case "serviceUnavailable":
      return `${problem.kind} (${unavailableNote(problem, now)})`;
    case "forbidden":
      return `${problem.kind} (${problem.what})`;
    case "offline":
      return problem.certificate ? "offline (certificate)" : "offline";
    case "quotaSpent":
    case "rateLimited":
      return `${problem.kind} until ${when(problem.until, now)}`;
    default:
      return problem.kind;
  }
}

function unavailableNote(problem: Extract<Problem, { kind: "serviceUnavailable" }>, now: number): string {
  switch (problem.cause) {
    case "error":
      return `HTTP ${problem.status}`;
    case "closed":
      return `HTTP ${problem.status}, closed until ${when(problem.until, now)}`;
    default:
      return problem.cause;
  }
}

const kindNames: Readonly<Record<RequestKind, string>> = {
  energyV1: "Energy v1",
  energyV2: "Energy v2",
  connectedVehicle: "Connected Vehicle",
  volvoId: "Volvo ID",
  other: "other",
};

function requestTable({ counts }: RequestStatistics): readonly string[] {
  const rows = counts.map(({ kind, outcome, count, totalMs, longestMs }): readonly string[] => {
    return [
      kindNames[kind],
      outcome,
      String(count),
      `${Math.round(totalMs / count)} ms`,
      `${Math.round(longestMs)} ms`,
    ];
  });
  return table(["for", "outcome", "count", "mean", "longest"], rows.sort());
}

function failureList({ failures }: RequestStatistics): readonly string[] {
  if (failures.length === 0) return ["None."];
  return failures.map(({ kind, outcome, at }) => `- ${isoText(at)} ${kindNames[kind]}: ${outcome}`);
}
