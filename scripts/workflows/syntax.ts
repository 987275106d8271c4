import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

/**
 * The faults that GitHub's own language service finds in a workflow: unknown keys, jobs, contexts and outputs, and
 * invalid expressions. `file` is the workflow's name below .github/workflows. Each fault begins with file and line.
 */
export async function syntaxFaults(file: string, text: string): Promise<readonly string[]> {
  const document = TextDocument.create(`file:///.github/workflows/${file}`, "yaml", 1, text);
  const faults = await validate(document);
  return faults.map(
    ({ range, message }) => `${file}:${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`,
  );
}
