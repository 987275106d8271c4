import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { runTests } from "@vscode/test-electron";
import { ensureInstalled, vscodeVersions, type VSCodeVersion } from "../../scripts/headless/install";
import { launcherEnv } from "../../scripts/headless/launcher";
import { lockFilesRoot, projectRoot } from "../../scripts/headless/paths";
import { addToCount } from "../support/counts";
import { assertNoLeak, isOwnSettings, scanFolder } from "../support/leakScan";
import { authorityFile } from "../support/network/servers";
import { readSeededSecrets } from "../support/seededSecrets";

/** A desktop VS Code is downloaded with `VSCODE_DESKTOP=1`, and on systems that the headless one does not support. */
const desktop = process.env["VSCODE_DESKTOP"] === "1" || process.platform !== "linux";
const desktopVersions: Record<string, string> = { "1.104": "1.104.0", "1.139": "stable" };

/** A stream that forwards the written data to `target` and appends it to `chunks`. */
function recording(target: NodeJS.WritableStream, chunks: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      target.write(chunk as Buffer, () => done());
    },
  });
}

/** Runs the host tests on one version of VS Code, in its own profile. Rejects if they fail. */
async function runOn(version: string, extension: string): Promise<void> {
  const profile = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-host-"));
  const secretsFile = path.join(profile, "secrets.json");
  const output: string[] = [];
  try {
    const folder = path.join(profile, "folder");
    await fs.mkdir(folder);
    // Another extension, which calls ours. VS Code registers the extensions that it finds at its first start.
    const caller = path.join(profile, "extensions", "test.caller-1.0.0");
    await fs.cp(path.join(projectRoot, "test", "host", "caller"), caller, { recursive: true });
    await runTests({
      ...(desktop
        ? { version: desktopVersions[version] ?? version }
        : { vscodeExecutablePath: path.join(lockFilesRoot, "vscode.js") }),
      extensionDevelopmentPath: extension,
      extensionTestsPath: path.join(__dirname, "index.js"),
      launchArgs: [
        folder,
        `--user-data-dir=${path.join(profile, "data")}`,
        `--extensions-dir=${path.join(profile, "extensions")}`,
      ],
      // In the headless VS Code, Node reads the system's certificates from this file of the network tests.
      stdout: recording(process.stdout, output),
      stderr: recording(process.stderr, output),
      extensionTestsEnv: {
        [launcherEnv.version]: version,
        VOLVO_TEST_SECRETS: secretsFile,
        ...(!desktop && { SSL_CERT_FILE: authorityFile }),
      },
    });
    await fs.writeFile(path.join(profile, "data", "console-output.txt"), output.join(""));
    const scan = await scanFolder(path.join(profile, "data"), await readSeededSecrets(secretsFile), isOwnSettings);
    addToCount("Bytes scanned for leaks", scan.bytes);
    addToCount("Files scanned for leaks", scan.files);
    assertNoLeak(scan);
  } finally {
    await fs.rm(profile, { recursive: true, force: true });
  }
}

/** `run.js [version …]`; by default the oldest and the newest supported VS Code. */
async function main(): Promise<void> {
  const versions = process.argv.length > 2 ? process.argv.slice(2) : [...vscodeVersions];
  const extension = process.env["VOLVO_TEST_EXTENSION"] ?? projectRoot;
  for (const version of versions) {
    if (!desktop)
      await Promise.all([ensureInstalled("browser"), ensureInstalled(`vscode-${version as VSCodeVersion}`)]);
    console.log(`Host tests on VS Code ${version}${desktop ? " (desktop)" : ""}`);
    await runOn(version, extension);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
