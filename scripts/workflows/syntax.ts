import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

/**
 * What GitHub's own language service finds wrong with a workflow: unknown keys, jobs, contexts and outputs, and faulty
 * expressions. `file` is its name below .github/workflows; each fault begins with file and line.
 */
export async function syntaxFaults(file: string, text: string): Promise<readonly string[]> {
  const document = TextDocument.create(`file:///.github/workflows/${file}`, "yaml", 1, text);
  const faults = await validate(document);
  return faults.map(
    ({ range, message }) => `${file}:${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`,
  );
}
