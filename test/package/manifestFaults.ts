import fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { glyphs } from "../../scripts/glyphs";
import {
  authenticationProvider,
  colorIds,
  commandId,
  type CommandName,
  commandNames,
  contextKeys,
  extensionId,
  iconIds,
  section,
  settingDefaults,
  type SettingKey,
  settingKeys,
  viewContainerId,
  viewId,
  walkthrough,
  type WelcomeCause,
} from "../../src/contributions";
import type { Manifest, MenuItem, Setting } from "./manifest";

/** The titles of the commands. */
const titles: Readonly<Record<CommandName, string> & Record<string, string>> = {
  connect: "Connect My Car…",
  refresh: "Refresh",
  refreshVehicle: "Refresh This Vehicle",
  setApiKey: "Set VCC API Key…",
  setAccessToken: "Set Access Token…",
  signIn: "Sign In with Volvo ID…",
  signOut: "Sign Out",
  addVehicle: "Add Vehicle…",
  findVehicles: "Find My Vehicles",
  renameVehicle: "Rename Vehicle…",
  changeVin: "Change VIN…",
  removeVehicle: "Remove Vehicle",
  pinVehicle: "Show in Status Bar",
  unpinVehicle: "Stop Showing in Status Bar",
  moveVehicleUp: "Move Up",
  moveVehicleDown: "Move Down",
  copyVin: "Copy VIN",
  togglePresenterMode: "Toggle Presenter Mode",
  testConnection: "Test Connection",
  pausePolling: "Pause Checking…",
  resumePolling: "Resume Checking",
  watchClosely: "Watch Closely…",
  openWalkthrough: "Open Walkthrough",
  startDemo: "Start Demo",
  stopDemo: "Stop Demo",
  showLog: "Show Log",
  showDiagnostics: "Show Diagnostics",
  showHistory: "Show History",
  exportHistory: "Export History…",
  deleteHistory: "Delete History…",
  deleteData: "Delete All Stored Data…",
  openSettings: "Open Settings",
  getStatus: "Get Status",
  runAutomation: "Try an Automation…",
};

const welcomeCauses = Object.keys({
  setUp: true,
  noCar: true,
  signInEnded: true,
  secretsLost: true,
  misconfigured: true,
} satisfies Readonly<Record<Exclude<WelcomeCause, "none">, true>>);

const commands = new Set<string>(commandNames.map(commandId));

/** Lists every difference between the manifest, `contributions.ts`, the files it names, and the rules for settings. */
export function manifestFaults(manifest: Manifest): readonly string[] {
  const { contributes } = manifest;
  return [
    ...differences("extension", [`${manifest.publisher}.${manifest.name}`], [extensionId]),
    ...commandFaults(contributes.commands),
    ...settingFaults(
      Object.fromEntries(contributes.configuration.flatMap(({ properties }) => Object.entries(properties))),
    ),
    ...viewFaults(contributes),
    ...iconFaults(contributes.icons),
    ...colorFaults(contributes.colors),
    ...clauseFaults(manifest),
    ...linkFaults(manifest),
    ...walkthroughFaults(contributes),
    ...differences(
      "authentication provider",
      (contributes.authentication ?? []).map(({ id, label }) => `${id} ${label}`),
      [`${authenticationProvider.id} ${authenticationProvider.label}`],
    ),
    ...missingFiles([manifest.icon]),
  ];
}

function differences(what: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  return [
    ...found.filter((id, index) => found.indexOf(id) !== index).map((id) => `${what} is duplicated: ${id}`),
    ...found.filter((id) => !wanted.includes(id)).map((id) => `${what} is not in contributions.ts: ${id}`),
    ...wanted.filter((id) => !found.includes(id)).map((id) => `${what} is not in the manifest: ${id}`),
  ];
}

function missingFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => !fs.existsSync(file)).map((file) => `no such file: ${file}`);
}

function commandFaults(found: Manifest["contributes"]["commands"]): readonly string[] {
  return [
    ...differences(
      "command",
      found.map(({ command }) => command),
      [...commands],
    ),
    ...found.flatMap(({ command, title, category }) => {
      const wanted = titles[command.slice(section.length + 1)];
      return [
        ...(category === "Volvo Charging" ? [] : [`category of ${command}: ${String(category)}`]),
        ...(title === wanted ? [] : [`title of ${command}: ${title}`]),
      ];
    }),
  ];
}

function settingFaults(found: Readonly<Record<string, Setting>>): readonly string[] {
  const wanted = settingKeys.map((key) => `${section}.${key}`);
  return [
    ...differences("setting", Object.keys(found), wanted),
    ...Object.entries(found).flatMap(([id, setting]) => {
      const key = id.slice(section.length + 1) as SettingKey;
      const staysHere = /^(?:vehicles|statusBar\.vehicle|demo|automations|api\..+|auth\..+)$/.test(key);
      const { enum: values, enumDescriptions = values } = setting;
      return [
        ...(setting.scope === "application" ? [] : [`scope of ${id}: ${String(setting.scope)}`]),
        ...((setting.ignoreSync ?? false) === staysHere ? [] : [`ignoreSync of ${id}`]),
        ...(isDeepStrictEqual(setting.default, settingDefaults[key]) ? [] : [`default of ${id}`]),
        ...(setting.type === undefined ? [`type of ${id}`] : []),
        ...((setting.description ?? setting.markdownDescription ?? "") === "" ? [`description of ${id}`] : []),
        ...(values?.length === enumDescriptions?.length ? [] : [`enumDescriptions of ${id}`]),
      ];
    }),
  ];
}

