import * as vscode from "vscode";
import { ContextKeys } from "../../../src/views/contextKeys";
import { StatusBarView } from "../../../src/views/statusBarView";
import { TreeView } from "../../../src/views/treeView";

/** The product's views in this window, with a count of what they assign to VS Code, by name. */
export class CountedViews {
  readonly assigned = new Map<string, number>();
  /** Assignments of a value that was there already. */
  equal = 0;
  readonly statusBar: StatusBarView;
  readonly tree: TreeView;
  readonly keys = new ContextKeys();

  constructor() {
    const { window } = vscode;
    const { createStatusBarItem, createTreeView } = window;
    window.createStatusBarItem = ((...parameters: unknown[]) =>
      this.counted(
        "item",
        Reflect.apply(createStatusBarItem, window, parameters) as object,
      )) as typeof createStatusBarItem;
    window.createTreeView = ((...parameters: unknown[]) =>
      this.counted("view", Reflect.apply(createTreeView, window, parameters) as object)) as typeof createTreeView;
    this.statusBar = new StatusBarView();
    this.tree = new TreeView();
    this.tree.onDidChangeTreeData(() => this.count("view.rows"));
  }

  get total(): number {
    return [...this.assigned.values()].reduce((sum, count) => sum + count, 0);
  }

  dispose(): void {
    this.statusBar.dispose();
    this.tree.dispose();
  }

  private count(name: string): void {
    this.assigned.set(name, (this.assigned.get(name) ?? 0) + 1);
  }

  private counted(owner: string, target: object): object {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        return typeof value === "function" ? (value as (...parameters: unknown[]) => unknown).bind(object) : value;
      },
      set: (object, name, value: unknown) => {
        this.count(`${owner}.${String(name)}`);
        if (textOf(Reflect.get(object, name)) === textOf(value)) this.equal++;
        return Reflect.set(object, name, value);
      },
    });
  }
}

function textOf(value: unknown): string | undefined {
  return value instanceof vscode.MarkdownString ? value.value : JSON.stringify(value);
}
