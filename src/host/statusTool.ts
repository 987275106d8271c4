import vscode = require("vscode");
import { type Disposable, toDisposable } from "../base/disposable";
import { statusTool } from "../contributions";

/** What the tool for language models does. */
export interface StatusTool {
  prepare(input: unknown): vscode.PreparedToolInvocation;
  /** The text for the language model. Rejects with one sentence for people. */
  invoke(input: unknown, token: vscode.CancellationToken): Promise<string>;
}

/** Registers the tool, where the editor has such tools. `load` is called when it is used. */
export function registerStatusTool(load: () => Promise<StatusTool>): Disposable {
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  const registered = lm?.registerTool?.<unknown>(statusTool, {
    prepareInvocation: async ({ input }) => (await load()).prepare(input),
    invoke: async ({ input }, token) => {
      const text = await (await load()).invoke(input, token);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  });
  return registered ?? toDisposable(() => undefined);
}
