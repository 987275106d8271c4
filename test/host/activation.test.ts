import assert from "node:assert/strict";
import path from "node:path";
import vscode = require("vscode");

describe("the extension in the extension host", () => {
  it("is installed and activates", async () => {
    const extension = vscode.extensions.getExtension("chargeglance.volvo-charging-status");
    assert.ok(extension, "VS Code does not know the extension");
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("loads only its main entry while nothing is set up", () => {
    const folder = vscode.extensions.getExtension("chargeglance.volvo-charging-status")?.extensionPath ?? "";
    const loaded = Object.keys(require.cache).filter((file) => file.startsWith(path.join(folder, "dist")));
    assert.deepEqual(
      loaded.map((file) => path.basename(file)),
      ["extension.js"],
    );
  });
});
