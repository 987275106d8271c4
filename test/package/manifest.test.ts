import assert from "node:assert/strict";
import { colorIds } from "../../src/contributions";
import { statusBar } from "../../src/present/statusBar";
import { type Row, tree } from "../../src/present/tree";
import { modes, problems } from "../unit/present/scenes";
import { type Manifest, readManifest, type Setting } from "./manifest";
import { manifestFaults } from "./manifestFaults";

type Draft<T> = T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;

const broken: Readonly<Record<string, (manifest: Draft<Manifest>) => void>> = {
  "a command that nobody handles": ({ contributes }) =>
    void contributes.commands.push({ command: "volvoCharging.fly", title: "Fly", category: "Volvo Charging" }),
  "a command that is missing": ({ contributes }) => void contributes.commands.shift(),
  "a command that stands twice": ({ contributes }) => void contributes.commands.push(contributes.commands[0]!),
  "another title": ({ contributes }) => void (contributes.commands[0]!.title = "Connect"),
  "no category": ({ contributes }) => void delete contributes.commands[0]!.category,
  "a setting that nobody reads": ({ contributes }) =>
    void (contributes.configuration.properties["volvoCharging.x"] = settingOf(contributes, "demo")),
  "a setting that is missing": ({ contributes }) =>
    void delete contributes.configuration.properties["volvoCharging.demo"],
  "another default": ({ contributes }) => void (settingOf(contributes, "refreshInterval").default = 301),
  "a default of another type": ({ contributes }) => void (settingOf(contributes, "demo").default = "false"),
  "a setting that a workspace may set": ({ contributes }) =>
    void (settingOf(contributes, "api.baseUrl").scope = "window"),
  "a setting without a scope": ({ contributes }) => void delete settingOf(contributes, "staleAfter").scope,
  "VINs in Settings Sync": ({ contributes }) => void delete settingOf(contributes, "vehicles").ignoreSync,
  "a setting that wrongly stays behind": ({ contributes }) =>
    void (settingOf(contributes, "staleAfter").ignoreSync = true),
  "an enumeration with a description too few": ({ contributes }) =>
    void settingOf(contributes, "apiVersion").enumDescriptions?.pop(),
  "another view": ({ contributes }) => void (contributes.views["volvoCharging"]![0]!.id = "volvoCharging.cars"),
  "a picture that is not there": ({ contributes }) =>
    void (contributes.viewsContainers.activitybar[0]!.icon = "no.svg"),
  "a welcome view too few": ({ contributes }) => void contributes.viewsWelcome.pop(),
  "a welcome view for a cause that there is not": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.when = "volvoCharging.welcome == never"),
  "a link to a command that there is not": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.contents += "[x](command:volvoCharging.fly)"),
  "a link to somebody else's command": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.contents += "[x](command:workbench.action.quit)"),
  "a link that is not https": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.contents += "[x](http://example.com)"),
  "an icon with another's code point": ({ contributes }) =>
    void (contributes.icons["volvo-charging-ac"]!.default.fontCharacter = "\\E002"),
  "a font that is not there": ({ contributes }) =>
    void (contributes.icons["volvo-charging-ac"]!.default.fontPath = "./media/none.woff"),
  "an icon that is missing": ({ contributes }) => void delete contributes.icons["volvo-charging-dc"],
  "a color that nobody uses": ({ contributes }) =>
    void contributes.colors.push({ ...contributes.colors[0]!, id: "volvoCharging.purple" }),
  "a color without a theme": ({ contributes }) => void delete contributes.colors[0]!.defaults["highContrastLight"],
  "a menu with a command that there is not": ({ contributes }) =>
    void contributes.menus["view/title"]!.push({ command: "volvoCharging.fly" }),
  "a condition on a context key that nobody sets": ({ contributes }) =>
    void (contributes.menus["view/title"]![0]!.when = "volvoCharging.never"),
  "a condition on another view": ({ contributes }) =>
    void (contributes.menus["view/title"]![0]!.when = "view == explorer"),
  "an enablement by a key that nobody sets": ({ contributes }) =>
    void (contributes.commands[0]!.enablement = "!volvoCharging.never"),
  "a walkthrough step without its picture": ({ contributes }) =>
    void (contributes.walkthroughs![0]!.steps[0]!.media.svg = "media/walkthrough/none.svg"),
  "a walkthrough step that is done by a key that nobody sets": ({ contributes }) =>
    void contributes.walkthroughs![0]!.steps[0]!.completionEvents.push("onContext:volvoCharging.never"),
  "a walkthrough step that is done by a setting that there is not": ({ contributes }) =>
    void contributes.walkthroughs![0]!.steps[4]!.completionEvents.push("onSettingChanged:volvoCharging.never"),
  "a walkthrough that nothing opens": ({ contributes }) => void (contributes.walkthroughs![0]!.id = "start"),
  "another publisher": (manifest) => void (manifest.publisher = "somebody"),
};

