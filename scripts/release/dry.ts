// `npm run release:dry`: after the checks and the package tests, does all steps of a release that need no credentials.
// Writes out/release. Exits with an error if the release would fail, or if packing the commit twice gives different
// bytes.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { releaseFolder, writeAssets } from "./assets";
import { publishingCommands, rehearse } from "./rehearsal";
import { sha256 } from "./sbom";

const root = process.cwd();

/** Throws if the files of two runs of the packing differ. */
function assertSame(first: ReadonlyMap<string, Buffer>, second: ReadonlyMap<string, Buffer>): void {
  const differing = [...new Set([...first.keys(), ...second.keys()])].filter((file) => {
    const [one, other] = [first.get(file), second.get(file)];
    return !one || !other || !one.equals(other);
  });
  if (differing.length > 0) throw new Error(`Packed twice, these files differ: ${differing.join(", ")}`);
}

async function main(): Promise<void> {
  const { version } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { readonly version: string };
  execFileSync("npm", ["run", "--silent", "release:tag", "--", `v${version}`], { stdio: "inherit" });
  if (spawnSync("git", ["status", "--porcelain"], { encoding: "utf8" }).stdout.trim() !== "")
    console.log("Some files are not committed: the release may have other bytes.");

  const first = writeAssets(root);
  const files = writeAssets(root);
  assertSame(first, files);
  for (const [file, bytes] of files) console.log(`${sha256(bytes)}  ${path.join(releaseFolder, file)}`);
  console.log("Packed twice with the same bytes.");

  const archive = files.get(`volvo-charging-status-${version}.vsix`) ?? Buffer.of();
  const workflow = fs.readFileSync(path.join(root, ".github", "workflows", "release.yml"), "utf8");
  for (const command of publishingCommands(workflow)) {
    const { exitCode, output, audience, published, unexpected } = await rehearse(command, root);
    if (exitCode !== 0 || published !== sha256(archive) || unexpected.length > 0)
      throw new Error(`${command} would not have published:\n${[output, ...unexpected].join("\n")}`);
    console.log(`Rehearsed on this computer, identity for ${audience ?? "nobody"}: ${command}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
