/** JavaScript for a separate process: `anything` replaces `vscode`, has every member and does nothing. */
export const anythingScript = `const anything = new Proxy(class {}, { get: (_, name) => (name === "prototype" ? Object.prototype : anything), apply: () => anything });`;
