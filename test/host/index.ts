import fs from "node:fs/promises";
import path from "node:path";
import Mocha from "mocha";
import { writeSeededSecrets } from "../support/seededSecrets";

/**
 * Runs every `*.test.js` below this folder with mocha, inside the extension host that loads this file. Rejects if a
 * test fails or if there is none. `VOLVO_TEST_GREP` selects tests by title. `VOLVO_TEST_SECRETS` names the file for the
 * strings that the leak scan must not find afterwards.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const grep = process.env["VOLVO_TEST_GREP"];
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 20_000, reporter: "spec", ...(grep ? { grep } : {}) });
  const files = (await fs.readdir(__dirname, { recursive: true })).filter((file) => file.endsWith(".test.js")).sort();
  if (files.length === 0) throw new Error(`No tests below ${__dirname}`);
  for (const file of files) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  await writeSeededSecrets(process.env["VOLVO_TEST_SECRETS"] ?? "");
  if (failures > 0) throw new Error(`${failures} of the host tests failed`);
}
