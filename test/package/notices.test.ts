import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { notices, shippedNames, shippedPackage } from "../../scripts/notices/notices";

const root = process.cwd();

describe("the bundled third-party packages", () => {
  const metafile = JSON.parse(fs.readFileSync(path.join("dist", "meta.json"), "utf8")) as {
    readonly inputs: Readonly<Record<string, unknown>>;
  };
  const names = shippedNames(metafile);

  it("are listed in ThirdPartyNotices.txt with version and license text (written by npm run notices)", () => {
    const told = notices(names.map((name) => shippedPackage(root, name)));
    assert.equal(fs.readFileSync("ThirdPartyNotices.txt", "utf8"), told);
    for (const name of names) assert.ok(told.includes(`\n- ${name} `), name);
  });

  it("are exactly the reviewed packages, each pinned", () => {
    assert.deepEqual(names, ["@vscode/l10n", "oauth4webapi", "valibot"]);
    assert.throws(() => shippedPackage(root, "undici"), /undici ships, but is not a reviewed package/);
  });

  it("are exactly the dependencies of package.json, from which a release's bill of materials is made", () => {
    const { dependencies } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { readonly dependencies: object };
    assert.deepEqual(Object.keys(dependencies).sort(), names);
  });

  it("are found in nested node_modules folders as well", () => {
    const inputs = {
      "src/a.ts": {},
      "node_modules/b/index.js": {},
      "../elsewhere/node_modules/@c/d/e.js": {},
      "node_modules/b/node_modules/f/g.js": {},
    };
    assert.deepEqual(shippedNames({ inputs }), ["@c/d", "b", "f"]);
  });

  it("are listed in SECURITY.md as well", () => {
    const text = fs.readFileSync("SECURITY.md", "utf8");
    for (const name of names) {
      const { version, license } = shippedPackage(root, name);
      const rows = text.split("\n").map((row) => row.replace(/ +/g, " ").trim());
      assert.ok(rows.includes(`| \`${name}\` | ${version} | ${license} |`), name);
    }
  });
});
