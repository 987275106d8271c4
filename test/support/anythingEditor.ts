/** JavaScript for a process of its own: `anything` stands in for `vscode`, has everything and does nothing. */
export const anythingScript = `const anything = new Proxy(class {}, { get: (_, name) => (name === "prototype" ? Object.prototype : anything), apply: () => anything });`;
