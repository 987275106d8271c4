import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../scripts/headless/paths";

interface Ready {
  readonly url: string;
  readonly statusBar: { readonly text: string; readonly icon: string };
  readonly tree: readonly { readonly label: string; readonly description: string; readonly icon: string }[];
}

describe("npm start -- --once", () => {
  it("prints the screen as one line, with five cars, one per state, and exits with code 0", async () => {
    const start = path.join(projectRoot, "out", "scripts", "start.js");
    // Rejects if the process exits with another code.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [start, "--once"], { cwd: projectRoot });
    assert.equal(stderr, "");
    const [, json = ""] = /^READY (\{.*\})\n$/.exec(stdout) ?? [];
    const { url, statusBar, tree } = JSON.parse(json) as Ready;
    assert.match(url, /^http:\/\/(?:localhost|127\.0\.0\.1):\d+\//);
    assert.match(statusBar.text, /^\s*XC60 Fault \+4 · Demo$/);
    assert.deepEqual(
      tree.map(({ description }) => description.split(" · ")[0]),
      ["AC", "DC", "Unplugged", "Fault", "Unknown"],
    );
    assert.equal(new Set([...tree.map(({ icon }) => icon), statusBar.icon]).size, 5);
  });
});
