import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Connection, UnknownReason } from "../../../src/charging/connection";
import { knownConnections } from "../../../src/charging/connection";
import type { Problem } from "../../../src/charging/problem";
import type { ChargeRecord, Details, Reading } from "../../../src/charging/reading";
import type { ViewState } from "../../../src/present/viewState";
import { carOf, chargingDetails, measured, now, viewStateOf, readingOf, vinOf } from "./viewStates";

export type Scenes = Readonly<Record<string, ViewState>>;

const volvoId = {
  kind: "volvoId",
  signInId: "s",
  label: "a…@example.com",
  scopes: [],
  signedInAt: now,
  refreshedAt: now,
} as const;

/** Scenes without cars, by cause. */
export const withoutCars: Scenes = {
  "VS Code has not told yet": viewStateOf({ session: { kind: "starting" } }),
  "nothing is set up": viewStateOf({ session: { kind: "incomplete", hasApiKey: false, hasGrant: false } }),
  "the key is there, the token is not": viewStateOf({
    session: { kind: "incomplete", hasApiKey: true, hasGrant: false },
  }),
  "set up, but no car": viewStateOf(),
  "set up, no car, and Volvo asks to wait": viewStateOf({
    carStore: { account: { ...viewStateOf().carStore.account, hold: { kind: "rateLimited", until: now + minuteMs } } },
  }),
  "the keyring lost the credentials": viewStateOf({ session: { kind: "unavailable", cause: "lost" } }),
  "VS Code gives no answer": viewStateOf({ session: { kind: "unavailable", cause: "noAnswer" } }),
  "the sign-in has ended": viewStateOf({ session: { kind: "stopped", cause: "signInEnded", account: volvoId } }),
  "signed in elsewhere": viewStateOf({ session: { kind: "stopped", cause: "signedInElsewhere", account: volvoId } }),
  "the address of the API cannot be used": viewStateOf({ settings: { "api.baseUrl": "http://example.com" } }),
};

const reasons: readonly UnknownReason[] = [
  { kind: "notReported" },
  { kind: "notSupported" },
  { kind: "noValue" },
  { kind: "unrecognized", raw: "CONNECTION_STATUS_LEVITATING" },
];

function unknown(reason: UnknownReason): Connection {
  return { kind: "unknown", reason };
}

export const connections: Scenes = Object.fromEntries([
  ...knownConnections.map((kind): [string, ViewState] => [
    kind,
    viewStateOf({ cars: [carOf(1234, { reading: readingOf(kind) })] }),
  ]),
  ...reasons.map((reason): [string, ViewState] => [
    `unknown, ${reason.kind}`,
    viewStateOf({ cars: [carOf(1234, { reading: readingOf("fault", { connection: measured(unknown(reason)) }) })] }),
  ]),
  [
    "connected, with a charger that this version does not know",
    viewStateOf({
      cars: [
        carOf(1234, {
          reading: readingOf("connected", { connection: measured({ kind: "connected", charger: "WIRELESS" }) }),
        }),
      ],
    }),
  ],
]);

function oneCar(reading: Reading, settings = {}): ViewState {
  return viewStateOf({ cars: [carOf(1234, { model: { model: "EX30", year: 2024 }, reading })], settings });
}

export const times: Scenes = {
  "measured just now": oneCar(readingOf("connectedAc", { connection: measured({ kind: "connectedAc" }, 0) })),
  "measured yesterday and stale": oneCar(
    readingOf("disconnected", { connection: measured({ kind: "disconnected" }, 26 * hourMs) }),
  ),
  "measured days ago": oneCar(readingOf("fault", { connection: measured({ kind: "fault" }, 75 * hourMs) })),
  "time unknown": oneCar(
    readingOf("connectedDc", { connection: { value: { kind: "connectedDc" }, measuredAt: undefined } }),
  ),
  "time unknown, and the answer is old": oneCar(
    readingOf("connectedDc", {
      connection: { value: { kind: "connectedDc" }, measuredAt: undefined },
      fetchedAt: now - 13 * hourMs,
    }),
  ),
  "not checked yet": viewStateOf({ cars: [carOf(1234)] }),
  "being checked for the first time": viewStateOf({ cars: [carOf(1234)], carStore: { checking: [vinOf(1234)] } }),
  "checked again while shown": viewStateOf({
    cars: [carOf(1234, { reading: readingOf("connectedAc") })],
    carStore: { checking: [vinOf(1234)] },
  }),
  "no next check is planned": viewStateOf({
    cars: [carOf(1234, { reading: readingOf("connectedAc") })],
    carStore: { nextCheckAt: undefined } as never,
  }),
};