function viewFaults({ viewsContainers, views, viewsWelcome }: Manifest["contributes"]): readonly string[] {
  const all = Object.values(views).flat();
  const causes = viewsWelcome.map(({ when = "" }) => /^volvoCharging\.welcome == (\w+)$/.exec(when)?.[1] ?? when);
  return [
    ...differences(
      "view container",
      viewsContainers.activitybar.map(({ id }) => id),
      [viewContainerId],
    ),
    ...differences("container with views", Object.keys(views), [viewContainerId]),
    ...differences(
      "view",
      all.map(({ id, name }) => `${id} ${name}`),
      [`${viewId} Vehicles`],
    ),
    ...differences("welcome view", causes, welcomeCauses),
    ...viewsWelcome.filter(({ view }) => view !== viewId).map(({ view }) => `welcome view of another view: ${view}`),
    ...missingFiles([...viewsContainers.activitybar, ...all].flatMap(({ icon }) => icon ?? [])),
  ];
}

function iconFaults(icons: Manifest["contributes"]["icons"]): readonly string[] {
  const ids = glyphs.map(({ id }) => id);
  return [
    ...differences("icon", Object.keys(icons), Object.values(iconIds)),
    ...differences("glyph", ids, Object.values(iconIds)),
    ...Object.entries(icons).flatMap(([id, { default: definition }]) => {
      const codePoint =
        glyphs
          .find((glyph) => glyph.id === id)
          ?.codePoint.toString(16)
          .toUpperCase() ?? "";
      const isRight = definition.fontCharacter === `\\${codePoint}`;
      return [...(isRight ? [] : [`code point of ${id}`]), ...missingFiles([definition.fontPath])];
    }),
  ];
}

function colorFaults(colors: Manifest["contributes"]["colors"]): readonly string[] {
  const themes = ["dark", "highContrast", "highContrastLight", "light"];
  return [
    ...differences(
      "color",
      colors.map(({ id }) => id),
      Object.values(colorIds),
    ),
    ...colors
      .filter(({ defaults }) => !isDeepStrictEqual(Object.keys(defaults).sort(), themes))
      .map(({ id }) => `themes of ${id}`),
  ];
}

/** The command of an item. A key on a row selects the row first, by VS Code's own commands, and then runs ours. */
function ownCommandOf({ command, args }: MenuItem): string | undefined {
  if (command !== "runCommands") return command;
  return args?.commands.map((each) => (typeof each === "string" ? each : each.command)).at(-1);
}

/** Menus and conditions may use only existing commands, views, context keys and settings. */
function clauseFaults({ contributes }: Manifest): readonly string[] {
  const items = [...Object.values(contributes.menus).flat(), ...(contributes.keybindings ?? [])];
  const clauses = [
    ...items.map(({ when }) => when),
    ...contributes.commands.map(({ enablement }) => enablement),
    ...contributes.viewsWelcome.map(({ when }) => when),
  ].filter((clause) => clause !== undefined);
  const misnamed = Object.entries(contextKeys).filter(([name, key]) => key !== `${section}.${name}`);
  const keys = new Set<string>([
    ...Object.values(contextKeys),
    ...settingKeys.map((key) => `config.${section}.${key}`),
    viewId,
  ]);
  return [
    ...misnamed.map(([name]) => `context key with another name: ${name}`),
    ...items
      .map((item) => ownCommandOf(item))
      .filter((command) => !commands.has(command ?? ""))
      .map((command) => `menu names no command of ours: ${String(command)}`),
    ...clauses.flatMap((clause) => [
      ...(clause.match(/(?:config\.)?\bvolvoCharging\.[\w.]+/g) ?? [])
        .filter((name) => !keys.has(name))
        .map((name) => `no such context key, setting or view: ${name} in ${clause}`),
      ...(/\bview == (?!volvoCharging\.vehicles\b)/.test(clause) ? [`another view: ${clause}`] : []),
    ]),
  ];
}

/** Walkthroughs need existing pictures with alternative text, and steps whose completion events exist. */
function walkthroughFaults({ walkthroughs = [] }: Manifest["contributes"]): readonly string[] {
  const keys = Object.values<string>(contextKeys);
  const events = new Set<string>([
    ...keys.map((key) => `onContext:${key}`),
    ...[...commands].map((id) => `onCommand:${id}`),
    ...settingKeys.map((key) => `onSettingChanged:${section}.${key}`),
  ]);
  const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  return [
    ...differences(
      "walkthrough",
      walkthroughs.map(({ id }) => id),
      [walkthrough.id],
    ),
    ...missingFiles(steps.map(({ media }) => media.svg)),
    ...steps.flatMap(({ id, title, description, media, completionEvents }) => [
      ...([title, description, media.altText].includes("") ? [`an empty text of step ${id}`] : []),
      ...(completionEvents.length === 0 ? [`step ${id} is never done`] : []),
      ...completionEvents.filter((event) => !events.has(event)).map((event) => `no such event in ${id}: ${event}`),
    ]),
  ];
}

/** Links in manifest texts may lead only to the extension's own commands and to https addresses. */
function linkFaults(manifest: Manifest): readonly string[] {
  const links = Array.from(JSON.stringify(manifest.contributes).matchAll(/\]\(([^)]*)\)/g), ([, link = ""]) => link);
  return links
    .filter(
      (link) =>
        !(link.startsWith("command:") ? commands.has(link.slice("command:".length)) : link.startsWith("https://")),
    )
    .map((link) => `link to ${link}`);
}
