// Runs inside the workbench's page before the other readers, which use these helpers. It is plain JavaScript, because
// the project's TypeScript has no DOM types. `ui/inPage.ts` declares its functions.
"use strict";

/* global document, getComputedStyle, innerWidth, innerHeight, devicePixelRatio, setTimeout, inPage */

globalThis.inPage = {
  isVisible(element) {
    if (!element) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== "hidden";
  },

  visible: (selector, root = document) => [...root.querySelectorAll(selector)].filter((part) => inPage.isVisible(part)),

  text: (element) => (element?.innerText ?? element?.textContent ?? "").replace(/[\u00a0\u200b]/g, " ").trim(),

  label: (element) => element?.getAttribute("aria-label") ?? "",

  icon(element) {
    const style = getComputedStyle(element, "::before");
    const glyph = /^"(.*)"$/su.exec(style.content)?.[1] ?? "";
    const names = [...element.classList].map((name) => /^codicon-(?!modifier-|colored$)(.+)$/.exec(name)?.[1]);
    return {
      id: names.find((name) => name !== undefined) ?? "",
      glyph,
      fontFamily: style.fontFamily.replace(/["']/g, ""),
      fontLoaded: glyph !== "" && document.fonts.check(`16px ${style.fontFamily}`, glyph),
      color: style.color,
      spinning: element.classList.contains("codicon-modifier-spin"),
    };
  },

  /** The icons inside `element`, including `element` itself. */
  icons: (element) =>
    [element, ...element.querySelectorAll(".codicon")]
      .filter((candidate) => candidate.classList.contains("codicon"))
      .map((icon) => inPage.icon(icon)),

  /** One line for each visible part of the workbench. */
  describe() {
    const parts = {
      "status bar": ".statusbar-item",
      "quick input": ".quick-input-widget",
      notification: ".notification-toast",
      dialog: ".monaco-dialog-box",
      menu: ".context-view .monaco-menu",
      hover: ".workbench-hover",
      "side bar": ".part.sidebar",
      editors: ".part.editor .tab",
    };
    return Object.entries(parts).flatMap(([name, selector]) => {
      const texts = inPage.visible(selector).map((part) => inPage.label(part) || inPage.text(part));
      const line = texts.filter(Boolean).join(" ; ").replace(/\s+/g, " ").slice(0, 600);
      return line ? [`${name}: ${line}`] : [];
    });
  },

  /** Resolves when fonts are loaded and finite animations have ended. */
  async painted() {
    await document.fonts.ready;
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
  },

  focused() {
    const element = document.activeElement;
    const within = document.getElementById(element?.getAttribute("aria-activedescendant") ?? "");
    return inPage.label(within ?? element) || inPage.label(element?.closest("[aria-label]"));
  },

  endlessAnimations: () =>
    document.getAnimations().filter(({ effect }) => {
      const target = effect?.target;
      return effect?.getComputedTiming().endTime === Infinity && inPage.isVisible(target);
    }).length,

  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),

  size: () => ({ width: innerWidth, height: innerHeight, scale: devicePixelRatio }),
};
