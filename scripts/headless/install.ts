import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { unpackBrowser } from "./browserFiles";
import { installRoot, lockFilesRoot } from "./paths";

export type VSCodeVersion = "1.139" | "1.104";
export type HeadlessPart = `vscode-${VSCodeVersion}` | "browser";

export const vscodeVersions: readonly VSCodeVersion[] = ["1.139", "1.104"];

/** Increase this number when the installation steps change: older installations are then repeated. */
const layout = "3";
const pollMs = 200;
const installLimitMs = 10 * 60_000;

/**
 * Installs a headless part from its committed lock file into `.headless/<part>/` if needed, and returns the folder.
 * Safe to call from several processes at once: one installs, the others wait. Rejects with one line that names the
 * missing prerequisite.
 */
export async function ensureInstalled(part: HeadlessPart): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `The headless VS Code runs on Linux x64 only, not on ${process.platform} ${process.arch}; use a desktop VS Code here.`,
    );
  }
  const folder = path.join(installRoot, part);
  const stamp = await stampFor(part);
  if (await isStamped(folder, stamp)) return folder;
  await fs.mkdir(installRoot, { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (!(await isStamped(folder, stamp))) await install(part, folder, stamp);
  } finally {
    await unlock();
  }
  return folder;
}

async function install(part: HeadlessPart, folder: string, stamp: string): Promise<void> {
  console.error(`Installing ${part} into .headless/ (once) …`);
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    await fs.copyFile(path.join(lockFilesRoot, part, file), path.join(folder, file));
  }
  await npmCi(part, folder, []);
  if (part === "browser") await unpackBrowser(folder);
  else await completeVSCode(part, folder);
  await fs.writeFile(stampFile(folder), stamp);
}

/** Replaces code-server's install script, which needs a compiler. Its lock file lacks peers, hence the flag. */
async function completeVSCode(part: HeadlessPart, folder: string): Promise<void> {
  const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
  await npmCi(part, vscode, ["--omit=dev", "--legacy-peer-deps"]);
  for (const [shim, modules] of shims) {
    const targets = [folder, vscode].flatMap((root) => modules.map((file) => path.join(root, "node_modules", file)));
    const source = path.join(lockFilesRoot, "shims", `${shim}.js`);
    for (const target of targets) if (existsSync(target)) await fs.copyFile(source, target);
  }
}

/** JavaScript replacements for modules whose native parts are not built, with the modules' paths in both versions. */
const shims: readonly (readonly [shim: string, modules: readonly string[]])[] = [
  ["spdlog", ["@vscode/spdlog/index.js"]],
  ["watchdog", ["@vscode/native-watchdog/index.js", "native-watchdog/index.js"]],
  ["argon2", ["argon2/argon2.js"]],
];

function stampFile(folder: string): string {
  return path.join(folder, ".installed");
}

async function isStamped(folder: string, stamp: string): Promise<boolean> {
  return (await fs.readFile(stampFile(folder), "utf8").catch(() => "")) === stamp;
}

/** Identifies an installation by its lock file and shims. */
async function stampFor(part: HeadlessPart): Promise<string> {
  const files = [path.join(part, "package-lock.json"), ...shims.map(([shim]) => path.join("shims", `${shim}.js`))];
  const hash = createHash("sha256").update(layout);
  for (const file of files) hash.update(await fs.readFile(path.join(lockFilesRoot, file)));
  return hash.digest("hex");
}

async function npmCi(part: HeadlessPart, cwd: string, flags: readonly string[]): Promise<void> {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...flags];
  const { code, output } = await run("npm", args, cwd);
  if (code === 0) return;
  const reason = output
    .split("\n")
    .findLast((line) => /^npm (error|ERR!) \S/.test(line) && !line.includes("complete log"));
  throw new Error(
    `Could not install ${part} (npm ci exited with ${code}): ${reason ?? "is npm installed, and is its registry reachable?"}`,
  );
}

async function run(command: string, args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: cleanNpmEnv(), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (data: Buffer) => (output += data.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => reject(new Error(`Could not start ${command}: ${error.message}`)));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * The environment without the variables in which an enclosing `npm run` passes its own project, flags and script. Keeps
 * registry and network settings.
 */
function cleanNpmEnv(): NodeJS.ProcessEnv {
  const keep = /^npm_config_(registry|cache|userconfig|globalconfig|.*proxy|cafile|strict_ssl|fetch_.*)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || keep.test(name)));
}

/** Takes the lock by creating `file`, and removes the lock of a dead process. Resolves with the unlock function. */
async function lock(file: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + installLimitMs;
  for (;;) {
    try {
      await fs.writeFile(file, String(process.pid), { flag: "wx" });
      return () => fs.rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (await isAbandoned(file)) await fs.rm(file, { force: true });
    else if (Date.now() > deadline) throw new Error(`Another installation has held ${file} for 10 minutes; remove it.`);
    else await delay(pollMs);
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const pid = Number(await fs.readFile(file, "utf8").catch(() => ""));
  // The file is empty between its creation and the write.
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
