// A plugin of StrykerJS that leaves out the texts of log lines and of errors for developers, because the product does
// not promise their wording. It does not leave out the calls that write them.
"use strict";

const levels = new Set(["trace", "debug", "info", "warn", "error"]);

function isText({ listKey, parent }) {
  if (listKey !== "arguments") return false;
  const { type, callee } = parent;
  if (type === "NewExpression") return /Error$/.test(callee.name ?? "");
  if (type !== "CallExpression" || callee.type !== "MemberExpression" || !levels.has(callee.property.name))
    return false;
  return (callee.object.name ?? callee.object.property?.name) === "log";
}

exports.strykerPlugins = [
  {
    kind: "Ignore",
    name: "texts",
    value: { shouldIgnore: (path) => (isText(path) ? "a text for developers" : undefined) },
  },
];