function v2(kind: "connectedAc" | "connectedDc" | "connected" | "disconnected" | "fault", details: Details): ViewState {
  return oneCar(readingOf(kind, { servedBy: "v2", details }), { "statusBar.text": "{icon} {name} {state} {soc}" });
}

export const details: Scenes = {
  "every detail, two of them with an age of their own": v2("connectedAc", chargingDetails),
  "in miles": v2("connectedDc", {
    batteryLevel: measured(41.4),
    range: measured({ amount: 1155.2, unit: "mi" }),
    chargingStatus: measured("charging"),
    power: measured(145_500),
  }),
  "a detail without a time, beside a connection with one": v2("connectedAc", {
    batteryLevel: { value: 58, measuredAt: undefined },
  }),
  "details with a time, beside a connection without one": oneCar(
    readingOf("connectedAc", {
      servedBy: "v2",
      connection: { value: { kind: "connectedAc" }, measuredAt: undefined },
      details: { batteryLevel: measured(58, 3 * hourMs), targetLevel: { value: 90, measuredAt: undefined } },
    }),
  ),
  "the time of being done has passed": v2("connectedAc", { ...chargingDetails, minutesToTarget: measured(10) }),
  "power and time left are not shown while it does not charge": v2("connectedAc", {
    ...chargingDetails,
    chargingStatus: measured("done"),
  }),
  contradiction: v2("disconnected", chargingDetails),
};

const noPower: Details = { chargingStatus: measured("idle"), powerStatus: measured("noPowerAvailable") };

/** A car at 88 % without power, with the record of earlier readings of this plug-in. */
function charged(charge: ChargeRecord, changes: Details = {}, hasPower = false): ViewState {
  const idle = hasPower ? { chargingStatus: measured("idle" as const) } : noPower;
  const details = { ...idle, batteryLevel: measured(88), ...changes };
  return oneCar(readingOf("connectedAc", { servedBy: "v2", details, charge }));
}

/** The reasons why a car charges or does not charge (issue 3, item 5). */
export const whyNot: Scenes = {
  "plugged in, no power": v2("connected", noPower),
  "no power, and no charging status": v2("connected", { powerStatus: measured("noPowerAvailable") }),
  "no power, but nothing is plugged in": v2("disconnected", noPower),
  "target reached": v2("connectedAc", { ...noPower, batteryLevel: measured(80), targetLevel: measured(80) }),
  "a point below its target": v2("connectedAc", { ...noPower, batteryLevel: measured(79), targetLevel: measured(80) }),
  "full, without a target": v2("connectedAc", { ...noPower, batteryLevel: measured(100) }),
  "target reached a while ago": charged({ reached: { level: 90, target: 90 } }, { targetLevel: measured(90) }),
  "done by its own estimate": charged({ charged: true, reached: { level: 88 } }),
  "interrupted below its target": charged({ charged: true }, { targetLevel: measured(95) }, true),
  "interrupted, no power": charged({ charged: true }, { targetLevel: measured(95) }),
  "stopped, and nothing says why": charged({ charged: true }),
  "idle after giving power": charged({ discharged: true }, { targetLevel: measured(95) }),
  "done, from before this plug-in": oneCar(
    readingOf("connectedAc", {
      servedBy: "v2",
      pluggedInSince: now - 12 * minuteMs,
      details: { ...noPower, chargingStatus: measured("done", hourMs) },
    }),
  ),
  "power available but not started": v2("connectedAc", {
    chargingStatus: measured("idle"),
    powerStatus: measured("powerAvailableButNotActivated"),
  }),
  "starting up": v2("connectedAc", { chargingStatus: measured("idle"), powerStatus: measured("initialising") }),
  "a power fault that is none": v2("connectedAc", { chargingStatus: measured("idle"), powerStatus: measured("fault") }),
  "a power fault alone": v2("connectedAc", { powerStatus: measured("fault") }),
  "waiting for its schedule": v2("connectedAc", { chargingStatus: measured("scheduled") }),
  done: v2("connectedAc", { chargingStatus: measured("done") }),
  discharging: v2("connectedAc", { chargingStatus: measured("discharging") }),
  "fault while charging": v2("connectedAc", { chargingStatus: measured("fault") }),
  "a word for the charging status that this version does not know": v2("connectedAc", {
    chargingStatus: measured({ raw: "CHARGING_PAUSED" }),
  }),
  "a word for the power that this version does not know": v2("connectedAc", { powerStatus: measured({ raw: "WARP" }) }),
  "the same beside a charging status": v2("connectedAc", {
    chargingStatus: measured("idle"),
    powerStatus: measured({ raw: "WARP" }),
  }),
};

