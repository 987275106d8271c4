"use strict";

const vscode = require("vscode");

/** Shows a page with one word, as early as an extension can. Without retained context, it is loaded again each time. */
exports.activate = (context) => {
  let panel;
  const show = () => {
    if (panel) return panel.reveal();
    panel = vscode.window.createWebviewPanel("volvo-bench.page", "Page", vscode.ViewColumn.Active, {
      // VS Code loads a page without scripts in another way.
      enableScripts: true,
    });
    panel.webview.html = `<!DOCTYPE html><html><body><main data-yardstick>yardstick</main></body></html>`;
  };
  context.subscriptions.push(vscode.commands.registerCommand("volvo-bench.page", show));
};
