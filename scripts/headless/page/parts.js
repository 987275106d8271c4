// Runs inside the workbench's page and reads its single parts as a user sees them. Results are declared in `ui/`.
"use strict";

/* global document, MutationObserver, inPage */

const severityIn = (classes, prefix) =>
  ["info", "warning", "error"].find((kind) => classes.includes(`${prefix}${kind}`));

Object.assign(inPage, {
  statusBarItem(id) {
    const item = inPage.visible(`.statusbar-item[id="${id}"]`)[0];
    if (!item) return undefined;
    const label = item.querySelector(".statusbar-item-label") ?? item;
    const has = (name) => item.classList.contains(name);
    return {
      text: (label.textContent ?? "").trim(),
      ariaLabel: inPage.label(item),
      icons: inPage.icons(label),
      background: has("error-kind") ? "error" : has("warning-kind") ? "warning" : "none",
      side: has("left") ? "left" : "right",
    };
  },

  /** Records each change of an item's appearance, until `recordedItem` returns the list. */
  recordItem(id) {
    const states = [];
    const shown = (state) => state && `${state.text} ${state.icons.map((icon) => icon.id).join(" ")}`;
    const look = () => {
      const state = inPage.statusBarItem(id);
      if (states.length === 0 || shown(states.at(-1)) !== shown(state)) states.push(state);
    };
    look();
    const observer = new MutationObserver(look);
    const kinds = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document.querySelector(".part.statusbar"), kinds);
    inPage.recordedItem = () => {
      observer.disconnect();
      return states;
    };
  },

  activityBar: (selector) =>
    [...document.querySelectorAll(selector)].map((item) => {
      const label = item.querySelector(".action-label");
      const badge = item.querySelector(".badge");
      return {
        ariaLabel: inPage.label(label),
        badge: inPage.isVisible(badge) ? inPage.text(badge) : undefined,
        icon: label?.classList.contains("codicon") ? inPage.icon(label) : undefined,
        open: item.classList.contains("checked"),
      };
    }),

  hovers: (selector) =>
    inPage.visible(selector).map((hover) => {
      const content = hover.querySelector(".hover-contents") ?? hover;
      return {
        text: inPage.text(content),
        links: [...content.querySelectorAll("a")].map((link) => ({
          text: inPage.text(link),
          target: link.dataset.href ?? link.getAttribute("href") ?? "",
        })),
        icons: inPage.icons(content),
        html: content.innerHTML,
      };
    }),

  fit(selector) {
    const hover = inPage.visible(selector)[0];
    if (!hover) return undefined;
    const { left, top, right, bottom } = hover.getBoundingClientRect();
    const hidden = (whole, seen) =>
      Math.max(0, ...[hover, ...hover.querySelectorAll("*")].map((part) => part[whole] - part[seen]));
    return {
      ...{ left, top, right, bottom },
      hiddenRight: hidden("scrollWidth", "clientWidth"),
      hiddenBelow: hidden("scrollHeight", "clientHeight"),
    };
  },

  menuItems: (selector) =>
    inPage
      .visible(`${selector} .action-menu-item .action-label`)
      .map((label) => inPage.text(label))
      .filter((label) => label !== ""),

  dialog(selector) {
    const box = inPage.visible(selector)[0];
    if (!box) return undefined;
    return {
      message: inPage.text(box.querySelector(".dialog-message-text")),
      detail: inPage.text(box.querySelector(".dialog-message-detail")),
      severity: severityIn(box.querySelector(".dialog-icon")?.className ?? "", "codicon-dialog-") ?? "none",
      buttons: inPage.visible(".dialog-buttons .monaco-button", box).map((button) => inPage.text(button)),
    };
  },

  tabs() {
    const tabs = [...document.querySelectorAll(".part.editor .tab")];
    const [active, others] = [true, false].map((wanted) =>
      tabs.filter((tab) => tab.classList.contains("active") === wanted),
    );
    return [...active, ...others].map(
      (tab) => tab.dataset.resourceName ?? inPage.text(tab.querySelector(".label-name")),
    );
  },

  editorText() {
    const lines = inPage.visible(".part.editor .monaco-editor .view-lines")[0]?.querySelectorAll(".view-line") ?? [];
    return [...lines]
      .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
      .map((line) => (line.textContent ?? "").replace(/\u00a0/g, " "))
      .join("\n");
  },

  toast(toast) {
    const part = (name) => toast.querySelector(`.notification-list-item-${name}`);
    const buttons = part("buttons-container")?.querySelectorAll(".monaco-button") ?? [];
    const progress = (toast.closest(".monaco-list-row") ?? toast).querySelector(".monaco-progress-container.active");
    const severity = severityIn(part("icon")?.className ?? "", "codicon-") ?? "info";
    return {
      message: inPage.text(part("message")),
      severity: inPage.isVisible(progress) ? "progress" : severity,
      source: inPage.text(part("source")).replace(/^Source: /, ""),
      buttons: [...buttons].map((button) => inPage.text(button)).filter((label) => label !== ""),
    };
  },

  toasts: (selector) => inPage.visible(selector).map((toast) => inPage.toast(toast)),

  /** Calls `notificationShown` for each new notification, and for each change of its text. */
  recordToasts(selector) {
    const recorded = new WeakMap();
    const texts = new Set();
    const look = () => {
      for (const toast of document.querySelectorAll(selector)) {
        const seen = inPage.toast(toast);
        if (!seen.message || recorded.get(toast) === seen.message) continue;
        recorded.set(toast, seen.message);
        // The notification center shows earlier toasts again in separate elements.
        if (toast.closest(".notifications-center") && texts.has(seen.message)) continue;
        texts.add(seen.message);
        void globalThis.notificationShown(seen);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  },
});
