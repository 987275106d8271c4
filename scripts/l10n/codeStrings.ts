import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

/** A user-visible text in the code. */
export interface CodeString {
  /** The English text, followed by a slash and the comment if there is one. */
  readonly key: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

export interface CodeStrings {
  readonly strings: readonly CodeString[];
  /** Calls of `t` whose text is not a literal and cannot be translated. */
  readonly faults: readonly string[];
}

/** Every `t("…")` of the TypeScript files below `folder`. `vscode-l10n-dev export` finds only `l10n.t("…")`. */
export function codeStringsBelow(folder: string): CodeStrings {
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file))
    .sort();
  const found = files.map((file) => codeStringsIn(file, fs.readFileSync(file, "utf8")));
  return { strings: found.flatMap(({ strings }) => strings), faults: found.flatMap(({ faults }) => faults) };
}

/** Every `t("…")` of one file that imports `t` from `@vscode/l10n`. */
export function codeStringsIn(file: string, source: string): CodeStrings {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const strings: CodeString[] = [];
  const faults: string[] = [];
  if (!importsT(tree)) return { strings, faults };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") {
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const text = node.arguments[0] && textOf(node.arguments[0]);
      if (text) strings.push({ ...text, file, line });
      else faults.push(`${file}:${line}: the text of t() is not a string literal`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { strings, faults };
}

/** `"text"`, or `{ message: "text", comment: ["…"] }` for a text with different meanings in different places. */
function textOf(node: ts.Expression): Pick<CodeString, "key" | "text"> | undefined {
  if (ts.isStringLiteral(node)) return { key: node.text, text: node.text };
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const member = (name: string): ts.Expression | undefined =>
    node.properties.filter(ts.isPropertyAssignment).find(({ name: found }) => found.getText() === name)?.initializer;
  const [message, comment] = [member("message"), member("comment")];
  if (!message || !ts.isStringLiteral(message) || !comment) return undefined;
  const parts = [...(ts.isArrayLiteralExpression(comment) ? comment.elements : [comment])];
  const texts = parts.filter(ts.isStringLiteral).map(({ text }) => text);
  return texts.length === parts.length ? { key: `${message.text}/${texts.join("")}`, text: message.text } : undefined;
}

function importsT(tree: ts.SourceFile): boolean {
  return tree.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return false;
    const names = statement.importClause?.namedBindings;
    const isL10n = statement.moduleSpecifier.text === "@vscode/l10n";
    return isL10n && names !== undefined && ts.isNamedImports(names) && names.elements.some(({ name }) => name.text === "t");
  });
}
