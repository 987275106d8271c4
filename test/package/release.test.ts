import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import JSZip from "jszip";
import { publishingCommands, rehearse } from "../../scripts/release/rehearsal";
import { billOfMaterials, npmBill, type Product, sha256 } from "../../scripts/release/sbom";
import { changesOf, isPreRelease, tagFault } from "../../scripts/release/version";

const root = process.cwd();
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8")) as Product & {
  readonly dependencies: Readonly<Record<string, string>>;
};
const changelog = fs.readFileSync("CHANGELOG.md", "utf8");
const vsix = path.join("out", "volvo-charging-status.vsix");

describe("a release", () => {
  it("has a tag that is the version with a v, and an entry in the changelog", () => {
    assert.equal(tagFault(`v${manifest.version}`, manifest.version, changelog), undefined);
    const entry = "## [1.2.3] - 2026-12-01\n\n- Something.\n\n## [1.2.2] - 2026-11-01\n\n- Older.\n";
    assert.equal(tagFault("v1.2.3", "1.2.3", entry), undefined);
    for (const tag of ["1.2.3", "v1.2.4", "v1.2.3-beta", "v1.2.3 ", "V1.2.3", ""])
      assert.equal(tagFault(tag, "1.2.3", entry), `The tag is ${tag}, but the version of package.json is 1.2.3.`);
    assert.match(tagFault("v1.2.4", "1.2.4", entry) ?? "", /CHANGELOG\.md has no entry/);
    assert.match(tagFault("v1.2.3", "1.2.3", "## [1.2.3] - 2026-12-01\n\n## [1.2.2] - x\n\n- A") ?? "", /no entry/);
    assert.match(tagFault("v1.2.3-beta", "1.2.3-beta", entry) ?? "", /must be three numbers/);
    assert.equal(changesOf(entry, "1.2.2"), "- Older.");
  });

  it("fails at once if the tag differs from the version", () => {
    const run = (tag: string) =>
      spawnSync(process.execPath, ["scripts/release/tag.ts", tag], { encoding: "utf8", env: { PATH: "" } });
    const wrong = run("v99.0.0");
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /The tag is v99\.0\.0, but the version of package\.json is /);
    assert.equal(run(`v${manifest.version}`).status, 0);
  });

  it("is a pre-release if the minor version is odd, and is marked as such in the package", async () => {
    assert.deepEqual(["0.1.0", "0.2.0", "0.3.9", "1.0.0", "1.11.0", "3.20.1"].map(isPreRelease), [
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    const archive = await JSZip.loadAsync(fs.readFileSync(vsix));
    const packed = (await archive.file("extension.vsixmanifest")?.async("string")) ?? "";
    assert.match(packed, new RegExp(`Version="${manifest.version.replaceAll(".", "\\.")}"`));
    assert.equal(packed.includes("Microsoft.VisualStudio.Code.PreRelease"), isPreRelease(manifest.version));
    assert.match(packed, /Content\.Pricing" Value="Free"/);
    assert.match(packed, /CustomerQnALink" Value="https:\/\/github\.com\/[^"]+\/SUPPORT\.md"/);
  });

  it("has a package whose files have one time, the same permissions and a fixed order", async () => {
    const archive = await JSZip.loadAsync(fs.readFileSync(vsix));
    const files = Object.values(archive.files);
    assert.ok(files.length > 20);
    assert.equal(new Set(files.map(({ date }) => date.getTime())).size, 1);
    const names = files.map(({ name }) => name);
    assert.deepEqual(names, [...names].sort(new Intl.Collator("en-US").compare));
    if (process.platform === "win32") return;
    // vsce sets 664 on the files that it rewrites, and keeps the permissions of all others.
    const rewritten = ["extension/changelog.md", "extension/readme.md"];
    for (const { name, unixPermissions } of files.filter((file) => file.name.startsWith("extension/")))
      assert.equal(Number(unixPermissions) & 0o777, rewritten.includes(name) ? 0o664 : 0o644, name);
  });

  describe("has a bill of materials that", () => {
    const fromNpm = npmBill(root);
    const archive = Buffer.from("a package");
    const bill = billOfMaterials(fromNpm, manifest, archive, 1_800_000_000);

    it("names the product, the package's hash and every package in it, and no other", () => {
      const { metadata, components } = JSON.parse(bill) as {
        readonly metadata: { readonly timestamp: string; readonly component: Readonly<Record<string, unknown>> };
        readonly components: readonly { readonly name: string; readonly version: string }[];
      };
      assert.equal(metadata.timestamp, "2027-01-15T08:00:00.000Z");
      assert.equal(metadata.component["name"], "volvo-charging-status");
      assert.equal(metadata.component["publisher"], "chargeglance");
      assert.equal(metadata.component["version"], manifest.version);
      assert.equal(metadata.component["description"], "Volvo Charging Status");
      assert.deepEqual(metadata.component["hashes"], [{ alg: "SHA-256", content: sha256(archive) }]);
      assert.deepEqual(
        Object.fromEntries(components.map(({ name, version }) => [name, version])),
        manifest.dependencies,
      );
      assert.ok(
        !bill.includes(JSON.stringify(path.basename(root))) || path.basename(root) === manifest.name,
        "no folder name of this machine",
      );
    });

    it("is the same for the same package, and has another serial number for another package", () => {
      const later = fromNpm.replace(/urn:uuid:[\w-]+/, "urn:uuid:0").replace(/("timestamp": )"[^"]+"/, '$1"0"');
      assert.equal(billOfMaterials(later, manifest, archive, 1_800_000_000), bill);
      const serialNumberOf = (text: string) => /urn:uuid:([\w-]+)/.exec(text)?.[1];
      const other = billOfMaterials(fromNpm, manifest, Buffer.from("another package"), 1_800_000_000);
      assert.notEqual(serialNumberOf(other), serialNumberOf(bill));
      assert.match(serialNumberOf(bill) ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });
  });

  it("is published by the workflow's commands, with a token exchanged for that run", async function () {
    // The workflow's commands are written for a shell on Linux.
    if (process.platform === "win32") this.skip();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "volvo-released-"));
    try {
      for (const name of ["node_modules", "package.json"])
        fs.symlinkSync(path.join(root, name), path.join(folder, name));
      fs.mkdirSync(path.join(folder, "out", "release"), { recursive: true });
      fs.copyFileSync(vsix, path.join(folder, "out", "release", "volvo-charging-status-0.0.0.vsix"));
      const commands = publishingCommands(fs.readFileSync(".github/workflows/release.yml", "utf8"));
      const [marketplace, openVsx] = await Promise.all(commands.map((command) => rehearse(command, folder)));
      assert.ok(marketplace && openVsx);

      const published = sha256(fs.readFileSync(vsix));
      assert.equal(marketplace.exitCode, 0, marketplace.output);
      assert.equal(marketplace.audience, "marketplace.visualstudio.com");
      assert.deepEqual(marketplace.exchangedFor, { publisherName: "chargeglance" });
      assert.equal(marketplace.published, published);
      assert.deepEqual(marketplace.unexpected, []);

      assert.equal(openVsx.exitCode, 0, openVsx.output);
      assert.match(openVsx.audience ?? "", /\/open-vsx$/);
      assert.deepEqual(openVsx.exchangedFor, { namespace: "chargeglance", extension: "volvo-charging-status" });
      assert.equal(openVsx.published, published);
      assert.deepEqual(openVsx.unexpected, []);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
