"use strict";

const vscode = require("vscode");

/** Shows a page with one word, as early as an extension can. VS Code loads the page again each time it is shown. */
exports.activate = (context) => {
  let panel;
  const show = () => {
    if (panel) return panel.reveal();
    panel = vscode.window.createWebviewPanel("volvo-bench.page", "Page", vscode.ViewColumn.Active, {
      // VS Code loads pages without scripts differently.
      enableScripts: true,
    });
    panel.webview.html = `<!DOCTYPE html><html><body><main data-yardstick>yardstick</main></body></html>`;
  };
  context.subscriptions.push(vscode.commands.registerCommand("volvo-bench.page", show));
};
