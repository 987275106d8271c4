import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs } from "../../../src/base/clock";
import { type Connection, knownConnections } from "../../../src/charging/connection";
import type { Problem } from "../../../src/charging/problem";
import {
  longestChargeMinutes,
  type ChargeRecord,
  chargerTypes,
  chargingStatuses,
  type Details,
  powerStatuses,
  type Reading,
} from "../../../src/charging/reading";
import type { Vin } from "../../../src/charging/vin";
import { switchedEventKinds } from "../../../src/charging/changes";
import { emptyAccount } from "../../../src/charging/account";
import type { SharedState } from "../../../src/charging/carStoreState";
import type { Mode } from "../../../src/charging/mode";
import type { Failure } from "../../../src/charging/failure";
import { readState, resolveState, writeState } from "../../../src/windows/stateFile";
import { isHalfWritten, stateFile, turnOf } from "../../../src/windows/stateFileNames";
import { type StateFile } from "../../../src/windows/stateSchema";
import { schemaVersion } from "../../../src/windows/stateFileNames";
import { vinNumber } from "../../support/builders/builders";

const now = Date.UTC(2026, 10, 23, 8);
const keyOf = (vin: Vin) => `key-${vin.slice(-4)}`;
const keys = { id: "a salt", keyOf };
const vins = [0, 1, 2].map(vinNumber);

const time = fc.integer({ min: now - dayMs, max: now });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const measured = <T>(value: fc.Arbitrary<T>) => fc.record({ value, measuredAt: maybe(time) });
const word = <T extends string>(words: readonly T[]) =>
  fc.oneof(fc.constantFrom(...words), fc.record({ raw: fc.string() }));

const connection: fc.Arbitrary<Connection> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...knownConnections) }),
  fc.record({ kind: fc.constant("connected" as const), charger: fc.string() }),
  fc.record({
    kind: fc.constant("unknown" as const),
    reason: fc.oneof(
      fc.record({ kind: fc.constantFrom("notReported" as const, "notSupported" as const, "noValue" as const) }),
      fc.record({ kind: fc.constant("unrecognized" as const), raw: fc.string() }),
    ),
  }),
);
const details: fc.Arbitrary<Details> = fc.record(
  {
    batteryLevel: measured(fc.double({ min: 0, max: 100, noNaN: true, noDefaultInfinity: true })),
    range: measured(fc.record({ amount: fc.nat(), unit: fc.constantFrom("km" as const, "mi" as const) })),
    chargingStatus: measured(word(chargingStatuses)),
    powerStatus: measured(word(powerStatuses)),
    power: measured(fc.nat()),
    targetLevel: measured(fc.nat()),
    currentLimit: measured(fc.nat()),
    minutesToTarget: measured(fc.nat({ max: longestChargeMinutes })),
  },
  { requiredKeys: [] },
);
const percent = fc.integer({ min: 0, max: 100 });
const yes = fc.constant(true as const);
const charge: fc.Arbitrary<ChargeRecord> = fc.record(
  {
    reached: fc.record({ level: percent, target: percent }, { requiredKeys: [] }),
    charged: yes,
    discharged: yes,
    expectedEndAt: time,
    stoppedAt: time,
    unpluggedAt: time,
  },
  { requiredKeys: [] },
);
const reading: fc.Arbitrary<Reading> = fc.record(
  {
    connection: measured(connection),
    chargerType: measured(word(chargerTypes)),
    details,
    servedBy: fc.constantFrom("v1" as const, "v2" as const),
    fetchedAt: time,
    pluggedInSince: time,
    charge,
    newest: fc.dictionary(fc.constantFrom("connection", "chargerType", "power"), time),
  },
  { requiredKeys: ["connection", "details", "servedBy", "fetchedAt"] },
);
const problem = fc.constantFrom<Problem>(
  { kind: "tokenEnded" },
  { kind: "clientBlocked" },
  { kind: "clientRefused" },
  { kind: "forbidden", what: "car" },
  { kind: "quotaSpent", until: now },
  { kind: "rateLimited", until: now },
  { kind: "serviceUnavailable", cause: "gone" },
  { kind: "serviceUnavailable", cause: "keyRefused" },
  { kind: "serviceUnavailable", cause: "error", status: 503 },
  { kind: "serviceUnavailable", cause: "closed", status: 503, until: now },
  { kind: "offline", certificate: true },
  { kind: "secretsUnavailable", cause: "lost" },
  { kind: "secretsUnavailable", cause: "noFolder" },
  { kind: "misconfigured", setting: "a", text: "b" },
  { kind: "signedInElsewhere" },
  { kind: "notFound" },
  { kind: "notFound", market: true },
  { kind: "requestRefused" },
  { kind: "intercepted" },
  { kind: "proxyLogin" },
);
const failure = fc.constantFrom<Failure>(
  { kind: "routeGone" },
  { kind: "routeGone", redirected: true },
  { kind: "apiKeyRefused" },
  { kind: "tokenRefused" },
  { kind: "forbidden", what: "scope" },
  { kind: "noCredentials", problem: { kind: "signInEnded" } },
  { kind: "quotaSpent", waitMs: undefined },
  { kind: "rateLimited", waitMs: 5 },
  { kind: "unavailable", status: 500 },
  { kind: "unavailable", status: 503, waitMs: 90_000 },
  { kind: "offline", certificate: false },
  { kind: "notFound", market: true },
  { kind: "requestRefused" },
  { kind: "intercepted" },
  { kind: "proxyLogin" },
);
const belief = fc.record(
  { isTrue: fc.boolean(), doubtedSince: time, toldAt: fc.array(time, { maxLength: 2 }) },
  { requiredKeys: ["isTrue", "toldAt"] },
);
const carEventOf = <T>(own: fc.Arbitrary<T>) =>
  fc
    .tuple(own, fc.record({ id: fc.uuid(), vin: fc.constantFrom(...vins), at: time, since: time }))
    .map(([kind, event]) => ({ ...event, ...kind }));
