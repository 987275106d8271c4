import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { viewContainerId, statusBarItemId, extensionId } from "../src/contributions";
import { launchBrowser } from "./headless/browser";
import { ensureInstalled } from "./headless/install";
import { projectRoot } from "./headless/paths";
import { installExtension, startServer } from "./headless/server";
import { Workbench } from "./headless/workbench";

// `npm start`: runs the extension in a real VS Code, in a fresh profile, with the demo on. Prints one line `READY
// {json}` with the visible state and runs until Ctrl+C. `-- --once` exits after printing. `-- --desktop` opens the
// installed desktop VS Code instead.

const vsix = path.join(projectRoot, "out", "volvo-charging-status.vsix");
const settings = { "volvoCharging.demo": true };
const demoCars = 5;

async function inHeadless(profile: string, once: boolean): Promise<void> {
  await Promise.all([ensureInstalled("browser"), ensureInstalled("vscode-1.139")]);
  const folder = path.join(profile, "folder");
  await fs.mkdir(folder);
  const folders = { serverDataDir: path.join(profile, "data"), extensionsDir: path.join(profile, "extensions") };
  await installExtension("1.139", folders, vsix);
  const server = await startServer({ ...folders, version: "1.139", settings });
  try {
    console.log(`READY ${JSON.stringify({ url: server.url(folder), ...(await readScreen(server, folder)) })}`);
    if (!once) await stopRequested();
  } finally {
    await server.dispose();
  }
}

/** The visible state: the status bar's text and the rows of the tree. */
async function readScreen(server: Awaited<ReturnType<typeof startServer>>, folder: string) {
  const browser = await launchBrowser();
  try {
    const workbench = await Workbench.open(browser, server, {
      folder,
      statusBarItem: `${extensionId}.${statusBarItemId}`,
    });
    const item = workbench.statusBarItem(`${extensionId}.${statusBarItemId}`);
    const { text, icons } = await item.waitFor((state) => !/Unknown|Checking/.test(state.text));
    await workbench.activityBar.open("Volvo Charging");
    const rows = await workbench
      .treeView(viewContainerId)
      .waitForRows((all) => all.length === demoCars && all.every((row) => !/^$|…/.test(row.description)));
    return {
      statusBar: { text, icon: icons[0]?.id },
      tree: rows.map(({ label, description, icon }) => ({ label, description, icon: icon?.id })),
    };
  } finally {
    await browser.close();
  }
}

/** Opens this machine's desktop VS Code and returns when its window is closed. */
async function inDesktop(profile: string): Promise<void> {
  const user = path.join(profile, "data", "User");
  await fs.mkdir(user, { recursive: true });
  await fs.writeFile(path.join(user, "settings.json"), JSON.stringify(settings));
  const folders = [
    `--user-data-dir=${path.join(profile, "data")}`,
    `--extensions-dir=${path.join(profile, "extensions")}`,
  ];
  const options = { stdio: "inherit", shell: process.platform === "win32" } as const;
  execFileSync("code", [...folders, "--install-extension", vsix], options);
  execFileSync("code", [...folders, "--new-window", "--wait"], options);
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { once: { type: "boolean" }, desktop: { type: "boolean" } } });
  const profile = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-start-"));
  try {
    if (values.desktop) await inDesktop(profile);
    else await inHeadless(profile, values.once ?? false);
  } finally {
    await fs.rm(profile, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
