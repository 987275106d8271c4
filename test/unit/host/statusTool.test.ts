import assert from "node:assert/strict";
import { Disposable, editor } from "../../support/product/standInEditor";
import type * as vscode from "vscode";
import { Emitter } from "../../../src/base/event";
import { createStatusTool, type StatusToolDeps } from "../../../src/commands/statusTool";
import { registerStatusTool } from "../../../src/host/statusTool";

describe("The registration of the language-model tool", () => {
  const load = () => Promise.resolve(createStatusTool({} as StatusToolDeps));

  beforeEach(() => editor.begin());

  it("is skipped in an editor without such tools", () => {
    assert.equal(registerStatusTool(load), undefined);
  });

  it("makes VS Code ask the user before each call, for any input", async () => {
    let tool: vscode.LanguageModelTool<unknown> | undefined;
    editor.registerTool = (name, registered) => {
      assert.equal(name, "get_volvo_charging_status");
      tool = registered;
      return new Disposable(() => undefined);
    };
    assert.ok(registerStatusTool(load));
    const token = { isCancellationRequested: false, onCancellationRequested: new Emitter<void>().event };
    for (const input of [{}, { refresh: true }, { history: { days: 7 } }, { history: { days: 0 } }, undefined, "x"]) {
      const prepared = await tool?.prepareInvocation?.({ input }, token);
      assert.equal(prepared?.confirmationMessages?.title, "Share the charging status of your cars?");
      assert.equal(prepared.invocationMessage, "Reading the charging status");
    }
  });
});
