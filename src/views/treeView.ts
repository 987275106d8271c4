import vscode = require("vscode");
import { type Clock, sleep } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { viewId } from "../contributions";
import type { Row } from "../present/row";
import type { TreeModel } from "../present/tree";
import { markdown } from "./markdown";

function createView(rows: vscode.TreeDataProvider<Row>): vscode.TreeView<Row> {
  return vscode.window.createTreeView(viewId, { treeDataProvider: rows, showCollapseAll: true });
}

const mostTries = 25;
const retryDelayMs = 200;

/**
 * The "Vehicles" view. Its properties are assigned only if they differ. If any row differs, VS Code is told once to
 * read all rows again; it keeps the selection and the expanded rows by their ids.
 */
export class TreeView implements Disposable, vscode.TreeDataProvider<Row> {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<Row | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Row>;
  private model: TreeModel | undefined;
  /** The rows that VS Code has read, as JSON; `undefined` after it is told to read them, until it does. */
  private read: string | undefined;
  private faults = 0;

  constructor(
    private readonly clock: Clock,
    create = createView,
  ) {
    this.view = this.store.add(create(this));
  }

  show(model: TreeModel): void {
    this.model = model;
    // VS Code reads a hidden view when it is opened. Until then, its rows are neither built nor compared.
    if (this.read !== undefined && (!this.view.visible || JSON.stringify(model.rows()) !== this.read)) {
      this.read = undefined;
      this.changed.fire(undefined);
    }
    if (this.faults !== model.faults) {
      this.faults = model.faults;
      this.view.badge = model.faults === 0 ? undefined : { value: model.faults, tooltip: model.badgeText };
    }
    if ((this.view.message ?? "") !== model.message) this.view.message = model.message;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children.length > 0 ? Collapsed : None);
    item.id = row.id;
    item.tooltip = markdown(row.tooltip);
    item.contextValue = row.context;
    item.accessibilityInformation = { label: row.spoken };
    if (row.description !== undefined) item.description = row.description;
    if (row.command) {
      const { title, command, argument } = row.command;
      item.command = { title, command, ...(argument !== undefined && { arguments: [argument] }) };
    }
    if (row.icon) {
      const color = row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color);
      item.iconPath = new vscode.ThemeIcon(row.icon.id, color);
    }
    return item;
  }

  getChildren(row?: Row): Row[] {
    if (row) return [...row.children];
    const { rows } = this;
    this.read = JSON.stringify(rows);
    return [...rows];
  }

  getParent(row: Row): Row | undefined {
    return this.rows.find((parent) => parent.children.some((child) => child.id === row.id));
  }

  private get rows(): readonly Row[] {
    return this.model?.rows() ?? [];
  }

  /** The key of the car whose row is selected; `undefined` for any other row. */
  get selectedCar(): string | undefined {
    const [row] = this.view.selection;
    return row && row.id === row.car ? row.car : undefined;
  }

  /**
   * Selects and expands the row with this id. A view that is opened for the first time refuses or ignores a row until
   * it has read all rows, so this retries until the row is selected. Resolves even if there is no such row. Rejects if
   * VS Code refuses the row at the last try.
   */
  async reveal(id: string): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const row = this.rows.find((candidate) => candidate.id === id);
      if (!row) return;
      try {
        await this.view.reveal(row, { select: true, focus: true, expand: true });
      } catch (error) {
        if (tries === mostTries - 1) throw error;
      }
      if (this.view.selection.some((selected) => selected.id === id)) return;
      await sleep(this.clock, retryDelayMs);
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}
