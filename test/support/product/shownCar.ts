import type { Row } from "../../../src/present/row";
import { tree } from "../../../src/present/tree";
import type { ViewState } from "../../../src/present/viewState";

export interface ShownCar {
  /** The row of the first car. */
  readonly row: Row | undefined;
  /** What the view says is wrong with it. */
  readonly sentence: string;
  /** The title of the action that helps. */
  readonly action: string | undefined;
}

/** The first car in the view, with its problem: its own, or the one above the cars that all of them share. */
export function shownCar(view: ViewState): ShownCar {
  const rows = tree(view);
  const row = rows.find(({ car }) => car !== "");
  const isProblem = ({ context }: Row) => context === "problem";
  const shared = rows.find(isProblem);
  if (shared) {
    const action = shared.command?.title;
    return { row, sentence: (action === undefined ? shared.label : shared.description) ?? "", action };
  }
  const own = row?.children.find(isProblem);
  return { row, sentence: own?.label ?? "", action: own?.command?.title };
}
