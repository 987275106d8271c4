import assert from "node:assert/strict";
import { emptyAccount } from "../../../src/charging/account";
import type { Car } from "../../../src/charging/car";
import type { UnknownReason } from "../../../src/charging/connection";
import type { Details, Reading } from "../../../src/charging/reading";
import { keysOf, saltFile } from "../../../src/windows/carKeys";
import { type FilesNow, lastKnownCars } from "../../../src/windows/lastKnown";
import { writeState } from "../../../src/windows/stateFile";
import { schemaVersion, stateFile } from "../../../src/windows/stateFileNames";
import { carGlance } from "../../../src/present/glance";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { vinNumber } from "../../support/builders/builders";
import * as scenes from "../present/scenes";

const salt = "0123456789abcdef0123456789abcdef";
const keys = keysOf(salt);

function filesWith(contents: Readonly<Record<string, string>>): FilesNow {
  return { list: () => Object.keys(contents), read: (name) => contents[name] };
}

/** The files that the windows share while they show `view`. */
function filesOf({ carStore }: ViewState): Readonly<Record<string, string>> {
  const { sharing: _, ...state } = carStore;
  const cars = carStore.cars.map(({ name: __, ...car }) => car);
  return { [saltFile]: salt, [stateFile(7)]: writeState({ ...state, cars }, {}, keys, Date.now()) };
}

const configured = (cars: readonly Car[]) =>
  cars.map(({ vin, name }) => ({ vin, ...(name !== undefined && { name }) }));

