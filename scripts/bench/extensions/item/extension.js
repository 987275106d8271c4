"use strict";

const vscode = require("vscode");

/** Shows an item as early as an extension can. */
exports.activate = (context) => {
  const item = vscode.window.createStatusBarItem("item", vscode.StatusBarAlignment.Right, 0);
  item.text = "yardstick";
  item.show();
  context.subscriptions.push(item);
};
