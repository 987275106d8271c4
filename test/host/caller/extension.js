/* global require, exports */
// Another extension, which calls ours as any extension can.
"use strict";

const vscode = require("vscode");

exports.activate = (context) => {
  const received = [];
  context.subscriptions.push(
    vscode.commands.registerCommand("caller.record", (...args) => void received.push(args)),
    vscode.commands.registerCommand("caller.fail", () => Promise.reject(new Error("as told"))),
  );
  return {
    /** The arguments of every call of caller.record. */
    received,
    getStatus: (argument) => vscode.commands.executeCommand("volvoCharging.getStatus", argument),
    /** The text that a language model would get. */
    async invokeTool(input, token) {
      const options = { toolInvocationToken: undefined, input };
      const { content } = await vscode.lm.invokeTool("get_volvo_charging_status", options, token);
      return content.map((part) => part.value).join("");
    },
  };
};
