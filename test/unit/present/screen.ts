import { vinTail } from "../../../src/charging/vin";
import { carViews, type Picture } from "../../../src/present/picture";
import { statusBar } from "../../../src/present/statusBar";
import { type Row, treeModel, welcomeCause } from "../../../src/present/tree";
import { renderMarkdown } from "./rendered";

/** Everything that a picture puts on the screen, as text to be read and compared. */
export function screenText(title: string, picture: Picture): string {
  return [`## ${title}`, "", itemText(picture), "", treeText(picture), ""].join("\n");
}

/** The status-bar item: its text, what a click does, what is read aloud, and its hover as a person reads it. */
export function itemText(picture: Picture): string {
  const item = statusBar(picture);
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

export function treeText(picture: Picture): string {
  const { rows, faults } = treeModel(picture);
  const head = rows.length === 0 ? `welcome ${welcomeCause(picture)}` : "";
  const badge = faults === 0 ? "" : `badge   ${String(faults)}`;
  return [head, badge, ...rows.flatMap((row) => rowLines(row, picture, 0))].filter((line) => line !== "").join("\n");
}

function rowLines(row: Row, picture: Picture, depth: number): readonly string[] {
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
    ...row.children.flatMap((child) => rowLines(child, picture, depth + 1)),
  ];
}

/** The tails of the VINs of all cars, for statements about what must not be on the screen. */
export function tailsOf(picture: Picture): readonly string[] {
  return carViews(picture).map((car) => vinTail(car.vin));
}
