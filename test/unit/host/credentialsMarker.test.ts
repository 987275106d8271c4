import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredMark } from "../../../src/auth/credentialStore";
import { createStateFolder } from "../../../src/host/stateFolder";
import { createStoredMark } from "../../../src/host/credentialsMarker";
import { RecordingLog } from "../../support/builders/builders";

describe("The marker for stored credentials", () => {
  let path: string;
  let log: RecordingLog;
  let mark: StoredMark;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "volvo-mark-"));
    log = new RecordingLog();
    mark = createStoredMark(createStateFolder(join(path, "state")), log);
  });

  afterEach(() => rmSync(path, { recursive: true, force: true }));

  it("is an empty file in a folder, both accessible only to the user", async () => {
    assert.equal(await mark.isSet(), false);
    await mark.set(true);
    await mark.set(true);
    assert.equal(await mark.isSet(), true);
    const file = statSync(join(path, "state", "credentials-stored"));
    assert.equal(file.size, 0);
    if (process.platform !== "win32") {
      assert.deepEqual([file.mode & 0o777, statSync(join(path, "state")).mode & 0o777], [0o600, 0o700]);
    }
    await mark.set(false);
    await mark.set(false);
    assert.equal(await mark.isSet(), false);
    assert.deepEqual(readdirSync(join(path, "state")), []);
    assert.deepEqual(log.lines, []);
  });

  it("is not set if the folder cannot be written, and the failure is logged", async () => {
    writeFileSync(join(path, "state"), "a file in its place");
    await mark.set(true);
    assert.equal(await mark.isSet(), false);
    assert.match(log.lines.join(), /marker file for stored credentials could not be written/);
  });
});
