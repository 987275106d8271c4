import vscode = require("vscode");
import type { Disposable } from "../base/disposable";
import { statusTool } from "../contributions";

/** The work of the tool for language models. */
export interface StatusTool {
  prepare(input: unknown): vscode.PreparedToolInvocation;
  /** The text for the language model. Rejects with one sentence for people. */
  invoke(input: unknown, token: vscode.CancellationToken): Promise<string>;
}

/** Registers the tool and calls `load` when it is used. `undefined` if the editor has no tools for language models. */
export function registerStatusTool(load: () => Promise<StatusTool>): Disposable | undefined {
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  return lm?.registerTool?.<unknown>(statusTool, {
    prepareInvocation: async ({ input }) => (await load()).prepare(input),
    invoke: async ({ input }, token) => {
      const text = await (await load()).invoke(input, token);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  });
}
