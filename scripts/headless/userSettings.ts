import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export type Settings = Readonly<Record<string, unknown>>;

/**
 * A quiet workbench: no prompts, promotion, updates or telemetry, and no animations that delay tests. Do not add a
 * setting that VS Code migrates, because VS Code would rewrite the file during a test.
 */
const quiet: Settings = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  // The desktop default.
  "files.autoSave": "off",
  "git.enabled": false,
  // Otherwise VS Code offers to forward the ports of the tests.
  "remote.autoForwardPorts": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "window.confirmBeforeClose": "never",
  "workbench.editor.useModal": "off",
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/** The user settings of a server that keeps its data in `serverDataDir`. */
export function userSettingsFile(serverDataDir: string): string {
  return path.join(serverDataDir, "data", "User", "settings.json");
}

/** Writes the quiet user settings merged with `settings`, before VS Code starts. */
export async function writeUserSettings(serverDataDir: string, settings: Settings = {}): Promise<void> {
  const file = userSettingsFile(serverDataDir);
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, `${JSON.stringify({ ...quiet, ...settings }, undefined, 2)}\n`);
}

/** Changes some of the settings in the file; undefined removes one. A running VS Code does not notice the change. */
export async function editUserSettings(serverDataDir: string, settings: Settings): Promise<void> {
  const file = userSettingsFile(serverDataDir);
  const before = await readUserSettings(serverDataDir);
  await fs.writeFile(file, `${JSON.stringify({ ...before, ...settings }, undefined, 2)}\n`);
}

const readTries = 40;
const readAgainMs = 50;

/**
 * The content of the file. VS Code empties the file before it writes, so this reads an invalid file again for two
 * seconds.
 */
export async function readUserSettings(serverDataDir: string): Promise<Settings> {
  for (let tries = 1; ; tries++) {
    try {
      return JSON.parse(await fs.readFile(userSettingsFile(serverDataDir), "utf8")) as Settings;
    } catch (error) {
      if (tries === readTries) throw error;
      await delay(readAgainMs);
    }
  }
}
