import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { assertNoLeak, formsOf, isOwnSettings, scanFolder, type Secret } from "../../support/leakScan";

describe("the leak scan", () => {
  const secret: Secret = { kind: "client secret", value: "s1mulat0r+secret/with:odd%characters" };
  let folder: string;

  beforeEach(async () => (folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-scan-"))));
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const scan = () => scanFolder(folder, [secret], isOwnSettings);

  it("finds a planted secret in every form and position", async () => {
    await fs.mkdir(path.join(folder, "deep", "er"), { recursive: true });
    for (const [written, form] of formsOf(secret.value)) {
      await fs.writeFile(path.join(folder, "deep", "er", "file"), `before ${written} after`, "latin1");
      const { leaks, files } = await scan();
      assert.equal(files, 1);
      assert.ok(
        leaks.some((leak) => leak.form === form && leak.file === "deep/er/file"),
        form,
      );
      assert.throws(() => assertNoLeak({ files, bytes: 0, leaks }), /client secret .* in deep\/er\/file/);
    }
    const header = Buffer.from(`client:${secret.value}`).toString("base64");
    await fs.writeFile(path.join(folder, "deep", "er", "file"), `Authorization: Basic ${header}`);
    assert.equal((await scan()).leaks.length, 1);
  });

  it("finds every part of a planted secret that is long enough to differ from a word, in UTF-8 and UTF-16", async () => {
    const { value } = secret;
    const parts: string[] = [];
    const write = (name: string, text: string) => fs.writeFile(path.join(folder, name), text, "latin1");
    for (const written of [value, encodeURIComponent(value)]) {
      for (let from = 0; from + 12 <= written.length; from++) {
        const part = `HTTP 500 ${written.slice(from, from + 12)}`;
        for (const text of [part, Buffer.from(part, "utf16le").toString("latin1")]) {
          await write(`part-${parts.length}`, text);
          parts.push(`part-${parts.length}, client secret, part`);
        }
        await write(`word-${parts.length}`, `HTTP 500 ${written.slice(from, from + 11)}`);
      }
    }
    const { leaks } = await scan();
    const found = leaks.map(({ file, kind, form }) => `${file}, ${kind}, ${form}`);
    assert.deepEqual(found.sort(), parts.sort());
  });

  it("finds a truncated VIN", async () => {
    await fs.writeFile(path.join(folder, "log"), "HTTP 500 /vehicles/YV1TEST00000…");
    assert.deepEqual(
      (await scan()).leaks.map(({ kind }) => kind),
      ["VIN"],
    );
  });

  it("finds a VIN in upper and lower case and in UTF-8 and UTF-16, except in the user's own settings", async () => {
    await fs.mkdir(path.join(folder, "User"));
    const vin = "YV1TEST0000000001";
    for (const text of [vin, vin.toLowerCase(), Buffer.from(vin, "utf16le").toString("latin1")]) {
      await fs.writeFile(path.join(folder, "User", "settings.json"), text, "latin1");
      await fs.rm(path.join(folder, "other"), { force: true });
      assert.deepEqual((await scan()).leaks, []);
      await fs.writeFile(path.join(folder, "other"), text, "latin1");
      assert.deepEqual(
        (await scan()).leaks.map(({ kind, file }) => `${kind} ${file}`),
        ["VIN other"],
      );
    }
  });

  it("finds nothing in clean files, and reports the number of bytes read", async () => {
    await fs.writeFile(path.join(folder, "log"), "The item …0001 is masked •••");
    const result = await scan();
    assert.deepEqual([result.files, result.leaks], [1, []]);
    assert.ok(result.bytes > 20);
    assertNoLeak(result);
  });
});