describe("The last known cars", () => {
  it("look the same in a new window as in the previous one, in every scene", () => {
    const views = { ...scenes.connections, ...scenes.times, ...scenes.details, ...scenes.several, ...scenes.problems };
    let compared = 0;
    for (const [title, view] of Object.entries(views)) {
      const cars = lastKnownCars(filesWith(filesOf(view)), configured(view.carStore.cars));
      const session = { kind: "starting" } as const;
      const before = createViewState({ ...view, session });
      const now = createViewState({
        ...view,
        session,
        carStore: { ...view.carStore, cars, account: before.carStore.account },
      });
      for (const [index, car] of now.cars.entries()) {
        const known = before.cars[index];
        if (!known?.reading) continue;
        compared++;
        assert.deepEqual(carGlance({ ...car, checking: known.checking }, now), carGlance(known, before), title);
      }
    }
    assert.ok(compared > 50, `${compared} cars compared`);
  });

  it("are told with every value that the item can show", () => {
    const [measuredAt, fetchedAt] = [1_000, 2_000];
    const reading = (changes: Partial<Reading>): Reading => ({
      connection: { value: { kind: "connectedAc" }, measuredAt },
      details: {},
      servedBy: "v2",
      fetchedAt,
      ...changes,
    });
    const unknown = (reason: UnknownReason) =>
      reading({ connection: { value: { kind: "unknown", reason }, measuredAt: undefined } });
    const details: Details = {
      batteryLevel: { value: 55, measuredAt },
      range: { value: { amount: 240, unit: "km" }, measuredAt },
      chargingStatus: { value: "charging", measuredAt: undefined },
    };
    const known: readonly Omit<Car, "vin" | "failures">[] = [
      { reading: reading({ details, servedBy: "v1" }), model: { model: "EX30", year: 2024 } },
      { reading: unknown({ kind: "unrecognized", raw: "ODD" }), problem: { kind: "rateLimited", until: 3_000 } },
      { reading: unknown({ kind: "notReported" }), model: { model: "C40" } },
      { reading: reading({ connection: { value: { kind: "fault" }, measuredAt } }), problem: { kind: "notFound" } },
    ];
    const cars = known.map((car, index): Car => ({ vin: vinNumber(index), failures: 0, ...car }));
    const state = { cars, account: emptyAccount, checking: [], events: [], jitter: 0 };
    const text = writeState(state, {}, keys, fetchedAt);
    const read = (replaced: string | RegExp = "", by = "") =>
      lastKnownCars(filesWith({ [saltFile]: salt, [stateFile(7)]: text.replace(replaced, by) }), configured(cars)).map(
        ({ vin: _, failures: __, ...car }): object => JSON.parse(JSON.stringify(car)) as object,
      );
    const plain = JSON.parse(JSON.stringify(known)) as readonly (typeof known)[number][];
    assert.deepEqual(read(), plain);
    assert.deepEqual(read('"raw":"ODD"', '"raw":7')[1], {
      ...plain[1],
      reading: JSON.parse(JSON.stringify(unknown({ kind: "unrecognized", raw: "" }))) as object,
    });
    const { range: _, ...others } = plain[0]?.reading?.details ?? {};
    for (const [replaced, by] of [
      ['"amount":240', '"amount":"240"'],
      ['"unit":"km"', '"unit":null'],
    ] as const) {
      const [first, ...rest] = read(replaced, by);
      assert.deepEqual(first, { ...plain[0], reading: { ...plain[0]?.reading, details: others } }, by);
      assert.deepEqual(rest, plain.slice(1));
    }
    const { model: __, ...withoutModel } = plain[0] ?? {};
    assert.deepEqual(read(/"model":\{"model":"EX30","year":2024\}/, '"model":null'), [withoutModel, ...plain.slice(1)]);
    const { reading: ___, ...withoutReading } = plain[0] ?? {};
    assert.deepEqual(read(`"fetchedAt":${fetchedAt}`, '"fetchedAt":1e999'), [withoutReading, ...plain.slice(1)]);
    assert.deepEqual(
      read(`"keys":"${keys?.id}"`, '"keys":"01234567"'),
      plain.map(() => ({})),
    );
  });

  it("are read from the newest of several states", () => {
    const [view] = Object.values(scenes.several);
    assert.ok(view);
    const files = filesOf(view);
    const contents = { ...files, [stateFile(6)]: "{}", [`${stateFile(8)}.tmp`]: "", "state.x.json": "" };
    const cars = lastKnownCars(filesWith(contents), configured(view.carStore.cars));
    assert.ok(cars.some(({ reading }) => reading !== undefined));
  });

  it("are unknown without readable files, and with any damaged file", () => {
    const [view] = Object.values(scenes.several);
    assert.ok(view);
    const files = filesOf(view);
    const text = files[stateFile(7)] ?? "";
    const odd: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "no files": {},
      "no salt": { [stateFile(7)]: text },
      "another salt": { ...files, [saltFile]: salt.replace("0", "1") },
      "half a file": { ...files, [stateFile(7)]: text.slice(0, -40) },
      "an empty file": { ...files, [stateFile(7)]: "" },
      "no object": { ...files, [stateFile(7)]: "[1]" },
      "another schema": { ...files, [stateFile(7)]: text.replace(`"schema":${schemaVersion}`, '"schema":99') },
      "cars that are none": { ...files, [stateFile(7)]: text.replace(/"cars":\{.*?\}\}/, '"cars":7,"rest":{"a":{}}') },
    };
    for (const [title, contents] of Object.entries(odd)) {
      const cars = lastKnownCars(filesWith(contents), configured(view.carStore.cars));
      assert.deepEqual(
        cars.map(({ reading }) => reading),
        view.carStore.cars.map(() => undefined),
        title,
      );
    }
    const throwing: FilesNow = { list: () => ["state.1.json"], read: () => assert.fail() };
    assert.equal(lastKnownCars(throwing, configured(view.carStore.cars)).length, view.carStore.cars.length);
  });

  it("are shown in the item without an error, with any odd value", () => {
    const [view] = Object.values(scenes.several);
    assert.ok(view);
    const text = filesOf(view)[stateFile(7)] ?? "";
    for (const member of ["value", "measuredAt", "fetchedAt", "kind", "until", "model", "year", "raw"]) {
      for (const odd of ["null", "[]", "{}", '""', "1e999", "true", '{"kind":"odd"}']) {
        const changed = text.replaceAll(new RegExp(`"${member}":("[^"]*"|[\\d.]+)`, "g"), `"${member}":${odd}`);
        const contents = { [saltFile]: salt, [stateFile(7)]: changed };
        const cars = lastKnownCars(filesWith(contents), configured(view.carStore.cars));
        const shown = createViewState({ ...view, carStore: { ...view.carStore, cars } });
        for (const car of shown.cars) assert.equal(typeof carGlance(car, shown).text, "string");
      }
    }
  });
});
