import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import type { Car } from "../../../src/charging/car";
import type { Vin } from "../../../src/charging/vin";
import { historyCommands } from "../../../src/commands/history";
import { carCommands } from "../../../src/commands/cars";
import type { DemoSwitch } from "../../../src/demo/demoSwitch";
import { SettingsHost } from "../../../src/host/settings";
import type { CarHistory } from "../../../src/history/model";
import { RecordingLog } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { commuterHistory } from "../../support/history/commuter";
import { carOf, now, vinOf } from "../present/viewStates";

const [elsa, ola] = [vinOf(1), vinOf(2)];
const nothing: CarHistory = { id: "fedcba9876543210", rows: [], sessions: [], skippedLines: 0, newerMonths: [] };

describe("The commands about the history", () => {
  let settings: SettingsHost;
  /** The deletions so far. */
  let deleted: (readonly Vin[] | "all")[];
  let isDemo: boolean;
  let histories: readonly CarHistory[];
  let cars: Car[];
  const clock = new FakeClock(now);

  beforeEach(() => {
    editor.begin();
    deleted = [];
    isDemo = false;
    cars = [carOf(1, { name: "Elsa" }), carOf(2, { name: "Ola" })];
    histories = cars.map(() => commuterHistory(now, 3));
  });

  afterEach(() => settings.dispose());

  const demoSwitch = {
    get current() {
      const history = { hasHistory: histories.length > 0, read: () => Promise.resolve(histories) };
      return { isDemo, carStore: { current: { cars } }, history };
    },
    real: {
      deleteHistory: (vins: readonly Vin[] | "all") => Promise.resolve(void deleted.push(vins)),
      history: { hasRows: (vin: Vin) => vin === elsa },
    },
  } as unknown as DemoSwitch;

  function commands(written: Readonly<Record<string, unknown>> = {}) {
    for (const [key, value] of Object.entries(written)) editor.settings.set(key, value);
    settings = new SettingsHost(new RecordingLog());
    const carOfArgument = (argument: unknown) => cars.find(({ vin }) => vin === argument);
    return historyCommands({ demoSwitch, settings, clock, carOf: carOfArgument });
  }

  /** Answers each question with the first of `choices` that it offers. */
  function choosing(...choices: readonly string[]): void {
    editor.answer = ({ items }) => choices.find((choice) => items.includes(choice));
  }

  describe("export", () => {
    const target = "/home/jan/history.csv";
    const exported = () => editor.files.get(target) ?? assert.fail("nothing was written");

    beforeEach(() => {
      editor.saveAs = () => target;
    });

    it("the chosen cars in the chosen format, to a file of the user's choice", async () => {
      choosing("Elsa", "Sessions as CSV");
      await commands().exportHistory(undefined);
      assert.match(exported(), /^vehicle,vin,/);
      assert.ok(exported().includes("Elsa,") && !exported().includes("Ola,"));
      assert.equal(editor.texts.at(-1), "The history has been exported.");
      choosing("All Cars", "Readings as CSV", "Open");
      await commands().exportHistory(undefined);
      assert.ok(exported().includes("\r\nElsa,") && exported().includes("\r\nOla,"));
      assert.deepEqual(editor.calls.at(-1), ["vscode.open", target]);
    });

    it("without asking for the car if only one has history, and offers no car without history", async () => {
      const third = carOf(3, { name: "Third" });
      const questions = () => editor.shown.map(({ items }) => items);
      cars.push(third);
      histories = [nothing, commuterHistory(now, 3), nothing];
      choosing("Sessions as CSV");
      await commands().exportHistory(undefined);
      assert.ok(exported().includes("Ola,"));
      assert.ok(!questions().flat().includes("All Cars"));
      histories = [commuterHistory(now, 3), commuterHistory(now, 3), nothing];
      editor.shown = [];
      await commands().exportHistory(undefined);
      assert.deepEqual(questions()[0], ["All Cars", "Elsa", "Ola"]);
      await commands().exportHistory(third.vin);
      assert.equal(editor.texts.at(-1), "There is no history yet. It starts with the first check.");
    });

    it("no VIN unless full VINs may be shown, and neither VIN nor name in presenter mode", async () => {
      for (const format of ["Sessions as CSV", "Sessions as CSV for Excel", "Readings as CSV", "Sessions as JSON"]) {
        choosing("All Cars", format);
        await commands().exportHistory(undefined);
        assert.ok(!exported().includes("YV1") && exported().includes("Elsa"), format);
        await commands({ "privacy.showFullVins": true }).exportHistory(undefined);
        assert.ok(exported().includes(elsa) && exported().includes(ola), format);
        await commands({ "privacy.presenterMode": true }).exportHistory(undefined);
        assert.ok(!exported().includes("YV1") && !exported().includes("Elsa"), format);
        assert.ok(exported().includes("Car 1"), format);
        editor.settings.clear();
      }
    });

    it("nothing if the user chooses nothing, and report if there is no history yet", async () => {
      await commands().exportHistory(undefined);
      choosing("All Cars");
      await commands().exportHistory(undefined);
      choosing("All Cars", "Sessions as JSON");
      editor.saveAs = () => undefined;
      await commands().exportHistory(undefined);
      assert.deepEqual([...editor.files], []);
      histories = [];
      await commands().exportHistory(undefined);
      assert.equal(editor.texts.at(-1), "There is no history yet. It starts with the first check.");
    });
  });

  describe("delete", () => {
    it("the history of one car or of all, only after a question", async () => {
      choosing("Elsa");
      await commands().deleteHistory(undefined);
      assert.match(
        editor.texts.at(-1) ?? "",
        /^Delete the history of Elsa\? This deletes all .* It can't be undone\.$/,
      );
      assert.deepEqual(deleted, []);
      choosing("Elsa", "Delete History");
      await commands().deleteHistory(undefined);
      await commands().deleteHistory(ola);
      choosing("All Cars", "Delete History");
      await commands().deleteHistory(undefined);
      assert.deepEqual(deleted, [[elsa], [ola], "all"]);
    });

    it("nothing for a car of the demo or an unknown car", async () => {
      choosing("Elsa", "Delete History");
      await commands().deleteHistory("another");
      isDemo = true;
      await commands().deleteHistory(elsa);
      assert.deepEqual(deleted, []);
      assert.equal(editor.texts.at(-1), "These cars are simulated. Stop the demo to change your own.");
    });
  });

  it("are offered by Remove Vehicle, which otherwise keeps the car's history", async () => {
    commands({ vehicles: cars.map(({ vin, name }) => ({ vin, name })) });
    const deps = { demoSwitch, settings, clock, selectedCar: () => undefined, tryOut: () => Promise.resolve() };
    const { table } = carCommands(deps);
    const remove = async (name: string, ...choices: readonly string[]) => {
      editor.shown = [];
      choosing(name, ...choices);
      await table.removeVehicle(undefined);
      return editor.shown.slice(1).map(({ text, items }) => [text.split("?")[0], ...items]);
    };
    assert.deepEqual(await remove("Ola"), [["Removed Ola.", "Undo"]]);
    const kept = ["Removed Elsa. Its history is kept.", "Undo", "Delete History"];
    assert.deepEqual(await remove("Elsa"), [kept]);
    assert.deepEqual(deleted, []);
    await settings.setVehicles(() => cars.map(({ vin, name }) => ({ vin, name })));
    const [first, second] = await remove("Elsa", "Delete History");
    assert.deepEqual([first, second], [kept, ["Delete the history of Elsa", "Delete History"]]);
    assert.deepEqual(deleted, [[elsa]]);
  });
});
