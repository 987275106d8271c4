import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { projectRoot } from "../../scripts/headless/paths";

/** docs/integrations.md. */
export const integrationsText = fs.readFileSync(path.join(projectRoot, "docs", "integrations.md"), "utf8");

/** The example whose code block has this name. */
export function example(name: string): string {
  const found = new RegExp("```\\w+ " + name + "\\n([^]*?)```").exec(integrationsText)?.[1];
  assert.ok(found, name);
  return found;
}

/** {@link example}, parsed as JSON. */
export function jsonExample(name: string): unknown {
  return JSON.parse(example(name));
}
