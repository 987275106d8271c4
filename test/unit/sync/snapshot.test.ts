import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs } from "../../../src/base/clock";
import { type Connection, knownConnections } from "../../../src/charging/connection";
import type { Problem } from "../../../src/charging/problem";
import {
  chargerTypes,
  chargingStatuses,
  type Details,
  powerStatuses,
  type Reading,
} from "../../../src/charging/reading";
import type { Vin } from "../../../src/charging/vin";
import { carEventKinds } from "../../../src/sync/carEvents";
import { Garage, type SharedState } from "../../../src/sync/garage";
import { readSnapshot, resolveSnapshot, writeSnapshot } from "../../../src/windows/stateFile";
import { schemaVersion } from "../../../src/windows/stateSchema";
import { SnapshotStore } from "../../../src/sync/snapshotStore";
import type { Failure } from "../../../src/volvo/failure";
import { RecordingLog, vinNumber } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";
import { MemoryDisk } from "../../support/memoryFolder";

const now = Date.UTC(2026, 10, 23, 8);
const keyOf = (vin: Vin) => `key-${vin.slice(-4)}`;
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
      fc.record({ kind: fc.constant("unrecognised" as const), raw: fc.string() }),
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
    minutesToTarget: measured(fc.nat()),
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
    newest: fc.dictionary(fc.constantFrom("connection", "chargerType", "power"), time),
  },
  { requiredKeys: ["connection", "details", "servedBy", "fetchedAt"] },
);
const problem = fc.constantFrom<Problem>(
  { kind: "tokenEnded" },
  { kind: "clientBlocked" },
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
);
const failure = fc.constantFrom<Failure>(
  { kind: "routeGone" },
  { kind: "routeGone", redirected: true },
  { kind: "forbidden", what: "scope" },
  { kind: "noCredentials", problem: { kind: "signInEnded" } },
  { kind: "quotaSpent", waitMs: undefined },
  { kind: "rateLimited", waitMs: 5 },
  { kind: "unavailable", status: 500 },
  { kind: "unavailable", status: 503, waitMs: 90_000 },
  { kind: "offline", certificate: false },
);
const belief = fc.record(
  { isSo: fc.boolean(), doubtedSince: time, toldAt: fc.array(time, { maxLength: 2 }) },
  { requiredKeys: ["isSo", "toldAt"] },
);
const news = fc.oneof(
  fc.record({
    id: fc.uuid(),
    kind: fc.constantFrom(...carEventKinds),
    vin: fc.constantFrom(...vins),
    at: time,
    since: time,
  }),
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
    baseline: fc.record({ plug: belief, fault: belief, done: belief, idle: belief }, { requiredKeys: [] }),
  },
  { requiredKeys: ["failures"] },
);
const state: fc.Arbitrary<SharedState> = fc
  .record({
    cars: fc.tuple(car, car, car),
    account: fc.record(
      {
        calls: fc.record({ day: fc.nat(), calls: fc.nat(20_000) }),
        hold: fc.constantFrom(
          { kind: "quotaSpent" as const, until: now },
          { kind: "rateLimited" as const, until: now },
        ),
        keyRefusals: fc.nat(),
        tokenRefusals: fc.nat(),
        workingVersion: fc.record(
          { scope: fc.string(), version: fc.constantFrom("v1" as const, "v2" as const), until: time, failure },
          { requiredKeys: ["scope", "version", "until"] },
        ),
        credentials: fc.string(),
      },
      { requiredKeys: ["calls", "keyRefusals", "tokenRefusals"] },
    ),
    checking: fc.subarray(vins),
    events: fc.array(news),
  })
  .map(({ cars, ...rest }) => ({ ...rest, cars: cars.map((each, index) => ({ ...each, vin: vins[index]! })) }));

