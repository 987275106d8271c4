import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { notices, shippedNames, shippedPackage } from "../../scripts/notices/notices";

const root = process.cwd();

describe("what is shipped of others", () => {
  const metafile = JSON.parse(fs.readFileSync(path.join("dist", "meta.json"), "utf8")) as {
    readonly inputs: Readonly<Record<string, unknown>>;
  };
  const names = shippedNames(metafile);

  it("is told in ThirdPartyNotices.txt, with version and licence text (npm run notices writes it anew)", () => {
    const told = notices(names.map((name) => shippedPackage(root, name)));
    assert.equal(fs.readFileSync("ThirdPartyNotices.txt", "utf8"), told);
    for (const name of names) assert.ok(told.includes(`\n- ${name} `), name);
  });

  it("is no more than what was looked through, each pinned", () => {
    assert.deepEqual(names, ["@vscode/l10n", "oauth4webapi", "valibot"]);
    assert.throws(() => shippedPackage(root, "undici"), /no list of reviewed packages/);
  });

  it("is found wherever it lies", () => {
    const inputs = {
      "src/a.ts": {},
      "node_modules/b/index.js": {},
      "../elsewhere/node_modules/@c/d/e.js": {},
      "node_modules/b/node_modules/f/g.js": {},
    };
    assert.deepEqual(shippedNames({ inputs }), ["@c/d", "b", "f"]);
  });

  it("is told in SECURITY.md as well", () => {
    const text = fs.readFileSync("SECURITY.md", "utf8");
    for (const name of names) {
      const { version, licence } = shippedPackage(root, name);
      const rows = text.split("\n").map((row) => row.replace(/ +/g, " ").trim());
      assert.ok(rows.includes(`| \`${name}\` | ${version} | ${licence} |`), name);
    }
  });
});
