// Runs inside the workbench's page and reads painted colors. Results are declared in `ui/contrast.ts`.
"use strict";

/* global document, getComputedStyle, inPage */

Object.assign(inPage, {
  /** Any CSS color as `[red, green, blue, alpha]`, the first three from 0 to 255. */
  rgba(color) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d");
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  },

  over: ([red, green, blue, alpha], below) =>
    [red, green, blue].map((value, index) => value * alpha + below[index] * (1 - alpha)),

  /** The combined background of an element and its ancestors. */
  backgroundOf(element) {
    if (!element) return [255, 255, 255];
    return inPage.over(
      inPage.rgba(getComputedStyle(element).backgroundColor),
      inPage.backgroundOf(element.parentElement),
    );
  },

  paintedColors: (selector) =>
    inPage.visible(selector).map((element) => {
      const background = inPage.backgroundOf(element);
      const glyph = getComputedStyle(element, element.classList.contains("codicon") ? "::before" : undefined);
      return {
        what: `${element.className} ${inPage.text(element)}`.trim(),
        foreground: inPage.over(inPage.rgba(glyph.color), background),
        background,
      };
    }),
});
