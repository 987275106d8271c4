import type { TableContent } from "./content";
import { element, escaped } from "./markup";

/**
 * The sessions as the markup of a table whose first column has the row headers, or the caption alone without sessions.
 * Every text in it is escaped.
 */
export function tableMarkup({ caption, columns, rows, totals }: TableContent): string {
  if (rows.length === 0) return element("p", {}, escaped(caption));
  const head = row(columns.map((text) => element("th", { scope: "col" }, escaped(text))));
  const body = rows.map(cells).join("");
  return element(
    "table",
    {},
    element("caption", {}, escaped(caption)) +
      element("thead", {}, head) +
      element("tbody", {}, body) +
      (totals.length > 0 ? element("tfoot", {}, cells(totals)) : ""),
  );
}

function cells([first = "", ...others]: readonly string[]): string {
  return row([
    element("th", { scope: "row" }, escaped(first)),
    ...others.map((text) => element("td", {}, escaped(text))),
  ]);
}

function row(parts: readonly string[]): string {
  return element("tr", {}, parts.join(""));
}
