import vscode = require("vscode");
import { type Disposable, DisposableStore } from "../base/disposable";
import { viewId } from "../contributions";
import type { Row } from "../present/row";
import type { TreeModel } from "../present/tree";
import { markdown } from "./markdown";

function createView(rows: vscode.TreeDataProvider<Row>): vscode.TreeView<Row> {
  return vscode.window.createTreeView(viewId, { treeDataProvider: rows, showCollapseAll: true });
}

/**
 * The "Vehicles" view. Its properties are assigned only if they differ. If any row differs, VS Code reads all rows
 * again; it keeps the selection and the expanded rows by their ids.
 */
export class TreeView implements Disposable, vscode.TreeDataProvider<Row> {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<Row | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Row>;
  private rows: readonly Row[] = [];
  private faults = 0;

  constructor(create = createView) {
    this.view = this.store.add(create(this));
  }

  show(model: TreeModel): void {
    const before = this.rows;
    if (JSON.stringify(before) !== JSON.stringify(model.rows)) {
      this.rows = model.rows;
      this.changed.fire(undefined);
    }
    if (this.faults !== model.faults) {
      this.faults = model.faults;
      this.view.badge = model.faults === 0 ? undefined : { value: model.faults, tooltip: model.badgeText };
    }
    if ((this.view.message ?? "") !== model.message) this.view.message = model.message;
    if ((this.view.description ?? "") !== model.description) this.view.description = model.description;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children.length > 0 ? Collapsed : None);
    item.id = row.id;
    item.tooltip = markdown(row.tooltip);
    item.contextValue = row.context;
    item.accessibilityInformation = { label: row.spoken };
    if (row.description !== undefined) item.description = row.description;
    if (row.command) item.command = row.command;
    if (row.icon) {
      const color = row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color);
      item.iconPath = new vscode.ThemeIcon(row.icon.id, color);
    }
    return item;
  }

  getChildren(row?: Row): Row[] {
    return [...(row ? row.children : this.rows)];
  }

  getParent(row: Row): Row | undefined {
    return this.rows.find((parent) => parent.children.some((child) => child.id === row.id));
  }

  /** Selects and expands the row with this id. Resolves even if there is none. */
  async reveal(id: string): Promise<void> {
    const row = this.rows.find((candidate) => candidate.id === id);
    if (row) await this.view.reveal(row, { select: true, focus: true, expand: true });
  }

  dispose(): void {
    this.store.dispose();
  }
}