const until = now + 95 * minuteMs;

export const everyProblem: readonly Problem[] = [
  { kind: "outdatedWindow" },
  { kind: "apiKeyMissing" },
  { kind: "credentialsMissing" },
  { kind: "apiKeyRejected" },
  { kind: "tokenEnded" },
  { kind: "signInEnded" },
  { kind: "signedInElsewhere" },
  { kind: "secretsUnavailable", cause: "noAnswer" },
  { kind: "secretsUnavailable", cause: "lost" },
  { kind: "secretsUnavailable", cause: "noFolder" },
  { kind: "clientBlocked" },
  { kind: "clientRefused" },
  { kind: "forbidden", what: "car" },
  { kind: "forbidden", what: "scope" },
  { kind: "forbidden", what: "unspecified" },
  { kind: "notSupported" },
  { kind: "notFound" },
  { kind: "notFound", market: true },
  { kind: "requestRefused" },
  { kind: "quotaSpent", until: now + 17 * hourMs },
  { kind: "quotaSpent", until },
  { kind: "rateLimited", until: now + 65 * secondMs },
  { kind: "serviceUnavailable", cause: "keyRefused" },
  { kind: "serviceUnavailable", cause: "gone" },
  { kind: "serviceUnavailable", cause: "error", status: 503 },
  { kind: "serviceUnavailable", cause: "closed", status: 503, until: now + 12 * minuteMs },
  { kind: "offline", certificate: false },
  { kind: "offline", certificate: true },
  { kind: "timeout" },
  { kind: "intercepted" },
  { kind: "proxyLogin" },
  { kind: "malformed" },
  { kind: "misconfigured", setting: "api.baseUrl", text: "The setting is wrong. See [here](command:evil)." },
];

function problemName(problem: Problem): string {
  return Object.values(problem)
    .map((value) => String(value))
    .join(" ");
}

/** Each problem beside a reading. */
export const problems: Scenes = Object.fromEntries(
  everyProblem.map((problem) => [
    problemName(problem),
    viewStateOf({
      cars: [carOf(1234, { reading: readingOf("connectedAc"), problem, attemptedAt: now - 5_000 })],
      ...("until" in problem && { carStore: { nextCheckAt: problem.until + 3 * secondMs } }),
    }),
  ]),
);

export const problemsAlone: Scenes = {
  "not supported, nothing known": viewStateOf({
    cars: [carOf(1234, { problem: { kind: "notSupported" }, attemptedAt: now - 2 * minuteMs })],
  }),
  "offline since the start": viewStateOf({
    cars: [carOf(1234, { problem: { kind: "offline", certificate: false }, attemptedAt: now - 2 * minuteMs })],
  }),
  "a fault stays a fault while the sign-in has ended": viewStateOf({
    cars: [carOf(1234, { reading: readingOf("fault") })],
    session: { kind: "stopped", cause: "signInEnded", account: volvoId },
  }),
  "stale while Volvo's quota is spent": viewStateOf({
    cars: [
      carOf(1234, {
        reading: readingOf("disconnected", { connection: measured({ kind: "disconnected" }, 20 * hourMs) }),
      }),
    ],
    carStore: {
      account: { ...viewStateOf().carStore.account, hold: { kind: "quotaSpent", until } },
      nextCheckAt: until,
    },
  }),
  "signed out with a reading": viewStateOf({
    cars: [carOf(1234, { reading: readingOf("connectedAc") })],
    session: { kind: "incomplete", hasApiKey: true, hasGrant: false },
  }),
};

/** A window with an older version of the extension than another window. */
export const outdated: Scenes = {
  "an outdated window with its last reading": viewStateOf({
    cars: [carOf(1234, { reading: readingOf("connectedAc"), problem: { kind: "timeout" } }), carOf(5678)],
    carStore: { sharing: "newer" },
  }),
  "an outdated window without cars": viewStateOf({ carStore: { sharing: "newer" } }),
};

const carProblems = everyProblem.filter(
  ({ kind, ...more }) => ["forbidden", "notFound", "malformed"].includes(kind) && !("market" in more),
);

const kinds = ["disconnected", "connectedAc", "connectedDc", "connected", "fault"] as const;

