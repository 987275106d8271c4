import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { billOfMaterials, npmBill, type Product, sha256 } from "./sbom";
import { changesOf } from "./version";

/** The folder of the released files, relative to the project. The workflow release.yml publishes them from there. */
export const releaseFolder = path.join("out", "release");

/**
 * Packs the extension and writes the files of a release: the VSIX, its bill of materials, their checksums, and the text
 * of the release. Replaces the folder's earlier content, and returns the bytes by file name. Throws if a file cannot be
 * made.
 */
export function writeAssets(root: string): ReadonlyMap<string, Buffer> {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as Product;
  const { name, version } = manifest;
  const sourceTime = execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" }).trim();
  const env = { ...process.env, SOURCE_DATE_EPOCH: sourceTime };
  execFileSync("npm", ["run", "--silent", "vsix"], { cwd: root, env, shell: process.platform === "win32" });
  const archive = fs.readFileSync(path.join(root, "out", `${name}.vsix`));

  const files = new Map([
    [`${name}-${version}.vsix`, archive],
    [`${name}-${version}.cdx.json`, Buffer.from(billOfMaterials(npmBill(root), manifest, archive, Number(sourceTime)))],
  ]);
  const sums = Array.from(files, ([file, bytes]) => `${sha256(bytes)}  ${file}\n`).join("");
  const changes = changesOf(fs.readFileSync(path.join(root, "CHANGELOG.md"), "utf8"), version);
  if (changes === undefined) throw new Error(`CHANGELOG.md has no entry for ${version}.`);
  files.set("SHA256SUMS", Buffer.from(sums)).set("notes.md", Buffer.from(notes(changes, name, version)));

  const folder = path.join(root, releaseFolder);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of files) fs.writeFileSync(path.join(folder, file), bytes);
  return files;
}

/** The text of the release on GitHub, without pictures, whose relative paths do not work there. */
function notes(changes: string, name: string, version: string): string {
  return [
    changes.replace(/^!\[.*\]\(.*\)\n+/gm, ""),
    "",
    "### Check what you have downloaded",
    "",
    "```sh",
    "sha256sum --check --ignore-missing SHA256SUMS",
    `gh attestation verify ${name}-${version}.vsix --repo chargeglance/volvo-charging-status`,
    "```",
    "",
    "The second command proves that the file was built by this repository's release workflow, and from which commit. " +
      `\`${name}-${version}.cdx.json\` lists the packages that the file contains (CycloneDX).`,
    "",
  ].join("\n");
}
