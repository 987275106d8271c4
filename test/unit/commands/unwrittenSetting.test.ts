import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { reportUnwritten } from "../../../src/commands/unwrittenSetting";
import { SettingsHost } from "../../../src/host/settings";
import { RecordingLog } from "../../support/builders/builders";

const sentence = "VS Code couldn't write settings.json: it has an error, unsaved changes, or is read-only.";

describe("A setting that VS Code cannot write", () => {
  let log: RecordingLog;
  let settings: SettingsHost;

  beforeEach(() => {
    editor.begin();
    editor.write = () => Promise.reject(new Error("Unable to write into user settings"));
    log = new RecordingLog();
    settings = new SettingsHost(log);
  });

  afterEach(() => settings.dispose());

  it("is reported in one sentence, with the file and the entry to copy into it", async () => {
    editor.answer = () => "Copy Entry";
    const vehicles = [{ vin: "YV1TEST0000000001", name: "Elsa" }];
    await reportUnwritten(() => settings.setVehicles(() => vehicles), log);
    assert.deepEqual(editor.shown, [
      { kind: "message", text: sentence, items: ["Open settings.json", "Copy Entry"], value: "" },
    ]);
    assert.equal(editor.clipboard, `"volvoCharging.vehicles": ${JSON.stringify(vehicles, undefined, 2)},`);
    assert.deepEqual(JSON.parse(`{${editor.clipboard.slice(0, -1)}}`), { "volvoCharging.vehicles": vehicles });
    assert.deepEqual(editor.executed, ["workbench.action.openSettingsJson"]);
    assert.match(log.lines.join("\n"), /volvoCharging\.vehicles could not be written.*Unable to write/);
  });

  it("has no entry to copy if it was to be removed, and nothing happens if the message is dismissed", async () => {
    await reportUnwritten(() => settings.setDemo(false), log);
    assert.deepEqual(editor.shown[0]?.items, ["Open settings.json"]);
    assert.deepEqual([editor.executed, editor.clipboard], [[], ""]);
  });

  it("stays unchanged, and is written once that is possible again", async () => {
    await reportUnwritten(() => settings.setDemo(true), log);
    assert.equal(settings.current.demo, false);
    editor.write = () => Promise.resolve();
    await reportUnwritten(() => settings.setDemo(true), log);
    assert.equal(settings.current.demo, true);
    assert.equal(editor.shown.length, 1);
  });

  it("is not reported for other errors, which the command handles", async () => {
    await assert.rejects(
      reportUnwritten(() => Promise.reject(new Error("another")), log),
      /another/,
    );
    assert.deepEqual(editor.shown, []);
    assert.equal(await reportUnwritten(() => "a result", log), "a result");
  });
});
