import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const folder = path.join("test", "unit", "present", "golden");

/**
 * Compares `text` with the golden file `<name>.txt`. `UPDATE_GOLDEN=1` writes the file instead; read the difference
 * before you commit it.
 */
export function assertGolden(name: string, text: string): void {
  const file = path.join(folder, `${name}.txt`);
  const actual = `${text.trimEnd()}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, actual);
    return;
  }
  const expected = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  assert.equal(actual, expected, `${file} (UPDATE_GOLDEN=1 rewrites it)`);
}
