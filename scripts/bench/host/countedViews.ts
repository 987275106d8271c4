import { setTimeout as delay } from "node:timers/promises";
import vscode = require("vscode");
import { systemClock } from "../../../src/base/clock";
import { focusViewCommand } from "../../../src/contributions";
import type { Row } from "../../../src/present/row";
import { ContextKeys } from "../../../src/views/contextKeys";
import { StatusBarView } from "../../../src/views/statusBarView";
import { TreeView } from "../../../src/views/treeView";

/** Assignments to VS Code. */
export interface Assignments {
  /** By name. `view.rows` is the event that makes VS Code read all rows again. */
  readonly counts: Readonly<Record<string, number>>;
  /** The number of them that changed nothing. */
  readonly equal: number;
}

const lookAgainMs = 20;

/** The product's views in this window, with counted assignments to VS Code. */
export class CountedViews {
  readonly statusBar: StatusBarView;
  readonly tree: TreeView;
  readonly keys = new ContextKeys();
  /** Set only while counting, because comparisons cost time that is not the product's. */
  private counting: { readonly counts: Record<string, number>; equal: number } | undefined;
  private rows = "";
  private view: { readonly visible: boolean } | undefined;
  private readonly keyValues = new Map<unknown, unknown>();

  constructor() {
    const { commands, window } = vscode;
    const { createStatusBarItem, createTreeView } = window;
    const { executeCommand } = commands;
    window.createStatusBarItem = ((...parameters: unknown[]) =>
      this.counted(
        "item",
        Reflect.apply(createStatusBarItem, window, parameters) as object,
      )) as typeof createStatusBarItem;
    window.createTreeView = ((...parameters: unknown[]) => {
      const view = Reflect.apply(createTreeView, window, parameters) as { readonly visible: boolean };
      this.view = view;
      return this.counted("view", view);
    }) as typeof createTreeView;
    commands.executeCommand = ((...parameters: unknown[]) => {
      const [command, key, value] = parameters;
      if (command === "setContext") {
        this.count("context", () => this.keyValues.get(key) === value);
        this.keyValues.set(key, value);
      }
      return Reflect.apply(executeCommand, commands, parameters) as unknown;
    }) as typeof executeCommand;
    this.statusBar = new StatusBarView();
    this.tree = new TreeView(systemClock);
    this.tree.onDidChangeTreeData(() => this.count("view.rows", () => this.keepRows()));
  }

  /** Counts the assignments during `work`, while the view is open. */
  async countWhile(work: () => Promise<void>): Promise<Assignments> {
    await vscode.commands.executeCommand(focusViewCommand);
    while (this.view?.visible === false) await delay(lookAgainMs);
    this.keepRows();
    const counting = (this.counting = { counts: {}, equal: 0 });
    try {
      await work();
      return counting;
    } finally {
      this.counting = undefined;
      await vscode.commands.executeCommand("workbench.action.closeSidebar");
    }
  }

  dispose(): void {
    this.statusBar.dispose();
    this.tree.dispose();
  }

  private count(name: string, isEqual: () => boolean): void {
    if (!this.counting) return;
    const { counts } = this.counting;
    counts[name] = (counts[name] ?? 0) + 1;
    if (isEqual()) this.counting.equal++;
  }

  /** Stores the current rows. True if they equal the rows of the last call. */
  private keepRows(): boolean {
    const before = this.rows;
    this.rows = this.rowsBelow(undefined);
    return this.rows === before;
  }

  /** All data that VS Code would get for the rows below `row`, as text. */
  private rowsBelow(row: Row | undefined): string {
    return this.tree
      .getChildren(row)
      .map((child) => JSON.stringify(this.tree.getTreeItem(child)) + this.rowsBelow(child))
      .join();
  }

  private counted(owner: string, target: object): object {
    let called: PropertyKey | undefined;
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== "function") return value;
        return (...parameters: unknown[]) => {
          this.count(`${owner}.${String(name)}()`, () => called === name);
          called = name;
          return Reflect.apply(value, object, parameters) as unknown;
        };
      },
      set: (object, name, value: unknown) => {
        this.count(`${owner}.${String(name)}`, () => textOf(Reflect.get(object, name)) === textOf(value));
        return Reflect.set(object, name, value);
      },
    });
  }
}

function textOf(value: unknown): string | undefined {
  return value instanceof vscode.MarkdownString ? value.value : JSON.stringify(value);
}