export const twelve = Array.from({ length: 12 }, (_, index) =>
  carOf(1000 + index, {
    model: { model: ["EX30", "EX90", "EC40", "XC60 Recharge"][index % 4] ?? "", year: 2024 },
    reading: readingOf(kinds[index % kinds.length] ?? "fault", {
      connection: measured({ kind: kinds[index % kinds.length] ?? "fault" }, (index + 1) ** 3 * minuteMs),
      details: chargingDetails,
      servedBy: "v2",
    }),
  }),
);

export const several: Scenes = {
  "five cars, one per state": viewStateOf({
    cars: kinds.map((kind, index) => carOf(index, { name: `My ${kind}`, reading: readingOf(kind) })),
  }),
  "three cars with details, the second pinned": viewStateOf({
    cars: ["connectedAc", "disconnected", "connectedDc"].map((kind, index) =>
      carOf(1234 + index, {
        name: `Car of ${["Ann", "Ben", "Cem"][index] ?? ""}`,
        reading: readingOf(kind as "connectedAc", { details: chargingDetails, servedBy: "v2" }),
      }),
    ),
    settings: { "statusBar.vehicle": vinOf(1235) },
  }),
  "five cars with details, two of them with ages of their own": viewStateOf({
    cars: kinds.map((kind, index) =>
      carOf(index, {
        name: `My ${kind}`,
        reading: readingOf(kind, {
          details: index < 2 ? { ...chargingDetails, batteryLevel: measured(58, 5 * hourMs) } : chargingDetails,
          servedBy: "v2",
        }),
      }),
    ),
  }),
  "six cars, among them one for each reason for not knowing": viewStateOf({
    cars: [
      ...reasons.map((reason, index) =>
        carOf(index, { reading: readingOf("fault", { connection: measured(unknown(reason), 26 * hourMs) }) }),
      ),
      carOf(8, { reading: readingOf("fault") }),
      carOf(9),
    ],
  }),
  "twelve cars": viewStateOf({ cars: twelve }),
  "twelve cars, five kinds of problems": viewStateOf({
    cars: twelve.map((car, index) => ({
      ...car,
      problem: carProblems[index % carProblems.length]!,
    })),
  }),
  "twenty cars": viewStateOf({
    cars: Array.from({ length: 20 }, (_, index) =>
      carOf(2000 + index, { reading: readingOf(index % 7 === 6 ? "fault" : "disconnected") }),
    ),
  }),
  "twelve cars, all offline": viewStateOf({
    cars: twelve.map((car) => ({ ...car, problem: { kind: "offline", certificate: false } as const })),
  }),
};

const fortyLetters = "The red estate car of the neighbours’ son";

export const names: Scenes = {
  "forty characters": viewStateOf({ cars: [carOf(1234, { name: fortyLetters, reading: readingOf("connectedAc") })] }),
  "forty characters twice": viewStateOf({
    cars: [1234, 5678].map((tail) => carOf(tail, { name: fortyLetters, reading: readingOf("connectedAc") })),
  }),
  "right to left": viewStateOf({
    cars: [
      carOf(1234, { name: "סוסיתא", reading: readingOf("connectedAc") }),
      carOf(5678, { name: "السيارة 2", reading: readingOf("disconnected") }),
    ],
  }),
  emoji: viewStateOf({
    cars: [carOf(1234, { name: "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ⚡️ Elchmobil", reading: readingOf("connectedAc") })],
  }),
  "equal names": viewStateOf({
    cars: [1234, 5678].map((tail) => carOf(tail, { name: "Volvo", reading: readingOf("connectedAc") })),
  }),
  "equal names and equal ends of the VIN": viewStateOf({
    cars: ["A1234", "B1234"].map((tail) => carOf(tail, { reading: readingOf("connectedAc") })),
  }),
  "equal models, one of them renamed": viewStateOf({
    cars: [1234, 5678, 9012].map((tail, index) =>
      carOf(tail, {
        model: { model: "EX30", year: 2024 },
        reading: readingOf("connectedAc"),
        ...(index === 1 && { name: "Karlsson" }),
      }),
    ),
  }),
  "a name that cannot be seen": viewStateOf({
    cars: [carOf(1234, { name: "\u200b \u2800", model: { model: "EX30" }, reading: readingOf("connectedAc") })],
  }),
};

