import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { Emitter } from "../../../src/base/event";
import { textHash } from "../../../src/charging/carKey";
import { createRunAutomation, showAutomationFailed } from "../../../src/commands/automations";
import { createAutomationRunner } from "../../../src/host/automationRunner";
import type { DueAutomation } from "../../../src/notify/automationWatch";
import type { ViewState } from "../../../src/present/viewState";
import { parseAutomations } from "../../../src/settings/automations";
import { statusOf } from "../../../src/status/status";
import { RecordingLog } from "../../support/builders/builders";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { carOf, now, readingOf, viewStateOf, vinOf } from "../present/viewStates";
import { idOf } from "../status/states";

const written = { on: "fault", command: "other.run", args: ["a", { b: 1 }], vehicle: "Elsa", name: "Tell the team" };
const view = viewStateOf({
  cars: [carOf(1, { name: "Elsa", reading: readingOf("fault") }), carOf(2, { reading: readingOf("connectedAc") })],
});
const { automations } = parseAutomations([written], [{ vin: vinOf(1), name: "Elsa" }]);
const [automation] = automations;
assert.ok(automation);

const iso = "2026-11-23T08:40:00Z";

/** The argument that the command receives after its own arguments. */
function argumentOf(at: string, since: string) {
  const status = statusOf({ ...view, idOf }, now);
  const vehicle = { id: idOf(vinOf(1)), name: "Elsa" };
  return { version: 1, event: "fault", vehicle, at, since, status: { ...status, vehicles: [status.vehicles[0]] } };
}

describe("An automation that this window runs", () => {
  let log: RecordingLog;
  let disk: MemoryDisk;
  let due: Emitter<DueAutomation>;

  function window(): void {
    createAutomationRunner({
      onDidAutomate: due.event,
      viewState: () => view,
      folder: disk.open("automations"),
      log,
      showFailure: showAutomationFailed,
    });
  }

  async function happens(): Promise<void> {
    assert.ok(automation);
    const notice = { id: textHash("x"), kind: "fault", vin: vinOf(1), at: now - 60_000, since: now - 120_000 } as const;
    due.fire({ automation, notice, vin: vinOf(1), idOf });
    assert.equal(editor.calls.length > 0, true, "the command is called in the same turn of the event loop");
    await new Promise((resolve) => setImmediate(resolve));
  }

  beforeEach(() => {
    editor.begin();
    log = new RecordingLog();
    disk = new MemoryDisk();
    due = new Emitter();
    window();
  });

  it("calls the command with its own arguments and one event", async () => {
    await happens();
    const argument = argumentOf("2026-11-23T08:39:00Z", "2026-11-23T08:38:00Z");
    assert.deepEqual(editor.calls, [["other.run", "a", { b: 1 }, argument]]);
    assert.deepEqual(editor.texts, []);
  });

  it("reports an unknown command once over all windows, with a link to the settings", async () => {
    editor.run = (id) =>
      id === "other.run" ? Promise.reject(new Error("command 'other.run' not found")) : Promise.resolve();
    editor.answer = ({ items }) => items[0];
    await happens();
    assert.deepEqual(editor.texts, ["The automation Tell the team couldn't run: VS Code has no command other.run."]);
    assert.deepEqual(editor.calls.at(-1), ["workbench.action.openSettings", "volvoCharging.automations"]);
    await happens();
    assert.equal(editor.texts.length, 1);
    assert.equal(log.lines.filter((line) => line.includes("Tell the team failed")).length, 2);
  });

  it("reports the error of a command", async () => {
    editor.run = () => Promise.reject(new Error("as told"));
    await happens();
    const text =
      "The automation Tell the team failed: the command other.run reported an error. See the log for details.";
    assert.deepEqual(editor.texts, [text]);
  });
});

describe("Try an Automation", () => {
  let refusal: "untrusted" | "otherFolder" | undefined;
  let shown: ViewState;

  function attempt(list = automations): Promise<void> {
    return createRunAutomation({
      automations: { list: () => list, refusal: () => refusal },
      viewState: () => shown,
      idOf: () => Promise.resolve(idOf),
      log: new RecordingLog(),
    })();
  }

  beforeEach(() => {
    editor.begin();
    editor.answer = ({ kind, items }) => (kind === "pick" ? items[0] : undefined);
    refusal = undefined;
    shown = view;
  });

  it("runs the chosen one with a sample event about its car, and confirms it", async () => {
    await attempt();
    assert.deepEqual(editor.shown[0]?.items, ["Tell the team"]);
    assert.deepEqual(editor.calls, [["other.run", "a", { b: 1 }, argumentOf(iso, iso)]]);
    assert.deepEqual(editor.statusBar, ["$(check) Ran: Tell the team"]);
  });

  it("uses a car of the demo while that is shown, because its cars have other names", async () => {
    shown = viewStateOf({
      cars: [carOf(9, { name: "EX30", reading: readingOf("connectedDc") })],
      settings: { demo: true },
    });
    await attempt();
    const { status } = editor.calls[0]?.[3] as { status: { demo: boolean; vehicles: { name: string }[] } };
    assert.deepEqual([status.demo, status.vehicles[0]?.name], [true, "EX30"]);
  });

  it("says what is wrong if none of the automations in the settings can be used", async () => {
    const text = "Entry 1 of automations is left out.";
    const fault = { kind: "automation", key: "automations", text } as const;
    shown = { ...view, settings: { ...view.settings, faults: [fault] } };
    await attempt([]);
    assert.deepEqual(
      editor.shown.map((each) => each.text),
      [text],
    );
  });

  it("runs nothing and reports the reason in a window that may not run it, without automations, and without cars", async () => {
    refusal = "untrusted";
    await attempt();
    refusal = "otherFolder";
    await attempt(automations.map((each) => ({ ...each, folder: "/work" })));
    refusal = undefined;
    await attempt([]);
    shown = viewStateOf();
    await attempt();
    assert.deepEqual(editor.calls, []);
    const said = editor.shown.filter(({ kind }) => kind === "message").map(({ text }) => text);
    assert.deepEqual(said, [
      "Automations run only in windows that you trust.",
      "This automation runs only in a window with the folder /work.",
      "There are no automations in the settings yet.",
      "There is no car for this automation.",
    ]);
  });

  it("reports an unknown command at each attempt", async () => {
    editor.run = () => Promise.reject(new Error("command 'other.run' not found"));
    await attempt();
    await attempt();
    assert.equal(editor.texts.filter((text) => text.includes("VS Code has no command other.run.")).length, 2);
  });
});
