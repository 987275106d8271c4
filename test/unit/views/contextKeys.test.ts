import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { ContextKeys } from "../../../src/views/contextKeys";

describe("A context key", () => {
  it("is written when its value changes, and only then", () => {
    editor.begin();
    const keys = new ContextKeys();
    for (const value of [false, false, true, true, false]) keys.set("pluggedIn", value);
    for (const kind of ["fault", "fault", undefined] as const) keys.set("connection", kind);
    assert.deepEqual(editor.calls, [
      ["setContext", "volvoCharging.pluggedIn", false],
      ["setContext", "volvoCharging.pluggedIn", true],
      ["setContext", "volvoCharging.pluggedIn", false],
      ["setContext", "volvoCharging.connection", "fault"],
      ["setContext", "volvoCharging.connection", undefined],
    ]);
  });
});
