import Ajv from "ajv/dist/2020";
import assert from "node:assert/strict";
import fs from "node:fs";
import { vinTail } from "../../../src/charging/vin";
import { getStatus } from "../../../src/status/getStatus";
import { findVehicle, type Status, statusOf } from "../../../src/status/status";
import { assertGolden } from "../present/golden";
import { carOf, chargingDetails, measured, now, readingOf, viewStateOf, vinOf } from "../present/viewStates";
import { everyKind, stateOf } from "./states";

const state = stateOf(everyKind);
const schema = JSON.parse(fs.readFileSync("test/unit/status/status.schema.json", "utf8")) as object;
const matches = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

function assertShape(status: Status): void {
  assert.ok(matches(JSON.parse(JSON.stringify(status))), JSON.stringify(matches.errors));
}

describe("The status for other programs", () => {
  it("matches its golden file", () => {
    assertGolden("status", JSON.stringify(statusOf(state, now), undefined, 2));
  });

  it("has the shape of version 1, in which members are only added", () => {
    assertShape(statusOf(state, now));
    assertShape(statusOf(stateOf(viewStateOf()), now));
    const [first] = statusOf(state, now).vehicles;
    for (const wrong of [{ connection: "AC" }, { stale: undefined }, { measuredAt: "12:00" }, { vin: "x" }]) {
      const status = { ...statusOf(state, now), vehicles: [{ ...first, ...wrong }] };
      assert.ok(!matches(JSON.parse(JSON.stringify(status))), JSON.stringify(wrong));
    }
  });

  it("contains no VIN, no part of one and no e-mail address, in any format, even if a name contains them", () => {
    for (const changes of [{}, { "privacy.showFullVins": true }, { "privacy.presenterMode": true }]) {
      const { carStore } = everyKind;
      const shown = stateOf(viewStateOf({ cars: carStore.cars, settings: changes }));
      for (const format of ["json", "text", "state"]) {
        const said = JSON.stringify(getStatus({ format }, shown));
        for (const { vin } of carStore.cars) {
          assert.ok(!said.includes(vin), said);
          assert.doesNotMatch(said, new RegExp(`(?<![0-9a-f])${vinTail(vin)}(?![0-9a-f])`), format);
        }
        assert.ok(!said.includes("@"), said);
      }
    }
  });

  it("has the shown names of the cars, all different, and numbers in presenter mode", () => {
    const names = (settings = {}) => {
      const view = viewStateOf({ cars: [carOf(1, { name: "Elsa" }), carOf(2), carOf(3)], settings });
      return statusOf(stateOf(view), now).vehicles.map(({ name }) => name);
    };
    assert.deepEqual(names(), ["Elsa", "Volvo", "Volvo (2)"]);
    assert.deepEqual(names({ "privacy.presenterMode": true }), ["Car 1", "Car 2", "Car 3"]);
  });

  it("has the power only while the car charges", () => {
    const powerOf = (status: "charging" | "idle") => {
      const details = { ...chargingDetails, chargingStatus: measured(status) };
      const view = viewStateOf({ cars: [carOf(1, { reading: readingOf("connectedAc", { details }) })] });
      return statusOf(stateOf(view), now).vehicles[0]?.powerW;
    };
    assert.deepEqual([powerOf("charging"), powerOf("idle")], [11_040, undefined]);
  });

  it("is under 64 kB with 100 cars of any name", () => {
    const cars = Array.from({ length: 100 }, (_, index) =>
      carOf(index, {
        name: "👩‍👩‍👧‍👦".repeat(60),
        reading: readingOf("connectedAc", { details: chargingDetails }),
        problem: { kind: "serviceUnavailable", cause: "closed", status: 503, until: now + 60_000 },
      }),
    );
    const status = statusOf(stateOf(viewStateOf({ cars })), now);
    assert.equal(status.vehicles.length, 100);
    assertShape(status);
    const bytes = Buffer.byteLength(JSON.stringify(status));
    assert.ok(bytes < 64_000, `${bytes} bytes`);
  });

  it("finds a car by its id, by its name in the status, and by its name in the settings, even in presenter mode", () => {
    const view = viewStateOf({
      cars: [carOf(1, { name: "Elsa" }), carOf(2, { name: "Ola" })],
      settings: { "privacy.presenterMode": true },
    });
    const found = (vehicle: string) => findVehicle(stateOf(view), vehicle)?.vin;
    assert.equal(found(state.idOf(vinOf(2))), vinOf(2));
    assert.equal(found("Car 2"), vinOf(2));
    assert.equal(found(" ola "), vinOf(2));
    assert.equal(found(vinOf(2)), undefined);
    assert.equal(found("0002"), undefined);
  });
});

describe("The command getStatus", () => {
  it("returns the status, for all cars or for one", () => {
    const all = getStatus(undefined, state) as Status;
    assert.deepEqual(all, statusOf(state, now));
    assert.deepEqual(getStatus(null, state), all);
    assert.deepEqual(getStatus({ vehicle: "elsa", format: "json" }, state), { ...all, vehicles: [all.vehicles[0]] });
  });

  it("returns a sentence for each car, with age, level and problem", () => {
    const text = getStatus({ format: "text" }, state) as string;
    assert.equal(text.split("\n").length, state.cars.length);
    assert.equal(text.split("\n")[0], "Elsa: Connected to an AC charger · 12 min ago · 58%");
    assert.match(text, /Not connected to a charger · 26 h ago · out of date · Volvo's service can't be reached\.$/);
  });

  it("returns the connection of the most important car as one word that tasks can compare", () => {
    assert.equal(getStatus({ format: "state" }, state), "fault");
    assert.equal(getStatus({ format: "state", vehicle: "Elsa" }, state), "connectedAc");
    assert.equal(getStatus({ format: "state" }, stateOf(viewStateOf({ cars: [carOf(1)] }))), "unknown");
  });

  it("returns nothing for an unknown car, and an empty list without cars", () => {
    assert.equal(getStatus({ vehicle: "Nobody" }, state), undefined);
    const empty = stateOf(viewStateOf());
    assert.deepEqual((getStatus({}, empty) as Status).vehicles, []);
    assert.equal(getStatus({ format: "text" }, empty), "");
    assert.equal(getStatus({ format: "state" }, empty), "");
  });

  it("refuses a wrong argument with a TypeError of one sentence", () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ format: "xml" }, /^“format” must be one of these: json, text, state\.$/],
      [{ format: null }, /^“format” must be/],
      [
        { vehicle: "x".repeat(10_000) },
        /^“vehicle” must be the name or the id of a car, with at most 60 characters\.$/,
      ],
      [{ vehicle: 7 }, /^“vehicle” must be/],
      [{ vehicle: " " }, /^“vehicle” must be/],
      [{ fromat: "text" }, /^Pass an object with only these members: vehicle, format\.$/],
      ["text", /^Pass an object/],
      [[{ format: "text" }], /^Pass an object/],
      [7, /^Pass an object/],
    ];
    for (const [argument, message] of wrong) {
      assert.throws(() => getStatus(argument, state), { name: "TypeError", message });
    }
  });
});
