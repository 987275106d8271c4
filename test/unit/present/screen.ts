import { vinTail } from "../../../src/charging/vin";
import type { Row } from "../../../src/present/row";
import { statusBar } from "../../../src/present/statusBar";
import { treeModel, welcomeCause } from "../../../src/present/tree";
import type { ViewState } from "../../../src/present/viewState";
import { renderMarkdown } from "./rendered";

/** Everything that a view state shows on the screen, as text to read and compare. */
export function screenText(title: string, view: ViewState): string {
  return [`## ${title}`, "", itemText(view), "", treeText(view), ""].join("\n");
}

/**
 * The status-bar item: its text, the command of a click, its screen-reader label, and the visible text of its hover.
 */
export function itemText(view: ViewState): string {
  const item = statusBar(view);
  if (!item) return "item    (hidden)";
  const background = item.background === "none" ? "" : `  [${item.background}]`;
  return [
    `item    ${item.text}${background}`,
    `click   ${item.command}`,
    `spoken  ${item.spoken}`,
    ...renderMarkdown(item.tooltip)
      .text.split("\n")
      .map((line, index) => `${index === 0 ? "hover " : "      "}  ${line}`),
  ].join("\n");
}

export function treeText(view: ViewState): string {
  const { rows: rowsOf, faults } = treeModel(view);
  const rows = rowsOf();
  const head = rows.length === 0 ? `welcome ${welcomeCause(view)}` : "";
  const badge = faults === 0 ? "" : `badge   ${String(faults)}`;
  return [head, badge, ...rows.flatMap((row) => rowLines(row, view, 0))].filter((line) => line !== "").join("\n");
}

function rowLines(row: Row, view: ViewState, depth: number): readonly string[] {
  const indent = "  ".repeat(depth);
  const icon = row.icon ? `$(${row.icon.id})${row.icon.color === undefined ? "" : `{${row.icon.color}}`} ` : "";
  const description = row.description === undefined ? "" : ` — ${row.description}`;
  const command = row.command ? ` → ${row.command.command}` : "";
  const place = depth === 0 ? ` (${row.context})` : "";
  const hover = renderMarkdown(row.tooltip).text.split("\n").join(" ⏎ ");
  const tooltip = depth === 0 || row.context.endsWith("At") ? [`${indent}    hover ${hover}`] : [];
  return [
    `row     ${indent}${icon}${row.label}${description}${command}${place}`,
    ...tooltip,
    ...row.children.flatMap((child) => rowLines(child, view, depth + 1)),
  ];
}

/** The ends of the VINs of all cars, for checks that they are not on the screen. */
export function tailsOf(view: ViewState): readonly string[] {
  return view.cars.map((car) => vinTail(car.vin));
}
