import type { Icon } from "./connectionText";
import type { Action } from "./links";

/** A row of the tree as plain data. */
export interface Row {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** Markdown. */
  readonly tooltip: string;
  /** The label for screen readers. */
  readonly spoken: string;
  /** The row's `contextValue`, which the `when` clauses of menus match. */
  readonly context: string;
  readonly command?: Action;
  /** The key of the car that the row belongs to; empty for rows of the account. */
  readonly car: string;
  readonly children: readonly Row[];
}

/** A row that belongs to no car, such as the row of the account. */
export function rowOfNoCar(row: Omit<Row, "car" | "children">): Row {
  return { ...row, car: "", children: [] };
}

export const warningIcon: Icon = { id: "warning", color: "problemsWarningIcon.foreground" };
