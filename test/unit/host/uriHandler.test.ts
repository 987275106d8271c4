import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { editor } from "../../support/product/standInEditor";
import { registerCallbackUri } from "../../../src/host/uriHandler";

describe("The VS Code URI for Volvo ID's answers", () => {
  let received: URLSearchParams[];
  let isAwaited: boolean;

  beforeEach(() => {
    editor.begin();
    received = [];
    isAwaited = true;
    const receive = (parameters: URLSearchParams) => {
      received.push(parameters);
      return Promise.resolve(isAwaited);
    };
    registerCallbackUri({ receive });
  });

  const open = (path: string, query: string) => editor.uriHandler?.handleUri({ path, query } as unknown as vscode.Uri);

  it("passes on an answer, with the plus signs that VS Code has decoded", async () => {
    await open("/callback", "code=a+b/c=&state=s+t");
    assert.deepEqual(
      received.map((parameters) => Object.fromEntries(parameters)),
      [{ code: "a+b/c=", state: "s+t" }],
    );
    assert.deepEqual(editor.texts, []);
  });

  it("ignores all other paths", async () => {
    await open("/other", "code=a&state=s");
    assert.deepEqual([received, editor.texts], [[], []]);
  });

  it("shows a message with instructions if no window waits for the answer", async () => {
    isAwaited = false;
    await open("/callback", "code=a&state=s");
    assert.match(editor.texts.join(), /^No window is waiting for this response from Volvo ID\. .*paste it there\.$/);
  });
});
