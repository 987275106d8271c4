// Packs out/volvo-charging-status.vsix reproducibly: the same commit gives the same bytes in every folder, at any time
// and under any umask. Warnings of vsce count as failures. Node runs this file directly.
import { listFiles, PackageManager } from "@vscode/vsce";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as Version from "./release/version";

const root = process.cwd();
const require = createRequire(path.join(root, "package.json"));

// Node needs the file extension, which TypeScript and the compiled tests do not accept.
const { isPreRelease } = require("./scripts/release/version.ts") as typeof Version;

const target = path.join("out", "volvo-charging-status.vsix");
const { version } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { readonly version: string };

/**
 * The time for the files in the archive (seconds since 1970): that of the commit, or outside a repository a fixed day
 * in 1980, the first year that a zip archive can store.
 */
function sourceTime(): string {
  const { status, stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" });
  return process.env["SOURCE_DATE_EPOCH"] ?? (status === 0 ? stdout.trim() : String(Date.UTC(1980, 0, 2) / 1000));
}

async function main(): Promise<void> {
  // The archive records the permissions of its files, and those of checked-out files depend on the umask.
  process.umask(0o022);
  for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) fs.chmodSync(file, 0o644);

  fs.mkdirSync("out", { recursive: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      path.join("node_modules", "@vscode", "vsce", "vsce"),
      ...["package", "--no-dependencies", "--out", target],
      ...(isPreRelease(version) ? ["--pre-release"] : []),
    ],
    // vsce writes times in the machine's time zone and sorts files by its language.
    { encoding: "utf8", env: { ...process.env, SOURCE_DATE_EPOCH: sourceTime(), TZ: "UTC", LC_ALL: "C" } },
  );
  const printed = `${stdout}${stderr}`;
  if (status !== 0 || /\bWARNING\b/.test(printed)) {
    console.error(printed);
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