describe("The snapshot", () => {
  it("says to every window what the leader knows, to the last detail, and names no VIN", () => {
    fc.assert(
      fc.property(state, (shared) => {
        const text = writeSnapshot(shared, {}, keyOf, { lease: 3, now });
        for (const vin of vins) assert.ok(!text.includes(vin));
        const file = readSnapshot(text);
        assert.ok(file);
        const resolved = resolveSnapshot(file, vins, keyOf);
        assert.deepEqual(resolved.state, structuredClone(shared));
        assert.deepEqual(resolved.strangers, {});
      }),
    );
  });

  it("keeps cars that a window does not know, for a month", () => {
    fc.assert(
      fc.property(state, (shared) => {
        const file = readSnapshot(writeSnapshot(shared, {}, keyOf, { lease: 1, now }));
        assert.ok(file);
        const { state: own, strangers } = resolveSnapshot(file, [vins[0]!], keyOf);
        assert.equal(own.cars.length, 1);
        assert.ok(
          own.checking.every((vin) => vin === vins[0]) &&
            own.events.every((each) => each.kind === "reminder" || each.vin === vins[0]),
        );
        const kept = (at: number) => {
          const next = readSnapshot(writeSnapshot(own, strangers, keyOf, { lease: 1, now: at }));
          return resolveSnapshot(next!, vins, keyOf).state.cars.length;
        };
        const asked = shared.cars.filter(({ attemptedAt, vin }) => vin === vins[0] || attemptedAt !== undefined);
        assert.equal(kept(now), asked.length);
        assert.equal(kept(now + 32 * dayMs), 1);
      }),
    );
  });

  it("is nothing where it is damaged, whatever is cut off or changed", () => {
    const [shared] = fc.sample(state, { numRuns: 1, seed: 7 });
    const text = writeSnapshot(shared!, {}, keyOf, { lease: 1, now });
    for (let length = 0; length < text.length; length++) assert.equal(readSnapshot(text.slice(0, length)), undefined);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, noise) => {
        const damaged = text.slice(0, at) + noise + text.slice(at + 1);
        const file = readSnapshot(damaged);
        if (file) resolveSnapshot(file, vins, keyOf);
      }),
    );
  });

  it("of another version is none, even if it looks like one of this version", () => {
    const [shared] = fc.sample(state, { numRuns: 1, seed: 7 });
    const text = writeSnapshot(shared!, {}, keyOf, { lease: 1, now });
    const own = `"schema":${schemaVersion},`;
    assert.ok(text.includes(own) && readSnapshot(text));
    for (const other of [schemaVersion - 1, schemaVersion + 1, `"${schemaVersion}"`, "null"]) {
      assert.equal(readSnapshot(text.replace(own, `"schema":${other},`)), undefined);
    }
    assert.equal(readSnapshot(text.replace(own, "")), undefined);
    assert.equal(readSnapshot("{}"), undefined);
    assert.equal(readSnapshot("null"), undefined);
  });

  it("is damaged with a time that no date can be made of, which nothing could be shown with", () => {
    const state: SharedState = {
      cars: [{ vin: vinNumber(0), failures: 0, attemptedAt: now }],
      account: { calls: { day: 0, calls: 0 }, keyRefusals: 0, tokenRefusals: 0 },
      checking: [],
      events: [],
    };
    const text = writeSnapshot(state, {}, keyOf, { lease: 1, now });
    assert.ok(readSnapshot(text));
    const attempted = `"attemptedAt":${now}`;
    assert.ok(text.includes(attempted));
    for (const at of ["-8640000000000001", "1e300"]) {
      assert.equal(readSnapshot(text.replace(attempted, `"attemptedAt":${at}`)), undefined);
    }
  });
});

describe("The file of the snapshot", () => {
  it("is not taken over from a leader that was held up over it while another wrote", async () => {
    const clock = new FakeClock();
    const folder = new MemoryDisk().open("storage");
    const keys = { current: () => Promise.resolve((car: Vin) => car), forget: () => Promise.resolve() };
    const open = () => {
      const garage = new Garage();
      garage.configure([{ vin: vins[0]! }]);
      const store = new SnapshotStore({ folder, keys, garage, clock, log: new RecordingLog(), hasShownLast: false });
      return { garage, store };
    };
    const save = async ({ garage, store }: ReturnType<typeof open>, lease: number) => {
      clock.jump(hourMs);
      garage.attempted(vins[0]!, clock.now());
      await store.save(() => Promise.resolve(lease));
      return clock.now();
    };
    const [first, second, follower] = [open(), open(), open()];
    await save(first, 4);
    const late = (await folder.read("snapshot.json"))!;
    const at = await save(second, 5);
    assert.equal(await follower.store.follow(), true);
    await folder.replace("snapshot.json", late);
    await follower.store.follow();
    assert.equal(follower.garage.car(vins[0]!)?.attemptedAt, at);
    assert.equal(follower.store.writtenAt, at);
    assert.equal(await second.store.look(), "changed", "the leader has to write again");
    const begunAnew = await save(first, 1);
    await follower.store.follow();
    assert.equal(follower.garage.car(vins[0]!)?.attemptedAt, begunAnew, "the files of the lease were deleted");
  });

  it("never carries a wait or a check of a time that lies ahead since the clock was set back", async () => {
    const clock = new FakeClock();
    const garage = new Garage();
    const [vin] = vins;
    garage.configure([{ vin: vin! }]);
    const folder = new MemoryDisk().open("storage");
    const keys = { current: () => Promise.resolve((car: Vin) => car), forget: () => Promise.resolve() };
    const store = new SnapshotStore({ folder, keys, garage, clock, log: new RecordingLog(), hasShownLast: false });
    const written = async () => {
      await store.save(() => Promise.resolve(1));
      return readSnapshot((await folder.read("snapshot.json"))!)!;
    };
    const until = clock.now() + hourMs;
    garage.attempted(vin!, clock.now());
    garage.held({ kind: "rateLimited", until }, []);
    assert.equal((await written()).account.hold?.until, until);
    clock.jump(-5 * hourMs);
    const { account, cars } = await written();
    assert.equal(account.hold, undefined);
    assert.equal(Object.values(cars)[0]?.attemptedAt, clock.now());
    store.dispose();
  });
});
