import assert from "node:assert/strict";
import { colorIds } from "../../src/contributions";
import type { Row } from "../../src/present/row";
import { statusBar } from "../../src/present/statusBar";
import { placeholders } from "../../src/present/template";
import { tree } from "../../src/present/tree";
import { modes, problems } from "../unit/present/scenes";
import { type Manifest, readManifest, type Setting } from "./manifest";
import { manifestFaults } from "./manifestFaults";

type Draft<T> = T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;

const broken: Readonly<Record<string, (manifest: Draft<Manifest>) => void>> = {
  "a command without a handler": ({ contributes }) =>
    void contributes.commands.push({ command: "volvoCharging.fly", title: "Fly", category: "Volvo Charging" }),
  "a missing command": ({ contributes }) => void contributes.commands.shift(),
  "a duplicate command": ({ contributes }) => void contributes.commands.push(contributes.commands[0]!),
  "a different title": ({ contributes }) => void (contributes.commands[0]!.title = "Connect"),
  "a missing category": ({ contributes }) => void delete contributes.commands[0]!.category,
  "an unused setting": ({ contributes }) =>
    void (contributes.configuration[0]!.properties["volvoCharging.x"] = settingOf(contributes, "demo")),
  "a missing setting": ({ contributes }) => void delete contributes.configuration[0]!.properties["volvoCharging.demo"],
  "a different default": ({ contributes }) => void (settingOf(contributes, "refreshInterval").default = 301),
  "a default of the wrong type": ({ contributes }) => void (settingOf(contributes, "demo").default = "false"),
  "a setting that a workspace can change": ({ contributes }) =>
    void (settingOf(contributes, "api.baseUrl").scope = "window"),
  "a setting without a scope": ({ contributes }) => void delete settingOf(contributes, "staleAfter").scope,
  "VINs in Settings Sync": ({ contributes }) => void delete settingOf(contributes, "vehicles").ignoreSync,
  "a setting wrongly excluded from Settings Sync": ({ contributes }) =>
    void (settingOf(contributes, "staleAfter").ignoreSync = true),
  "an enumeration with a missing description": ({ contributes }) =>
    void settingOf(contributes, "apiVersion").enumDescriptions?.pop(),
  "a different view": ({ contributes }) => void (contributes.views["volvoCharging"]![0]!.id = "volvoCharging.cars"),
  "a missing icon of the view container": ({ contributes }) =>
    void (contributes.viewsContainers.activitybar[0]!.icon = "no.svg"),
  "a missing welcome view": ({ contributes }) => void contributes.viewsWelcome.pop(),
  "a welcome view for an unknown cause": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.when = "volvoCharging.welcome == never"),
  "a link to an unknown command": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.contents += "[x](command:volvoCharging.fly)"),
  "a link to another extension's command": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.contents += "[x](command:workbench.action.quit)"),
  "a link that is not https": ({ contributes }) =>
    void (contributes.viewsWelcome[0]!.contents += "[x](http://example.com)"),
  "an icon with another icon's code point": ({ contributes }) =>
    void (contributes.icons["volvo-charging-ac"]!.default.fontCharacter = "\\E002"),
  "a missing font": ({ contributes }) =>
    void (contributes.icons["volvo-charging-ac"]!.default.fontPath = "./media/none.woff"),
  "a missing icon": ({ contributes }) => void delete contributes.icons["volvo-charging-dc"],
  "an unused color": ({ contributes }) =>
    void contributes.colors.push({ ...contributes.colors[0]!, id: "volvoCharging.purple" }),
  "a color without a value for one theme": ({ contributes }) =>
    void delete contributes.colors[0]!.defaults["highContrastLight"],
  "a menu with an unknown command": ({ contributes }) =>
    void contributes.menus["view/title"]!.push({ command: "volvoCharging.fly" }),
  "a condition on a context key that is never set": ({ contributes }) =>
    void (contributes.menus["view/title"]![0]!.when = "volvoCharging.never"),
  "a condition on another extension's view": ({ contributes }) =>
    void (contributes.menus["view/title"]![0]!.when = "view == explorer"),
  "an enablement by a key that is never set": ({ contributes }) =>
    void (contributes.commands[0]!.enablement = "!volvoCharging.never"),
  "a walkthrough step without its image": ({ contributes }) =>
    void (contributes.walkthroughs![0]!.steps[0]!.media.svg = "media/walkthrough/none.svg"),
  "a walkthrough step completed by a key that is never set": ({ contributes }) =>
    void contributes.walkthroughs![0]!.steps[0]!.completionEvents.push("onContext:volvoCharging.never"),
  "a walkthrough step completed by an unknown setting": ({ contributes }) =>
    void contributes.walkthroughs![0]!.steps[4]!.completionEvents.push("onSettingChanged:volvoCharging.never"),
  "a walkthrough that nothing opens": ({ contributes }) => void (contributes.walkthroughs![0]!.id = "start"),
  "a different publisher": (manifest) => void (manifest.publisher = "somebody"),
};

function settingOf(contributes: Draft<Manifest>["contributes"], key: string): Draft<Setting> {
  const setting = contributes.configuration.find(({ properties }) => `volvoCharging.${key}` in properties)?.properties[
    `volvoCharging.${key}`
  ];
  assert.ok(setting, key);
  return setting;
}

