/* global require, exports */
// Another extension, which calls ours as any extension can, and records what VS Code calls for ours.
"use strict";

const vscode = require("vscode");

exports.activate = (context) => {
  const received = [];
  const tasks = [];
  // VS Code has this view only while the condition of the shortcut in docs/integrations.md holds.
  const condition = vscode.window.createTreeView("caller.condition", {
    treeDataProvider: { getChildren: () => [], getTreeItem: (element) => element },
  });

  /** A terminal that ends at once. */
  function pseudoterminal() {
    const written = new vscode.EventEmitter();
    const closed = new vscode.EventEmitter();
    return { onDidWrite: written.event, onDidClose: closed.event, open: () => closed.fire(0), close: () => undefined };
  }

  context.subscriptions.push(
    vscode.commands.registerCommand("caller.record", (...args) => void received.push(args)),
    vscode.commands.registerCommand("caller.fail", () => Promise.reject(new Error("as told"))),
    condition,
    // A task of this type needs no shell. VS Code has resolved the variables in `definition`.
    vscode.tasks.registerTaskProvider("caller", {
      provideTasks: () => [],
      resolveTask: (task) => {
        const execution = new vscode.CustomExecution((definition) => {
          tasks.push({ name: task.name, command: definition.command });
          return Promise.resolve(pseudoterminal());
        });
        return new vscode.Task(task.definition, task.scope, task.name, "caller", execution);
      },
    }),
  );
  return {
    /** The arguments of every call of caller.record. */
    received,
    conditionHolds: () => condition.visible,
    /** The name and command of every task of type "caller" that ran. */
    tasks,
    getStatus: (argument) => vscode.commands.executeCommand("volvoCharging.getStatus", argument),
    /** The text that a language model would get. */
    async invokeTool(input, token) {
      const options = { toolInvocationToken: undefined, input };
      const { content } = await vscode.lm.invokeTool("get_volvo_charging_status", options, token);
      return content.map((part) => part.value).join("");
    },
  };
};
