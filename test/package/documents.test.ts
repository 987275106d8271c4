import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import JSZip from "jszip";
import { documentFaults, type ReadFile, repository } from "./documents";

/** vsce packs both in lower case. */
const packedDocuments = ["readme.md", "changelog.md"] as const;

const readFile: ReadFile = (file) => (fs.existsSync(file) ? fs.readFileSync(file, "latin1") : undefined);

describe("README and CHANGELOG", () => {
  it("as packed have only links and pictures that resolve where the Marketplace shows them", async function () {
    const vsix = path.join("out", "volvo-charging-status.vsix");
    if (!fs.existsSync(vsix)) this.skip();
    const archive = await JSZip.loadAsync(fs.readFileSync(vsix));
    for (const name of packedDocuments) {
      const text = await archive.file(`extension/${name}`)?.async("string");
      assert.ok(text !== undefined && text !== "", name);
      assert.deepEqual(documentFaults(text, readFile), [], name);
    }
  });

  it("show every picture that is kept for them, and none is larger than a page needs", () => {
    const shown = ["README.md", "CHANGELOG.md"].flatMap((file) =>
      [...fs.readFileSync(file, "utf8").matchAll(/docs\/images\/([\w.-]+)/g)].map(([, name = ""]) => name),
    );
    const kept = fs.readdirSync(path.join("docs", "images"));
    assert.deepEqual([...new Set(shown)].sort(), kept.sort());
    for (const name of kept) {
      const { size } = fs.statSync(path.join("docs", "images", name));
      assert.ok(size < 300_000, `${name} has ${String(size)} bytes`);
    }
  });

  it("are found at fault for what is not there, not shown or has no words", () => {
    const faultsOf = (text: string) =>
      documentFaults(text, (file) => (file === "A.md" ? "# One `b`\n\n# One b" : undefined));
    const raw = `${repository}/raw/HEAD/`;
    const blob = `${repository}/blob/HEAD/`;
    const bad: readonly (readonly [text: string, fault: string])[] = [
      ["[a](CONTRIBUTING.md)", "no address: CONTRIBUTING.md"],
      ["[a](http://example.com)", "no address: http://example.com"],
      ["[a](command:b)", "no address: command:b"],
      [`[a](${blob}B.md)`, `no such file: ${blob}B.md`],
      [`[a](${blob}A.md#two)`, `no such heading: ${blob}A.md#two`],
      [`[a](${repository}/tree/x)`, `no such page: ${repository}/tree/x`],
      ["# Two\n\n[a](#one)", "no such heading: #one"],
      [`![a](${raw}a.png)`, `no such picture: ${raw}a.png`],
      ["![a](docs/a.png)", "no such picture: docs/a.png"],
      ["a\n\n<img src='a'>\n", "HTML: <img src='a'>"],
    ];
    for (const [text, fault] of bad) assert.deepEqual(faultsOf(text), [fault]);
    const withFile = (text: string) => documentFaults(text, () => "");
    assert.deepEqual(withFile(`![](${raw}a.svg)`), [
      `not shown by the Marketplace: ${raw}a.svg`,
      `no words for who does not see it: ${raw}a.svg`,
    ]);
    assert.deepEqual(
      faultsOf(`# A b\n\n[a](#a-b) [b](${blob}A.md#one-b-1) [c](${repository}/issues) <https://x.y>`),
      [],
    );
  });
});
