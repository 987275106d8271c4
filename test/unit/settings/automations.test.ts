import assert from "node:assert/strict";
import fc from "fast-check";
import { automationFaultText } from "../../../src/present/automationText";
import { parseAutomations } from "../../../src/settings/automations";
import { parseSettings } from "../../../src/settings/settings";
import { vinNumber } from "../../support/builders/builders";

const vehicles = [{ vin: vinNumber(1), name: "Elsa" }, { vin: vinNumber(2) }];
const good = { on: "fault", command: "test.run" };

function textsOf(entries: readonly unknown[]): readonly string[] {
  return parseAutomations(entries, vehicles).faults.map(automationFaultText);
}

describe("The automations in the settings", () => {
  it("are read as written, with the names of cars in any case", () => {
    const written = {
      on: "batteryLevel",
      level: 80,
      direction: "up",
      vehicle: " elsa ",
      command: "workbench.action.tasks.runTask",
      args: ["Upload", { a: [1, null] }],
      folder: "/home/jan/work",
      name: "Upload at 80 %",
    };
    const { automations, faults } = parseAutomations([good, written], vehicles);
    assert.deepEqual(faults, []);
    const [first, second] = automations.map(({ key, ...rest }) => ({ ...rest, isKey: /^[0-9a-f]{16}$/.test(key) }));
    assert.deepEqual(first, { ...good, args: [], isKey: true });
    assert.deepEqual(second, { ...written, vehicle: "elsa", isKey: true });
    const [again] = parseAutomations([{ ...written }], vehicles).automations;
    assert.equal(again?.key, automations[1]?.key, "the same entry has the same key in any position");
  });

  it("can name a car by its id, which the settings cannot check", () => {
    assert.deepEqual(textsOf([{ ...good, vehicle: "0123456789ABCDEF" }]), []);
  });

  it("are checked one by one, with one sentence per mistake", () => {
    const task = { on: "fault", command: "workbench.action.tasks.runTask", args: ["Build"] };
    const of = (reason: string) => `Entry 2 of the setting volvoCharging.automations is left out: ${reason}`;
    const events =
      "fault, connected, disconnected, chargingStarted, chargingInterrupted, chargingDone, pluggedButIdle, batteryLevel, reminder";
    const own = "volvoCharging.refresh, volvoCharging.showHistory, volvoCharging.showLog";
    const level = of("“level” must be a whole number from 1 to 100, and belongs to batteryLevel.");
    const args = of("“args” must be a list of at most 4096 bytes as JSON.");
    const unknownCar = of("“vehicle” must be the name of a configured car, or its id.");
    const needsFolder = of("a task needs “folder”, since the workspace decides what its name means.");
    const folder = of("“folder” must be an absolute path or a URI.");
    const circle: unknown[] = [];
    circle.push(circle);
    const wrong: readonly (readonly [unknown, string])[] = [
      ["fault", of("it is not an object.")],
      [[], of("it is not an object.")],
      [{ ...good, comand: "x" }, of("“comand” isn't recognized.")],
      [{ ...good, on: "plugged" }, of(`“on” must be one of these: ${events}.`)],
      [{ on: "fault" }, of("“command” must be the ID of a command.")],
      [{ on: "fault", command: "x".repeat(10_000) }, of("“command” must be the ID of a command.")],
      ...[
        "volvoCharging.signOut",
        "volvoCharging.deleteData",
        "_volvoCharging.reloadWindow",
        "volvoCharging.getStatus",
      ].map(
        (command) =>
          [{ on: "fault", command }, of(`of this extension's commands, only these can be run: ${own}.`)] as const,
      ),
      [{ ...good, on: "batteryLevel" }, level],
      [{ ...good, on: "batteryLevel", level: 0 }, level],
      [{ ...good, on: "batteryLevel", level: 80.5 }, level],
      [{ ...good, level: 80 }, level],
      [{ ...good, direction: "up" }, of("“direction” must be up or down, and belongs to batteryLevel.")],
      [{ ...good, args: "x" }, args],
      [{ ...good, args: ["x".repeat(4100)] }, args],
      [{ ...good, args: circle }, args],
      [{ ...good, args: [1n] }, args],
      [task, needsFolder],
      [{ ...task, folder: "work" }, folder],
      [{ ...task, folder: "./work" }, folder],
      [{ ...good, vehicle: "Nobody" }, unknownCar],
      [{ ...good, vehicle: "x".repeat(10_000) }, unknownCar],
      [{ ...good, name: "x".repeat(61) }, of("“name” must be a text of at most 60 characters.")],
    ];
    for (const [entry, text] of wrong) {
      const { automations, faults } = parseAutomations([good, entry, good], vehicles);
      assert.deepEqual(faults.map(automationFaultText), [text]);
      assert.equal(automations.length, 2, "the others are kept");
    }
    for (const path of ["/home/jan/work", "C:\\work", "\\\\nas\\work", "vscode-remote://ssh-remote+a/work"]) {
      assert.deepEqual(textsOf([{ ...task, folder: path }]), [], path);
    }
  });

  it("are at most twenty", () => {
    const { automations, faults } = parseAutomations(Array(21).fill(good), vehicles);
    assert.equal(automations.length, 20);
    assert.deepEqual(faults.map(automationFaultText), [
      "Only the first 20 entries of the setting volvoCharging.automations are used.",
    ]);
  });

  it("never throw, with any content", () => {
    fc.assert(
      fc.property(fc.array(fc.anything({ withBigInt: true, withMap: true })), (entries) => {
        const { automations, faults } = parseAutomations(entries, vehicles);
        assert.equal(automations.length, 0);
        assert.ok(faults.length >= Math.min(entries.length, 1));
      }),
      { numRuns: 200 },
    );
  });

  it("are a fault of the setting if they are of a wrong type", () => {
    const { automations, faults } = parseSettings((key) => (key === "automations" ? "x" : undefined));
    assert.deepEqual([automations, faults], [[], [{ kind: "wrongType", key: "automations" }]]);
  });
});