describe("the manifest", () => {
  it("matches contributions.ts in both directions, and the rules for commands, settings, menus and links", () => {
    assert.deepEqual(manifestFaults(readManifest()), []);
  });

  for (const [what, breakIt] of Object.entries(broken)) {
    it(`fails the check with ${what}`, () => {
      const manifest = readManifest() as Draft<Manifest>;
      breakIt(manifest);
      assert.notDeepEqual(manifestFaults(manifest), []);
    });
  }

  it("runs as a UI extension, in untrusted and virtual workspaces, from VS Code 1.104 on", () => {
    const manifest = readManifest();
    assert.equal(manifest.displayName, "Volvo Charging Status");
    assert.equal(manifest.engines["vscode"], "^1.104.0");
    assert.deepEqual(manifest.extensionKind, ["ui", "workspace"]);
    const events = ["onStartupFinished", "onUri", "onWebviewPanel:volvoCharging.history"];
    assert.deepEqual([...manifest.activationEvents].sort(), events);
    assert.deepEqual(manifest.capabilities, { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
  });

  it("gives each state its own color in every theme", () => {
    const { colors } = readManifest().contributes;
    for (const theme of ["dark", "light", "highContrast", "highContrastLight"]) {
      const used = colors.map(({ defaults }) => defaults[theme]);
      assert.equal(new Set(used).size, Object.keys(colorIds).length, `${theme}: ${used.join(", ")}`);
    }
  });

  it("offers in the view's menu every action that no other menu offers", () => {
    const offered = (readManifest().contributes.menus["view/title"] ?? []).map(({ command }) => command);
    const names = [
      "showHistory",
      "openSettings",
      "showLog",
      "showDiagnostics",
      "deleteData",
      "testConnection",
      "openWalkthrough",
    ];
    for (const name of names) assert.ok(offered.includes(`volvoCharging.${name}`), name);
  });

  it("offers no command that changes the car list while the demo is on", () => {
    const { commands, menus } = readManifest().contributes;
    const names = [
      "addVehicle",
      "findVehicles",
      "renameVehicle",
      "changeVin",
      "removeVehicle",
      "pinVehicle",
      "unpinVehicle",
    ];
    for (const id of [...names, "moveVehicleUp", "moveVehicleDown"].map((name) => `volvoCharging.${name}`)) {
      assert.equal(commands.find(({ command }) => command === id)?.enablement, "!volvoCharging.demo", id);
      for (const { command, when = "" } of Object.values(menus).flat()) {
        if (command === id) assert.ok(when.endsWith(" && !volvoCharging.demo"), `${id}: ${when}`);
      }
    }
  });

  it("offers each context menu item only on existing kinds of row", () => {
    const rows = Object.values({ ...modes, ...problems }).flatMap((view) => {
      assert.ok(statusBar(view));
      return tree(view).flatMap((row): readonly Row[] => [row, ...row.children]);
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

  it("groups the settings, each group in its own order, and links them to the commands that fill them", () => {
    const groups = readManifest().contributes.configuration;
    assert.deepEqual(
      groups.map(({ title }) => title),
      ["Vehicles", "Status Bar", "Checking", "Notifications", "History", "Privacy", "Advanced"],
    );
    for (const { properties } of groups) {
      const orders = Object.values(properties).map(({ order }) => order);
      assert.deepEqual(
        orders,
        [...orders.keys()].map((place) => place + 1),
      );
    }
    const links = groups
      .flatMap(({ properties }) => Object.values(properties))
      .flatMap(({ markdownDescription = "" }) => [...markdownDescription.matchAll(/\(command:(\S+)\)/g)])
      .map(([, command]) => command);
    const commands = ["addVehicle", "findVehicles", "pinVehicle", "runAutomation", "signIn"];
    assert.deepEqual(links.sort(), commands.map((name) => `volvoCharging.${name}`).sort());
  });

  it("refuses in the settings editor a text for the status bar with an unknown placeholder, and no other text", () => {
    const settings = readManifest().contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
    const { pattern } = Object.fromEntries(settings)["volvoCharging.statusBar.text"]!;
    assert.ok(pattern !== undefined);
    const isAccepted = (text: string) => new RegExp(pattern, "u").test(text);
    for (const placeholder of placeholders) assert.ok(isAccepted(`{icon} a\n{${placeholder}}`), placeholder);
    for (const text of ["", "Volvo", "{}", "{ name }", "{{name}}", "{1}", "{name"]) assert.ok(isAccepted(text), text);
    for (const text of ["{nam}", "{names}", "{Name}", "{icon}\n{km}", "{{x}}"]) assert.ok(!isAccepted(text), text);
  });

  it("hides commands of cars in the palette while there is none, and never those that people search for", () => {
    const hidden = readManifest().contributes.menus["commandPalette"]?.map(({ command }) => command) ?? [];
    for (const name of ["renameVehicle", "removeVehicle", "moveVehicleUp", "copyVin", "refreshVehicle", "pinVehicle"]) {
      assert.ok(hidden.includes(`volvoCharging.${name}`), name);
    }
    const searched = ["connect", "setApiKey", "setAccessToken", "signIn", "testConnection", "showLog", "openSettings"];
    for (const name of [...searched, "refresh", "addVehicle", "showDiagnostics", "deleteData", "openWalkthrough"]) {
      assert.ok(!hidden.includes(`volvoCharging.${name}`), name);
    }
  });
});
