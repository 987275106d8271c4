import assert from "node:assert/strict";
import fc from "fast-check";
import { mergeReading, type Measured, type Reading } from "../../../src/charging/reading";
import { readCarModel, readVehicleList } from "../../../src/volvo/connectedVehicle";
import { readEnergyV1 } from "../../../src/volvo/energyV1";
import { readEnergyV2 } from "../../../src/volvo/energyV2";
import type { Result } from "../../../src/charging/failure";
import { readingOf, v1Body, v2Body } from "../../support/builders/builders";
import { TransportRig } from "../../support/builders/transport";
import { anyText } from "../../support/builders/arbitrary";
import { fixture, fixtureNames } from "../../support/fixtures";
import { turnWith } from "../../support/turn";

const now = Date.UTC(2026, 10, 23, 8);
const parsers = { v1: readEnergyV1, v2: readEnergyV2 } as const;
type Version = keyof typeof parsers;

const oddTimes = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    null,
    "2026-11-23T07:00:00.123Z",
    "2026-11-23T07:00:00.123456Z",
    "2026-11-23T07:00:00.1234567+00:00",
    "2026-11-23T09:00:00+02:00",
    "2026-11-23T08:05:00Z",
    "2026-11-23T09:00:00Z",
    "2099-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "2014-12-31T23:59:59Z",
    "2026-02-30T12:00:00Z",
    "Invalid Date",
    0,
    1_795_420_800_000,
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

const oddValues = fc.oneof(
  fc.constantFrom<unknown>(null, "", "NaN", -1, 65535, 320.0, 320.5, "320.0", "0", -0, 1e308, true, [], {}, "ERROR"),
  fc.constantFrom("CONNECTED", "DISCONNECTED", "FAULT", "UNSPECIFIED", "AC", "DC", "NONE", "CONNECTED_MCS"),
  fc.constantFrom("CONNECTION_STATUS_CONNECTED_AC", "CONNECTION_STATUS_DISCONNECTED", "CONNECTION_STATUS_X"),
  fc.constantFrom("constructor", "__proto__", "toString"),
  oddTimes,
  fc.jsonValue({ maxDepth: 2 }),
);

interface Mutation {
  /** Picks one of all positions in the response. */
  readonly place: number;
  readonly kind: "replace" | "remove" | "add";
  readonly name: string;
  readonly value: unknown;
}

const mutations = fc.array(
  fc.record<Mutation>({
    place: fc.nat(),
    kind: fc.constantFrom("replace", "replace", "replace", "remove", "add"),
    name: fc.constantFrom("extra", "status", "code", "value", "updatedAt", "error", "data", "unit"),
    value: oddValues,
  }),
  { minLength: 1, maxLength: 4 },
);

type Container = Record<string, unknown>;

function mutate(body: Container, changes: readonly Mutation[]): Container {
  const copy = structuredClone(body);
  for (const { place, kind, name, value } of changes) {
    const places = placesOf(copy);
    const at = places[place % places.length];
    if (!at) continue;
    if (kind === "replace") at.holder[at.name] = value;
    else if (kind === "remove") Reflect.deleteProperty(at.holder, at.name);
    else at.holder[name] = value;
  }
  return copy;
}

function placesOf(holder: Container): { holder: Container; name: string }[] {
  return Object.entries(holder).flatMap(([name, inner]) => {
    const isContainer = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return [{ holder, name }, ...(isContainer ? placesOf(inner as Container) : [])];
  });
}

const validBodies: readonly (readonly [Version, Container])[] = [
  ["v1", v1Body("CONNECTION_STATUS_CONNECTED_AC")],
  ["v1", v1Body("CONNECTION_STATUS_DISCONNECTED")],
  ["v2", v2Body()],
  [
    "v2",
    v2Body({ chargerConnectionStatus: { status: "OK", value: "DISCONNECTED", updatedAt: "2026-11-23T07:00:00Z" } }),
  ],
];

