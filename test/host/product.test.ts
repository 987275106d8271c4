import assert from "node:assert/strict";
import vscode = require("vscode");
import { carKey } from "../../src/charging/carKey";
import { checkVin, type Vin } from "../../src/charging/vin";
import { commandId, commandNames, extensionId, section, settingDefaults, settingKeys } from "../../src/contributions";
import { parseSettings } from "../../src/settings/settings";

describe("the extension in the extension host", () => {
  before(async () => {
    await vscode.extensions.getExtension(extensionId)?.activate();
  });

  it("registers exactly the commands in the manifest", async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith(`${section}.`));
    const own = registered.filter((id) => !id.startsWith(`${section}.vehicles.`)).sort();
    assert.deepEqual(own, commandNames.map(commandId).sort());
  });

  it("has the default settings that the code expects", () => {
    const configuration = vscode.workspace.getConfiguration(section);
    for (const key of settingKeys) {
      assert.deepEqual(configuration.inspect(key)?.defaultValue, settingDefaults[key], key);
    }
    assert.deepEqual(parseSettings((key) => configuration.inspect(key)?.defaultValue).faults, []);
  });

  it("can be configured by the user only", async () => {
    const configuration = vscode.workspace.getConfiguration(section);
    for (const key of settingKeys) {
      const write = Promise.resolve(
        configuration.update(key, settingDefaults[key], vscode.ConfigurationTarget.Workspace),
      );
      await assert.rejects(write, /Workspace Settings|written only|application/i, key);
    }
  });

  it("exports nothing, so no other extension can get a token or a car", () => {
    assert.equal(vscode.extensions.getExtension(extensionId)?.exports, undefined);
  });

  it("opens diagnostics in an editor, without a secret that a setting contains by mistake", async () => {
    const configuration = vscode.workspace.getConfiguration(section);
    const owner = ["jan.karlsson", "example.com"].join("@");
    const vin = "YV1TEST0000000001";
    await configuration.update("statusBar.text", `{name} ${owner}`, vscode.ConfigurationTarget.Global);
    await configuration.update("vehicles", [vin], vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand(commandId("showDiagnostics"));
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.languageId, "markdown");
      const text = document.getText();
      for (const heading of ["Versions", "Settings", "Schedule", "Account", "Cars", "Requests of this window"]) {
        assert.ok(text.includes(`\n## ${heading}\n`), heading);
      }
      assert.ok(text.includes(vscode.version), text);
      assert.ok(text.includes("| statusBar.text |") && !text.includes(owner), text);
      assert.ok(text.includes("| vehicles | …0001 |") && !text.includes(vin), text);
    } finally {
      await configuration.update("vehicles", undefined, vscode.ConfigurationTarget.Global);
      await configuration.update("statusBar.text", undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  });

  it("changes no car if another extension calls a command with an invalid argument", async () => {
    const vin = "YV1TEST0000000001";
    const configuration = vscode.workspace.getConfiguration(section);
    await configuration.update("vehicles", [vin], vscode.ConfigurationTarget.Global);
    await vscode.env.clipboard.writeText("before");
    const named = ["x", "0123456789abcdef", vin, "<b>", "x".repeat(100_000), "__proto__", "command:quit"];
    const odd = [7, true, {}, [], ["a"], [[named]], { car: 1 }, { car: { car: {} } }, { vin }, Number.NaN];
    const all = [...named, ...named.map((car) => ({ car })), ...odd];
    const commands = ["refreshVehicle", "copyVin", "pinVehicle", "moveVehicleUp", "moveVehicleDown"] as const;
    for (const name of [...commands, "renameVehicle", "removeVehicle"] as const) {
      for (const argument of all) await vscode.commands.executeCommand(commandId(name), argument);
    }
    const after = vscode.workspace.getConfiguration(section);
    assert.deepEqual(after.get("vehicles"), [vin]);
    assert.equal(after.get("statusBar.vehicle"), "auto");
    assert.equal(await vscode.env.clipboard.readText(), "before");
    await configuration.update("vehicles", undefined, vscode.ConfigurationTarget.Global);
  });

  it("changes no setting of the user's own cars by a command on a demo car", async () => {
    const { Global } = vscode.ConfigurationTarget;
    const [own, simulated] = ["YV1TEST0000000001", "YV1DEM0EX30000001"];
    const configuration = vscode.workspace.getConfiguration(section);
    await configuration.update("vehicles", [own, "YV1TEST0000000002"], Global);
    await configuration.update("statusBar.vehicle", own, Global);
    await vscode.commands.executeCommand(commandId("startDemo"));
    const key = carKey(vinOf(simulated));
    try {
      for (let tries = 0; tries < 200 && (await vscode.env.clipboard.readText()) !== simulated; tries++) {
        await vscode.commands.executeCommand(commandId("copyVin"), key);
      }
      assert.equal(await vscode.env.clipboard.readText(), simulated, "the demo car is shown");
      for (const name of ["pinVehicle", "unpinVehicle", "renameVehicle", "removeVehicle", "moveVehicleDown"] as const) {
        await vscode.commands.executeCommand(commandId(name), key);
        const after = vscode.workspace.getConfiguration(section);
        assert.deepEqual(after.get("vehicles"), [own, "YV1TEST0000000002"], name);
        assert.equal(after.get("statusBar.vehicle"), own, name);
      }
    } finally {
      await vscode.commands.executeCommand(commandId("stopDemo"));
      await configuration.update("statusBar.vehicle", undefined, Global);
      await configuration.update("vehicles", undefined, Global);
    }
  });
});

function vinOf(text: string): Vin {
  const check = checkVin(text);
  return check.kind === "valid" ? check.vin : assert.fail(text);
}
