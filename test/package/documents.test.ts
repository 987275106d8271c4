import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import JSZip from "jszip";
import { documentFaults, type ReadFile, repository } from "./documents";
import { animatedPng, pngFrames, pngSize } from "./png";

/** vsce packs both in lower case. */
const packedDocuments = ["readme.md", "changelog.md"] as const;

const readFile: ReadFile = (file) => (fs.existsSync(file) ? fs.readFileSync(file) : undefined);
const picturesFolder = path.join("docs", "images");
/** The picture at the top of README.md. */
const animated = "demo.png";

describe("README and CHANGELOG", () => {
  it("contain only links and pictures that resolve on the Marketplace", async () => {
    const archive = await JSZip.loadAsync(fs.readFileSync(path.join("out", "volvo-charging-status.vsix")));
    for (const name of packedDocuments) {
      const text = await archive.file(`extension/${name}`)?.async("string");
      assert.ok(text !== undefined && text !== "", name);
      assert.deepEqual(documentFaults(text, readFile), [], name);
    }
  });

  it("show every picture kept for them, and none is larger than a page needs", () => {
    const shown = ["README.md", "CHANGELOG.md"].flatMap((file) =>
      [...fs.readFileSync(file, "utf8").matchAll(/docs\/images\/([\w.-]+)/g)].map(([, name = ""]) => name),
    );
    const kept = fs.readdirSync(picturesFolder).filter((name) => name.endsWith(".png"));
    assert.deepEqual([...new Set(shown)].sort(), kept.sort());
    const texts = JSON.parse(fs.readFileSync(path.join(picturesFolder, "texts.json"), "utf8")) as object;
    assert.deepEqual(Object.keys(texts).sort(), kept, "the texts of each picture are recorded");
    for (const name of kept) {
      const { size } = fs.statSync(path.join(picturesFolder, name));
      const most = name === animated ? 1_000_000 : 300_000;
      assert.ok(size < most, `${name} has ${String(size)} bytes`);
    }
  });

  it("fail the check for a missing target, an unsafe link or a picture without alternative text", () => {
    const files: Readonly<Record<string, Buffer>> = {
      "A.md": Buffer.from("# One `b` & [c](https://c.d)\n\n# One b\n\n# One b\n\n# Über"),
      "a.png": Buffer.from("no picture"),
    };
    const faultsOf = (text: string) => documentFaults(text, (file) => files[file]);
    const raw = `${repository}/raw/HEAD/`;
    const blob = `${repository}/blob/HEAD/`;
    const bad: readonly (readonly [text: string, fault: string])[] = [
      ["[a](CONTRIBUTING.md)", 'taken out: <a href="CONTRIBUTING.md">'],
      ["[a](http://example.com)", 'taken out: <a href="http://example.com">'],
      ["[a](command:b)", 'taken out: <a href="command:b">'],
      [`[a](${blob}B.md)`, `no such file: ${blob}B.md`],
      [`[a](${blob}A.md#two)`, `no such heading: ${blob}A.md#two`],
      [`[a](${repository}/tree/x)`, `no such page: ${repository}/tree/x`],
      ["# Two\n\n[a](#one)", "no such heading: #one"],
      [`![a](${raw}b.png)`, `no such picture: ${raw}b.png`],
      [`![a](${raw}a.png)`, `no PNG: ${raw}a.png`],
      ["![a](https://example.com/a.png)", "no such picture: https://example.com/a.png"],
      ["![a](docs/a.png)", 'taken out: <img src="docs/a.png" alt="a">'],
      [`![a](${raw}a.svg)`, `taken out: <img src="${raw}a.svg" alt="a">`],
      ["a <script src='a'></script>", "taken out: <script src='a'>"],
      [`<a href="${blob}A.md" onclick="b()">a</a>`, `taken out: <a href="${blob}A.md" onclick="b()">`],
    ];
    for (const [text, fault] of bad) assert.deepEqual(faultsOf(text), [fault]);
    const whole = fs.readFileSync(path.join(picturesFolder, "hover.png"));
    assert.deepEqual(
      documentFaults(`![](${raw}a.png)`, () => whole),
      [`no alternative text: ${raw}a.png`],
    );
    const good = `# A b\n\n[a](#a-b) [b](${blob}A.md#one-b-1) [c](${blob}A.md#one-b--c) [d](${blob}A.md#über)`;
    assert.deepEqual(faultsOf(`${good} [e](${repository}/issues) <https://x.y>`), []);
  });

  it("begin with an animated picture, which is also a valid still picture", () => {
    const [, first] = /!\[.*\]\(docs\/images\/([\w.-]+)\)/.exec(fs.readFileSync("README.md", "utf8")) ?? [];
    assert.equal(first, animated);
    const animatedPicture = fs.readFileSync(path.join(picturesFolder, animated));
    assert.ok(pngFrames(animatedPicture) >= 4);
    assert.ok(pngSize(animatedPicture));
    const [still, other] = ["hover.png", "history.png"].map((name) => fs.readFileSync(path.join(picturesFolder, name)));
    assert.ok(still && other);
    assert.equal(pngFrames(still), 0);
    const two = animatedPng(
      [still, still].map((png) => ({ png, ms: 1 })),
      1,
    );
    assert.deepEqual([pngFrames(two), pngSize(two)], [2, pngSize(still)]);
    assert.throws(
      () =>
        animatedPng(
          [still, other].map((png) => ({ png, ms: 1 })),
          1,
        ),
      /another size/,
    );
  });

  it("have their pictures checked: intact ones pass; damaged, truncated and empty ones fail", () => {
    const whole = fs.readFileSync(path.join(picturesFolder, "hover.png"));
    const size = pngSize(whole);
    assert.ok(size !== undefined && size.width > 400 && size.height > 300, JSON.stringify(size));
    assert.equal(pngSize(whole.subarray(0, -12)), undefined, "without its last chunk");
    assert.equal(pngSize(whole.subarray(0, whole.length >> 1)), undefined, "the first half");
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
    assert.equal(pngSize(damaged), undefined, "one bit flipped");
    assert.equal(pngSize(Buffer.alloc(0)), undefined, "empty");
    assert.equal(pngSize(deflateSync(whole)), undefined, "not a PNG");
  });
});
