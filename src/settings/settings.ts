import type { SessionState } from "../auth/sessionState";
import { hourMs, secondMs } from "../base/clock";
import { checkVin, type Vin } from "../charging/vin";
import { extensionId, type SettingKey, settingDefaults } from "../contributions";
import type { SwitchedEventKind } from "../charging/changes";
import type { ConfiguredCar } from "../charging/car";
import type { Notice, NoticeKind } from "../charging/notice";
import type { TimeOfDay } from "../charging/notice";
import type { ApiVersionSetting } from "../charging/reading";

/** The validated settings in the product's own units. Immutable. */
export interface Settings {
  readonly vehicles: readonly ConfiguredCar[];
  readonly apiVersion: ApiVersionSetting;
  readonly refreshIntervalMs: number;
  readonly adaptive: boolean;
  /** Infinite in the demo, whose calls are free. */
  readonly dailyCallBudget: number;
  readonly staleAfterMs: number;
  /** `auto` follows the computer's region. */
  readonly timeFormat: "auto" | "12h" | "24h";
  /** Without a trailing slash. `undefined` while the setting is unusable; the product then sends no requests. */
  readonly baseUrl: string | undefined;
  /** The address of Volvo ID, by the same rules. */
  readonly issuer: string | undefined;
  /** Must equal the URI registered with Volvo. `undefined` while the setting is unusable. */
  readonly redirectUri: string | undefined;
  /** The scopes that a sign-in requests; empty if the extension chooses. */
  readonly scopes: readonly string[];
  readonly pinned: Vin | undefined;
  readonly statusBarText: string;
  readonly statusBarVisibility: "always" | "whenPluggedIn" | "never";
  readonly statusBarAlignment: "left" | "right";
  readonly statusBarPriority: number;
  readonly clickAction: "focusView" | "refresh" | "menu";
  /** The events for which the user wants notifications; battery levels in percent. */
  readonly notifications: Readonly<Record<SwitchedEventKind, boolean>> & { readonly batteryLevels: readonly number[] };
  /**
   * The time of the reminder about cars that are not plugged in, and the battery level (percent) below which it
   * applies.
   */
  readonly reminder: { readonly time: TimeOfDay | undefined; readonly belowLevel: number };
  readonly history: {
    readonly isEnabled: boolean;
    /** Including the current month. */
    readonly keepMonths: number;
  };
  readonly showFullVins: boolean;
  readonly presenterMode: boolean;
  readonly demo: boolean;
  /** Unchecked; `parseAutomations` checks them. */
  readonly automations: readonly unknown[];
  readonly faults: readonly SettingFault[];
}

/** An unusable value of a setting. */
export type SettingFault =
  /** The product uses the default instead. */
  | { readonly kind: "wrongType"; readonly key: SettingKey }
  | { readonly kind: "outOfRange"; readonly key: SettingKey; readonly used: number }
  | { readonly kind: "notAVin"; readonly key: SettingKey; readonly entry: number }
  | { readonly kind: "insecureUrl"; readonly key: SettingKey }
  | { readonly kind: "notAUrl"; readonly key: SettingKey }
  /** The reminder is off. */
  | { readonly kind: "notATime"; readonly key: SettingKey }
  /** Prevents only signing in. */
  | { readonly kind: "notARedirectUri"; readonly key: SettingKey }
  /** An entry is ignored. `text` gives the reason in VS Code's language. */
  | { readonly kind: "automation"; readonly key: SettingKey; readonly text: string };

/**
 * Parses raw settings. Never throws. Unusable values are replaced by their defaults, clamped into range, or left out;
 * `faults` lists them.
 */
