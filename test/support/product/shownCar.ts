import type { Row } from "../../../src/present/row";
import { tree } from "../../../src/present/tree";
import type { ViewState } from "../../../src/present/viewState";

export interface ShownCar {
  /** The row of the first car. */
  readonly row: Row | undefined;
  /** What the view says is wrong with it; empty for nothing. */
  readonly sentence: string;
  /** The sentence with the title of the action that it offers: "No answer. → Refresh". */
  readonly problem: string;
}

/** The first car in the view, with its problem: its own, or the one above the cars that all of them share. */
export function shownCar(view: ViewState): ShownCar {
  const rows = tree(view);
  const row = rows.find(({ car }) => car !== "");
  const { spoken = "", command } =
    [...rows, ...(row?.children ?? [])].find(({ context }) => context === "problem") ?? {};
  const text = spoken.replace(/^Problem: /, "");
  if (!command) return { row, sentence: text, problem: text };
  const sentence = text.slice(0, -command.title.length - 1);
  return { row, sentence, problem: `${sentence} → ${command.title}` };
}