function settingOf(contributes: Draft<Manifest>["contributes"], key: string): Draft<Setting> {
  const setting = contributes.configuration.properties[`volvoCharging.${key}`];
  assert.ok(setting, key);
  return setting;
}

describe("the manifest", () => {
  it("equals contributions.ts both ways, and the rules for commands, settings, menus and links", () => {
    assert.deepEqual(manifestFaults(readManifest()), []);
  });

  for (const [what, breakIt] of Object.entries(broken)) {
    it(`is found at fault for ${what}`, () => {
      const manifest = readManifest() as Draft<Manifest>;
      breakIt(manifest);
      assert.notDeepEqual(manifestFaults(manifest), []);
    });
  }

  it("runs where it should: beside the user, in untrusted and virtual workspaces, from VS Code 1.104 on", () => {
    const manifest = readManifest();
    assert.equal(manifest.displayName, "Volvo Charging Status");
    assert.equal(manifest.engines["vscode"], "^1.104.0");
    assert.deepEqual(manifest.extensionKind, ["ui", "workspace"]);
    assert.deepEqual([...manifest.activationEvents].sort(), ["onStartupFinished", "onUri"]);
    assert.deepEqual(manifest.capabilities, { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
  });

  it("gives each state a colour of its own in every theme", () => {
    const { colors } = readManifest().contributes;
    for (const theme of ["dark", "light", "highContrast", "highContrastLight"]) {
      const used = colors.map(({ defaults }) => defaults[theme]);
      assert.equal(new Set(used).size, Object.keys(colorIds).length, `${theme}: ${used.join(", ")}`);
    }
  });

  it("offers in the view's menu all that it has no other place for", () => {
    const offered = (readManifest().contributes.menus["view/title"] ?? []).map(({ command }) => command);
    const names = ["openSettings", "showLog", "showDiagnostics", "deleteData", "testConnection", "openWalkthrough"];
    for (const name of names) assert.ok(offered.includes(`volvoCharging.${name}`), name);
  });

  it("offers nothing that changes the list of cars while the demo's are shown", () => {
    const { commands, menus } = readManifest().contributes;
    const names = ["addVehicle", "findVehicles", "renameVehicle", "removeVehicle", "pinVehicle", "unpinVehicle"];
    for (const id of [...names, "moveVehicleUp", "moveVehicleDown"].map((name) => `volvoCharging.${name}`)) {
      assert.equal(commands.find(({ command }) => command === id)?.enablement, "!volvoCharging.demo", id);
      for (const { command, when = "" } of Object.values(menus).flat()) {
        if (command === id) assert.ok(when.endsWith(" && !volvoCharging.demo"), `${id}: ${when}`);
      }
    }
  });

  it("offers each item of the context menu on rows that there are", () => {
    const rows = Object.values({ ...modes, ...problems }).flatMap((picture) => {
      assert.ok(statusBar(picture));
      return tree(picture).flatMap((row): readonly Row[] => [row, ...row.children]);
    });
    const contexts = [...new Set(rows.map(({ context }) => context))];
    for (const { command, when = "" } of readManifest().contributes.menus["view/item/context"] ?? []) {
      const pattern = /viewItem =~ \/(.*)\//.exec(when)?.[1];
      assert.ok(pattern !== undefined, `${String(command)}: ${when}`);
      assert.ok(
        contexts.some((context) => new RegExp(pattern).test(context)),
        `${String(command)}: no row is ${pattern}`,
      );
    }
  });
});
