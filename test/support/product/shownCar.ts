import type { Row } from "../../../src/present/row";
import { tree } from "../../../src/present/tree";
import type { ViewState } from "../../../src/present/viewState";

export interface ShownCar {
  /** The row of the first car. */
  readonly row: Row | undefined;
  /** The sentence about its problem; empty without one. */
  readonly sentence: string;
  /** The sentence with the title of the offered action: "No answer. → Refresh". */
  readonly problem: string;
  /** The description of its row, after the label of the row above it if there is one: "No response / AC · 5 min ago". */
  readonly state: string;
}

/** The first car in the view with its problem: its own, or the one that all cars share, in the row above them. */
export function shownCar(view: ViewState): ShownCar {
  const rows = tree(view);
  const row = rows.find(({ car }) => car !== "");
  const isProblem = ({ context }: Row) => context === "problem";
  const { spoken = "", command } = [...rows, ...(row?.children ?? [])].find(isProblem) ?? {};
  const text = spoken.replace(/^Problem: /, "");
  const state = [rows.find(isProblem)?.label, row?.description].filter((part) => part !== undefined).join(" / ");
  const sentences = command ? text.slice(0, -command.title.length - 1) : text;
  const sentence = sentences.replace(/ Next check [^.]+\.$/, "");
  return { row, state, sentence, problem: command ? `${sentence} → ${command.title}` : sentence };
}