export function parseSettings(raw: (key: SettingKey) => unknown): Settings {
  const faults: SettingFault[] = [];

  function value<T>(key: SettingKey, accepts: (candidate: unknown) => candidate is T): T {
    const candidate = raw(key) ?? settingDefaults[key];
    if (accepts(candidate)) return candidate;
    faults.push({ kind: "wrongType", key });
    return settingDefaults[key] as unknown as T;
  }

  function number(key: SettingKey, lowest: number, highest: number, whole = true): number {
    const given = value(key, isNumber);
    const used = Math.min(Math.max(whole ? Math.round(given) : given, lowest), highest);
    if (used !== given) faults.push({ kind: "outOfRange", key, used });
    return used;
  }

  return {
    vehicles: vehicles(value("vehicles", Array.isArray as (candidate: unknown) => candidate is unknown[]), faults),
    apiVersion: value("apiVersion", oneOf("auto", "v1", "v2")),
    refreshIntervalMs: number("refreshInterval", 60, 86_400) * secondMs,
    adaptive: value("adaptivePolling", isBoolean),
    dailyCallBudget: number("dailyCallBudget", 1, 10_000),
    staleAfterMs: number("staleAfter", 0.1, 24 * 365, false) * hourMs,
    timeFormat: value("timeFormat", oneOf("auto", "12h", "24h")),
    baseUrl: url("api.baseUrl", value("api.baseUrl", isString), faults),
    issuer: url("auth.issuer", value("auth.issuer", isString), faults),
    redirectUri: redirectUri(value("auth.redirectUri", isString).trim(), faults),
    scopes: value("auth.scopes", isScopes),
    pinned: pinned(value("statusBar.vehicle", isString), faults),
    statusBarText: value("statusBar.text", isString),
    statusBarVisibility: value("statusBar.visibility", oneOf("always", "whenPluggedIn", "never")),
    statusBarAlignment: value("statusBar.alignment", oneOf("left", "right")),
    statusBarPriority: value("statusBar.priority", isNumber),
    clickAction: value("statusBar.clickAction", oneOf("focusView", "refresh", "menu")),
    notifications: {
      fault: value("notifications.fault", isBoolean),
      connected: value("notifications.connected", isBoolean),
      disconnected: value("notifications.disconnected", isBoolean),
      chargingStarted: value("notifications.chargingStarted", isBoolean),
      chargingInterrupted: value("notifications.chargingInterrupted", isBoolean),
      chargingDone: value("notifications.chargingDone", isBoolean),
      pluggedButIdle: value("notifications.pluggedButIdle", isBoolean),
      batteryLevels: value("notifications.batteryLevels", isLevels),
    },
    reminder: {
      time: timeOfDay(value("reminder.time", isString).trim(), faults),
      belowLevel: number("reminder.belowBatteryLevel", 1, 100),
    },
    history: {
      isEnabled: value("history.enabled", isBoolean),
      keepMonths: number("history.keepMonths", 1, 120),
    },
    showFullVins: value("privacy.showFullVins", isBoolean),
    presenterMode: value("privacy.presenterMode", isBoolean),
    demo: value("demo", isBoolean),
    automations: value("automations", Array.isArray as (candidate: unknown) => candidate is unknown[]),
    faults,
  };
}

/**
 * The fault of a setting that stops the whole product and therefore needs a message on screen. A faulty issuer counts
 * only while there is no grant: a test token needs no issuer, and a sign-in made with another issuer is not used.
 */
export function blockingFault(settings: Settings, session: SessionState): SettingFault | undefined {
  const needsIssuer = session.kind === "incomplete" && !session.hasGrant;
  return settings.faults.find(
    ({ kind, key }) => (kind === "insecureUrl" || kind === "notAUrl") && (needsIssuer || key !== "auth.issuer"),
  );
}

export function isNotificationOn(kind: NoticeKind, { notifications, reminder }: Settings): boolean {
  if (kind === "reminder") return reminder.time !== undefined;
  return kind === "batteryLevel" ? notifications.batteryLevels.length > 0 : notifications[kind];
}

/** True if the user wants a notification for `notice`. */
export function isNoticeWanted(notice: Notice, settings: Settings): boolean {
  if (notice.kind !== "batteryLevel") return isNotificationOn(notice.kind, settings);
  return settings.notifications.batteryLevels.includes(notice.level);
}

