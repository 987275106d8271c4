import assert from "node:assert/strict";
import { sharedFolderOf } from "../../../src/host/sharedFolder";

const own = "chargeglance.volvo-charging-status";

describe("The folder that all windows share", () => {
  it("is that of the default profile, in windows of any profile", () => {
    const folder = `/home/me/.config/Code/User/globalStorage/${own}`;
    assert.equal(sharedFolderOf(folder), folder);
    assert.equal(sharedFolderOf(`/home/me/.config/Code/User/profiles/-5a3c/globalStorage/${own}`), folder);
  });

  it("is the one that VS Code names if that has another layout", () => {
    for (const folder of [`/data/User/globalStorage/profiles/${own}`, `/profiles/x/${own}`, "C:\\code\\storage"]) {
      assert.equal(sharedFolderOf(folder), folder);
    }
  });
});