const direction = fc.constantFrom("up" as const, "down" as const);
const notice = fc.oneof(
  carEventOf(fc.record({ kind: fc.constantFrom(...switchedEventKinds) })),
  carEventOf(fc.record({ kind: fc.constant("batteryLevel" as const), level: percent, direction })),
  fc.record({ id: fc.uuid(), kind: fc.constant("reminder" as const), at: time }),
);
const car = fc.record(
  {
    model: fc.record({ model: fc.string(), year: fc.nat() }, { requiredKeys: ["model"] }),
    modelAskedAt: time,
    reading,
    problem,
    attemptedAt: time,
    failures: fc.nat(),
    recheck: fc.boolean(),
    baseline: fc.record(
      {
        plug: belief,
        fault: belief,
        charging: belief,
        interrupted: belief,
        done: belief,
        idle: belief,
        level: fc.record({ direction, furthest: percent, last: percent }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["failures"] },
);
const mode: fc.Arbitrary<Mode> = fc.oneof(
  fc.record({ kind: fc.constant("paused" as const), since: time, until: time }, { requiredKeys: ["kind", "since"] }),
  fc.record({ kind: fc.constant("closely" as const), since: time, until: time }),
);
const state: fc.Arbitrary<SharedState> = fc
  .record({
    cars: fc.tuple(car, car, car),
    account: fc.record(
      {
        calls: fc.record(
          {
            day: fc.nat(),
            calls: fc.nat(20_000),
            others: fc.array(fc.record({ day: fc.nat(), calls: fc.nat(20_000) })),
          },
          { requiredKeys: ["day", "calls"] },
        ),
        sentAt: fc.array(time, { maxLength: 60 }),
        hold: fc.constantFrom(
          { kind: "quotaSpent" as const, until: now },
          { kind: "rateLimited" as const, until: now },
        ),
        keyRefusals: fc.nat(),
        tokenRefusals: fc.nat(),
        workingVersion: fc.record(
          {
            scope: fc.string(),
            version: fc.constantFrom("v1" as const, "v2" as const),
            until: time,
            failure,
            worked: fc.subarray(["v1" as const, "v2" as const]),
            refused: fc.record({ v2: fc.record({ count: fc.nat(), since: time, at: time }) }, { requiredKeys: [] }),
          },
          { requiredKeys: ["scope", "version", "until"] },
        ),
        credentials: fc.string(),
        generation: fc.nat(),
        signedOut: fc.constant(true as const),
        renewal: fc.record({ failures: fc.nat(), refusals: fc.nat(), since: time, until: time, problem }),
      },
      { requiredKeys: ["calls", "sentAt", "keyRefusals", "tokenRefusals"] },
    ),
    checking: fc.subarray(vins),
    events: fc.array(notice),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    sometimes: fc.record({ askedBy: fc.uuid(), nextCheckAt: time, mode, forgottenAt: time }, { requiredKeys: [] }),
  })
  .map(({ cars, sometimes, ...rest }) => ({
    ...rest,
    ...sometimes,
    cars: cars.map((each, index) => ({ ...each, vin: vins[index]! })),
  }));

/** The file with this text, which must be readable. */
function fileOf(text: string): StateFile {
  const found = readState(text);
  assert.ok(found.kind === "read", found.kind);
  return found.file;
}

describe("The file of the shared state", () => {
  it("has a name with the number of its turn, which differs from every other file name", () => {
    for (const turn of [1, 42, 999_999_999_999_999]) assert.equal(turnOf(stateFile(turn)), turn);
    const others = [
      "state.json",
      "state.0.json",
      "state.01.json",
      "state.-1.json",
      "state.1e3.json",
      "state.1.json.tmp",
    ];
    for (const name of [...others, "xstate.1.json", "state.1.jsonx", `state.${"9".repeat(16)}.json`, "salt", ""]) {
      assert.equal(turnOf(name), undefined, name);
    }
    assert.ok(isHalfWritten("state.7.json.00000000-0000-4000-8000-000000000000.tmp"));
    for (const name of ["state.7.json", "salt.1.tmp", "state.tmp", "refresh"]) assert.ok(!isHalfWritten(name), name);
  });

  it("passes the complete state of its writer to every window, and contains no VIN", () => {
    fc.assert(
      fc.property(state, (shared) => {
        const text = writeState(shared, {}, keys, now);
        for (const vin of vins) assert.ok(!text.includes(vin));
        const resolved = resolveState(fileOf(text), vins, keyOf);
        assert.deepEqual(resolved.state, structuredClone(shared));
        assert.deepEqual(resolved.otherCars, {});
      }),
    );
  });

  it("contains the time of writing and the id of the salt", () => {
    fc.assert(
      fc.property(state, (shared) => {
        const { at, keys: id } = fileOf(writeState(shared, {}, keys, now));
        assert.deepEqual([at, id], [now, "a salt"]);
      }),
    );
  });

  it("keeps cars that are not configured in the writing window, for a month", () => {
    fc.assert(
      fc.property(state, (shared) => {
        const file = fileOf(writeState(shared, {}, keys, now));
        const { state: own, otherCars } = resolveState(file, [vins[0]!], keyOf);
        assert.equal(own.cars.length, 1);
        assert.ok(
          own.checking.every((vin) => vin === vins[0]) &&
            own.events.every((each) => each.kind === "reminder" || each.vin === vins[0]),
        );
        const kept = (at: number) =>
          resolveState(fileOf(writeState(own, otherCars, keys, at)), vins, keyOf).state.cars.length;
        const asked = shared.cars.filter(({ attemptedAt, vin }) => vin === vins[0] || attemptedAt !== undefined);
        assert.equal(kept(now), asked.length);
        assert.equal(kept(now + 32 * dayMs), 1);
      }),
    );
  });

  it("keeps a car that a window does not know for 30 days after it was asked for, to the millisecond", () => {
    const stranger = { "key-0000": { failures: 0, attemptedAt: now } };
    const empty = { cars: [], account: emptyAccount, checking: [], events: [], jitter: 0 };
    const kept = (at: number) => Object.keys(fileOf(writeState(empty, stranger, keys, at)).cars);
    assert.deepEqual([kept(now + 30 * dayMs - 1), kept(now + 30 * dayMs)], [["key-0000"], []]);
  });

  it("contains no readable car if the salt of its keys is missing", () => {
    fc.assert(
      fc.property(state, (shared) => {
        const { state: own, otherCars } = resolveState(fileOf(writeState(shared, {}, keys, now)), vins, undefined);
        assert.deepEqual([own.cars, own.checking], [[], []]);
        assert.ok(own.events.every(({ kind }) => kind === "reminder"));
        assert.equal(Object.keys(otherCars).length, vins.length);
        assert.deepEqual(own.account, structuredClone(shared.account));
      }),
    );
  });

  it("needs no salt if it contains no car", () => {
    const empty = { cars: [], account: emptyAccount, checking: [], events: [], jitter: 0 };
    assert.equal(fileOf(writeState(empty, {}, undefined, now)).keys, "");
  });

  it("counts as damaged with a charging time that no car can report, which has no date of its end", () => {
    const reading: Reading = {
      connection: { value: { kind: "connectedAc" }, measuredAt: now },
      details: { minutesToTarget: { value: longestChargeMinutes, measuredAt: now } },
      servedBy: "v2",
      fetchedAt: now,
    };
    const cars = [{ vin: vins[0]!, failures: 0, reading }];
    const shared = { cars, account: emptyAccount, checking: [], events: [], jitter: 0 };
    const text = writeState(shared, {}, keys, now);
    assert.equal(readState(text).kind, "read");
    assert.equal(readState(text.replace(`"value":${longestChargeMinutes}`, '"value":1e12')).kind, "damaged");
  });

  it("counts as damaged if it is truncated, and never makes a reader throw, with any change in it", () => {
    const [shared] = fc.sample(state, { numRuns: 1, seed: 7 });
    const text = writeState(shared!, {}, keys, now);
    for (let length = 0; length < text.length; length++) {
      assert.equal(readState(text.slice(0, length)).kind, "damaged");
    }
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, noise) => {
        const found = readState(text.slice(0, at) + noise + text.slice(at + 1));
        if (found.kind === "read") resolveState(found.file, vins, keyOf);
      }),
    );
  });

  it("counts as damaged with the number of another version, except a newer version, which is recognized", () => {
    const [shared] = fc.sample(state, { numRuns: 1, seed: 7 });
    const text = writeState(shared!, {}, keys, now);
    const own = `"schema":${schemaVersion},`;
    assert.ok(text.includes(own) && readState(text).kind === "read");
    for (const other of [schemaVersion - 1, -1, `"${schemaVersion + 1}"`, "null", "{}"]) {
      assert.equal(readState(text.replace(own, `"schema":${other},`)).kind, "damaged");
    }
    assert.equal(readState(text.replace(own, `"schema":${schemaVersion + 1},`)).kind, "newer");
    assert.equal(readState(`{"schema":${schemaVersion + 9}}`).kind, "newer");
    assert.equal(readState(text.replace(own, "")).kind, "damaged");
    for (const text of ["{}", "null", "[]", "7", '""', ""]) assert.equal(readState(text).kind, "damaged", text);
  });

  it("counts as damaged with a time that is not a valid date and could not be shown", () => {
    const shared: SharedState = {
      cars: [{ vin: vinNumber(0), failures: 0, attemptedAt: now }],
      account: emptyAccount,
      checking: [],
      events: [],
      jitter: 0,
    };
    const text = writeState(shared, {}, keys, now);
    assert.equal(readState(text).kind, "read");
    const attempted = `"attemptedAt":${now}`;
    assert.ok(text.includes(attempted));
    for (const at of ["-8640000000000001", "1e300"]) {
      assert.equal(readState(text.replace(attempted, `"attemptedAt":${at}`)).kind, "damaged");
    }
  });

  it("resets an impossible count of calls", () => {
    const shared: SharedState = { cars: [], account: emptyAccount, checking: [], events: [], jitter: 0 };
    const text = writeState(shared, {}, undefined, now);
    const impossible = text.replace('"calls":{"day":0,"calls":0}', '"calls":{"day":20000,"calls":99999}');
    assert.notEqual(impossible, text);
    assert.deepEqual(fileOf(impossible).account.calls, { day: 20_000, calls: 0 });
  });
});