/** Returns true if the response itself explicitly says, in the right position, that the car is unplugged. */
function saysUnplugged(version: Version, body: unknown): boolean {
  const get = (value: unknown, name: string) =>
    typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Container)[name] : undefined;
  const isWord = (value: unknown, word: string) => typeof value === "string" && value.trim().toUpperCase() === word;
  if (version === "v1") {
    const statuses = [get(get(body, "data"), "chargingConnectionStatus"), get(body, "chargingConnectionStatus")];
    return statuses.some((status) => isWord(get(status, "value"), "CONNECTION_STATUS_DISCONNECTED"));
  }
  const status = get(body, "chargerConnectionStatus");
  const isInError = typeof get(status, "status") === "string" && isWord(get(status, "status"), "ERROR");
  const words = ["DISCONNECTED", "CONNECTION_STATUS_DISCONNECTED"];
  return !isInError && words.some((word) => isWord(get(status, "value"), word));
}

function assertHonest(version: Version, body: unknown, result: Result<Reading>): void {
  if (!result.ok) {
    assert.equal(result.failure.kind, "malformed");
    return;
  }
  const reading = result.value;
  assert.equal(reading.fetchedAt, now);
  assert.equal(reading.servedBy, version);
  if (!saysUnplugged(version, body)) assert.notEqual(reading.connection.value.kind, "disconnected");
  const measured: Measured<unknown>[] = [reading.connection, ...Object.values(reading.details as Container)] as never;
  for (const { value, measuredAt } of measured) {
    assert.ok(measuredAt === undefined || (measuredAt <= now && measuredAt >= Date.UTC(2015, 0, 1)));
    if (typeof value === "number") assert.ok(Number.isFinite(value) && value >= 0);
  }
  const before = readingOf("connectedAc", now - 60_000, { servedBy: "v1" });
  for (const last of [undefined, before, { ...before, connection: { ...before.connection, measuredAt: undefined } }]) {
    const merged = mergeReading(last, reading);
    if (!saysUnplugged(version, body)) assert.notEqual(merged.connection.value.kind, "disconnected");
    assert.deepEqual(mergeReading(merged, reading), mergeReading(mergeReading(merged, reading), reading));
  }
}

describe("an arbitrary response of Volvo", () => {
  for (const version of ["v1", "v2"] as const) {
    it(`as JSON leads to a reading or a failure, and never from missing data to unplugged (${version})`, () => {
      fc.assert(
        fc.property(fc.jsonValue(), (body) => assertHonest(version, body, parsers[version](body, now))),
        { numRuns: 300 },
      );
    });
  }

  for (const [index, [version, valid]] of validBodies.entries()) {
    it(`as a mutated valid response leads to a reading or a failure, and not to unplugged (${version}, ${index})`, () => {
      fc.assert(
        fc.property(mutations, (changes) => {
          const body = mutate(valid, changes);
          assertHonest(version, body, parsers[version](body, now));
        }),
        { numRuns: 500 },
      );
    });
  }

  it("about the connection alone changes no other part of a reading, and vice versa", () => {
    fc.assert(
      fc.property(oddValues, oddTimes, (value, updatedAt) => {
        const sound = readEnergyV2(v2Body(), now);
        const spoiled = readEnergyV2(v2Body({ chargerConnectionStatus: { status: "OK", value, updatedAt } }), now);
        assert.ok(sound.ok && spoiled.ok);
        assert.deepEqual(spoiled.value.details, sound.value.details);
        const other = readEnergyV2(v2Body({ electricRange: { status: "OK", value, updatedAt } }), now);
        assert.ok(other.ok);
        assert.deepEqual(other.value.connection, sound.value.connection);
      }),
    );
  });

  it("as bytes leads to a result of the transport and of every parser", async () => {
    const texts = fixtureNames.map((name) => fixture(name).body);
    const spoilt = fc
      .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(), anyText(4))
      .map(([text, from, length, insert]) => {
        const start = from % (text.length + 1);
        return text.slice(0, start) + insert + text.slice(start + (length % 8));
      });
    const statuses = fc.constantFrom(200, 200, 200, 203, 400, 401, 403, 404, 410, 429, 500, 503);
    let answer = { status: 200, body: "" };
    const rig = new TransportRig(() => new Response(answer.body, { status: answer.status }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(spoilt, fc.json(), fc.string()), statuses, async (body, status) => {
        answer = { status, body };
        const result = await rig.transport.get("/x", "application/json", turnWith());
        if (!result.ok) return;
        for (const parse of [readEnergyV1, readEnergyV2, readVehicleList, readCarModel]) parse(result.value, now);
      }),
      { numRuns: 300 },
    );
    assert.equal(rig.clock.pendingTimers, 0);
  });
});
