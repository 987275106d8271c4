// Runs inside the workbench's page and reads the quick input and the trees. Results are declared in `ui/`.
"use strict";

/* global document, inPage */

Object.assign(inPage, {
  /** Reads all parts in one call, so that they are from the same moment. */
  quickInput(selector) {
    const widget = inPage.visible(selector)[0];
    if (!widget) return undefined;
    const input = widget.querySelector(".quick-input-filter input");
    const box = widget.querySelector(".quick-input-filter .monaco-inputbox")?.classList;
    const visibleText = (part) => inPage.text(inPage.visible(part, widget)[0]);
    const title = /^(.*?)(?: \((\d+\/\d+)\))?$/su.exec(visibleText(".quick-input-title"));
    const list = inPage.visible(".quick-input-list", widget)[0];
    return {
      title: title?.[1] ?? "",
      step: title?.[2] ?? "",
      placeholder: input?.placeholder ?? "",
      value: input?.value ?? "",
      message: visibleText(".quick-input-message"),
      severity: ["error", "warning", "info"].find((kind) => box?.contains(kind)) ?? "none",
      isPassword: input?.type === "password",
      enabled: input !== null && !input.disabled,
      busy: inPage.visible(".quick-input-progress.active", widget).length > 0,
      buttons: inPage
        .visible(".monaco-action-bar .action-label[aria-label]", widget)
        .filter((button) => !button.closest(".quick-input-list"))
        .map((button) => inPage.label(button)),
      items: list ? inPage.byIndex(list, ".monaco-list-row").map(inPage.quickPickItem) : [],
    };
  },

  quickPickItem(row) {
    const label = row.querySelector(".quick-input-list-row .label-name");
    const several = row.closest(".show-checkboxes") !== null;
    return {
      index: Number(row.dataset.index),
      label: inPage.text(label),
      description: inPage.text(row.querySelector(".label-description")),
      detail: inPage.text(row.querySelector(".quick-input-list-label-meta")),
      icons: label ? inPage.icons(label) : [],
      checked: several ? row.getAttribute("aria-checked") === "true" : undefined,
    };
  },

  treeRows: (tree) => inPage.byIndex(document, `${tree} .monaco-list-row`).map(inPage.treeRow),

  treeRow(row) {
    const image = row.querySelector(".custom-view-tree-node-item-icon");
    const expanded = row.getAttribute("aria-expanded");
    return {
      index: Number(row.dataset.index),
      label: inPage.text(row.querySelector(".label-name")),
      description: inPage.text(row.querySelector(".label-description")),
      ariaLabel: inPage.label(row),
      level: Number(row.getAttribute("aria-level")),
      expanded: expanded === null ? undefined : expanded === "true",
      icon: image?.classList.contains("codicon") && inPage.isVisible(image) ? inPage.icon(image) : undefined,
      actions: [...row.querySelectorAll(".actions .action-label[aria-label]")].map(inPage.label),
      selected: row.classList.contains("selected"),
    };
  },

  /** The visible rows by their index. The DOM has rows in any order, including rows of closed views. */
  byIndex: (root, selector) =>
    inPage.visible(selector, root).sort((a, b) => Number(a.dataset.index) - Number(b.dataset.index)),

  welcome(view) {
    const content = inPage.visible(`${view} .welcome-view-content`)[0];
    if (!content) return undefined;
    const texts = (selector) => inPage.visible(selector, content).map((part) => inPage.text(part));
    return { text: texts("p").join("\n"), buttons: texts(".monaco-button"), links: texts("p a") };
  },

  /** The texts of the visible elements of `selector`. */
  texts: (selector) => inPage.visible(selector).map((part) => inPage.text(part)),

  titleActions: (selector) =>
    inPage.visible(`${selector} .action-label[aria-label]`).map((action) => ({
      label: inPage.label(action),
      icons: inPage.icons(action),
    })),
});