function vehicles(entries: readonly unknown[], faults: SettingFault[]): ConfiguredCar[] {
  const cars = new Map<Vin, ConfiguredCar>();
  entries.forEach((entry, index) => {
    const isObject = typeof entry === "object" && entry !== null;
    const text = isObject && "vin" in entry ? entry.vin : entry;
    const check = typeof text === "string" ? checkVin(text) : undefined;
    if (check?.kind !== "valid") {
      faults.push({ kind: "notAVin", key: "vehicles", entry: index + 1 });
      return;
    }
    const given = isObject && "name" in entry && typeof entry.name === "string" ? entry.name.trim() : "";
    if (cars.has(check.vin)) return;
    const batteryKwh = isObject && "batteryKwh" in entry ? capacity(entry.batteryKwh, faults) : undefined;
    const car = { vin: check.vin, ...(given !== "" && { name: given }) };
    cars.set(check.vin, { ...car, ...(batteryKwh !== undefined && { batteryKwh }) });
  });
  return [...cars.values()];
}

/** A battery capacity (kWh). The range of 5 to 250 includes every car that Volvo sells. */
function capacity(given: unknown, faults: SettingFault[]): number | undefined {
  if (!isNumber(given)) return undefined;
  const used = Math.min(Math.max(given, 5), 250);
  if (used !== given) faults.push({ kind: "outOfRange", key: "vehicles", used });
  return used;
}

function pinned(text: string, faults: SettingFault[]): Vin | undefined {
  if (text.trim() === "" || text === "auto") return undefined;
  const check = checkVin(text);
  if (check.kind === "valid") return check.vin;
  faults.push({ kind: "wrongType", key: "statusBar.vehicle" });
  return undefined;
}

function timeOfDay(text: string, faults: SettingFault[]): TimeOfDay | undefined {
  if (text === "") return undefined;
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour !== undefined && minute !== undefined) return { hour: Number(hour), minute: Number(minute) };
  faults.push({ kind: "notATime", key: "reminder.time" });
  return undefined;
}

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Accepts https, and http on this computer, without user name, password, query or fragment. The API key is sent to no
 * other kind of address.
 */
function url(key: SettingKey, text: string, faults: SettingFault[]): string | undefined {
  const parsed = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!parsed || parsed.username || parsed.password || parsed.search || parsed.hash) {
    faults.push({ kind: "notAUrl", key });
    return undefined;
  }
  if (parsed.protocol === "https:" || (parsed.protocol === "http:" && loopback.test(parsed.hostname))) {
    return parsed.origin + parsed.pathname.replace(/\/+$/, "");
  }
  faults.push({ kind: parsed.protocol === "http:" ? "insecureUrl" : "notAUrl", key });
  return undefined;
}

/** Accepts a web page (https), this computer (http), and a URI of this extension with the scheme of any editor. */
function redirectUri(text: string, faults: SettingFault[]): string | undefined {
  const parsed = URL.canParse(text) && !text.includes("#") ? new URL(text) : undefined;
  const isUsable =
    parsed?.protocol === "https:" ||
    (parsed?.protocol === "http:" && loopback.test(parsed.hostname)) ||
    (parsed !== undefined && parsed.protocol !== "http:" && parsed.host.toLowerCase() === extensionId);
  if (isUsable) return text;
  faults.push({ kind: "notARedirectUri", key: "auth.redirectUri" });
  return undefined;
}

/** RFC 6749, section 3.3. */
function isScopes(candidate: unknown): candidate is string[] {
  const isScope = (entry: unknown) => isString(entry) && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(entry);
  return Array.isArray(candidate) && candidate.every(isScope);
}

function isLevels(candidate: unknown): candidate is number[] {
  return Array.isArray(candidate) && candidate.every((entry) => isNumber(entry) && entry >= 1 && entry <= 100);
}

function oneOf<T extends string>(...allowed: readonly T[]): (candidate: unknown) => candidate is T {
  return (candidate): candidate is T => allowed.includes(candidate as T);
}

function isNumber(candidate: unknown): candidate is number {
  return typeof candidate === "number" && Number.isFinite(candidate);
}

function isString(candidate: unknown): candidate is string {
  return typeof candidate === "string";
}

function isBoolean(candidate: unknown): candidate is boolean {
  return typeof candidate === "boolean";
}