export const hostileTexts: readonly string[] = [
  "**bold** _it_ `code` ~~gone~~ # head",
  "[click](command:workbench.action.quit)",
  "[a](https://evil.example) ![b](https://evil.example/x.png)",
  "https://evil.example www.evil.example me@evil.example",
  "<img src=x onerror=alert(1)><a href='command:x'>x</a>",
  "<span style='color:red'>x</span>&lt;b&gt;&#36;(zap)",
  "$(zap)$(sync~spin) \\$(bell) $(5 EUR)",
  "| a | b |\n| - | - |\n> quote\n- item\n1. one\n\n---",
  "\u0000\u0007\u001b[31mred\r\nnext\u2028line\u0085",
  "\u202eesrever\u202c \u2066isolated \u200fmark",
  "Z̶̡̛͎̜̈́̎̕a̷̧͖̓̐l̸̗̓̆̕g̶̗̋ö́̀̉̈́̈́̈́̈́̈́̈́",
  "x".repeat(10_000),
  "{soc} {0} {1}",
];

export const hostile: Scenes = Object.fromEntries(
  hostileTexts.map((text, index) => [
    `hostile text ${String(index + 1)}, as name, model and word`,
    viewStateOf({
      cars: [
        carOf(1234, { name: text, reading: readingOf("connectedAc") }),
        carOf(5678, {
          model: { model: text },
          reading: readingOf("fault", { connection: measured(unknown({ kind: "unrecognized", raw: text })) }),
        }),
      ],
    }),
  ]),
);

const family = [
  carOf(1234, { name: "Karlsson", reading: readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" }) }),
  carOf(5678, { model: { model: "EX90", year: 2025 }, reading: readingOf("disconnected") }),
  carOf(9012, { reading: readingOf("fault") }),
];

export const modes: Scenes = {
  ordinary: viewStateOf({ cars: family }),
  "presenter mode": viewStateOf({
    cars: family,
    settings: { "privacy.presenterMode": true, "privacy.showFullVins": true },
    session: { kind: "ready", credentials: "c", account: volvoId },
  }),
  "full VINs": viewStateOf({ cars: family, settings: { "privacy.showFullVins": true } }),
  "a pinned car": viewStateOf({ cars: family, settings: { "statusBar.vehicle": vinOf(5678) } }),
  "a pinned car that is not on the list": viewStateOf({ cars: family, settings: { "statusBar.vehicle": vinOf(1) } }),
  demo: viewStateOf({ cars: family, settings: { demo: true } }),
  "a click refreshes": viewStateOf({ cars: family, settings: { "statusBar.clickAction": "refresh" } }),
  "signed in with Volvo ID": viewStateOf({
    cars: family,
    session: { kind: "ready", credentials: "c", account: volvoId },
  }),
  "a template of the user's own": viewStateOf({
    cars: [family[0] ?? carOf(1234)],
    settings: { "statusBar.text": "$(zap) {state} {soc} ({range}), {age} {count}" },
  }),
  "a template of which nothing is left": viewStateOf({
    cars: [family[2] ?? carOf(1234)],
    settings: { "statusBar.text": "{soc} {range}" },
  }),
};

const paused = { kind: "paused", since: now, until: now + 55 * minuteMs } as const;
const hold = { kind: "rateLimited", until: now + 95 * minuteMs } as const;
const offline = { kind: "offline", certificate: false } as const;

/** Pauses, and cars that are watched closely. */
export const pauses: Scenes = {
  "paused for an hour": viewStateOf({ cars: family, carStore: { mode: paused } }),
  "paused until tomorrow morning": viewStateOf({
    cars: family,
    carStore: { mode: { ...paused, until: now + 22 * hourMs + 20 * minuteMs } },
  }),
  "paused without an end": viewStateOf({ cars: family, carStore: { mode: { kind: "paused", since: now } } }),
  "paused, and the last refresh by hand has failed": viewStateOf({
    cars: [{ ...family[0]!, problem: offline }],
    carStore: { mode: paused },
  }),
  "paused, and Volvo asks to wait for longer": viewStateOf({
    cars: family,
    carStore: { mode: paused, account: { ...viewStateOf().carStore.account, hold }, nextCheckAt: hold.until },
  }),
  "paused without an end, and Volvo asks to wait": viewStateOf({
    cars: family,
    carStore: { mode: { kind: "paused", since: now }, account: { ...viewStateOf().carStore.account, hold } },
  }),
  "watching closely": viewStateOf({ cars: family, carStore: { mode: { ...paused, kind: "closely" } } }),
  "watching closely, and Volvo asks to wait": viewStateOf({
    cars: family,
    carStore: {
      mode: { ...paused, kind: "closely" },
      account: { ...viewStateOf().carStore.account, hold },
      nextCheckAt: hold.until,
    },
  }),
  "paused in the demo": viewStateOf({ cars: family, settings: { demo: true }, carStore: { mode: paused } }),
};
