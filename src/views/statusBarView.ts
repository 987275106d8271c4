import * as vscode from "vscode";
import type { Disposable } from "../base/disposable";
import { statusBarItemId } from "../contributions";
import type { Glance, StatusBarModel } from "../present/statusBar";
import type { Settings } from "../settings";
import { markdown } from "./markdown";

const backgrounds = {
  none: undefined,
  warning: "statusBarItem.warningBackground",
  error: "statusBarItem.errorBackground",
} as const;

type Shown = Glance & Partial<StatusBarModel>;

type CreateItem = (id: string, side: vscode.StatusBarAlignment, priority: number) => vscode.StatusBarItem;

const createItem: CreateItem = (id, side, priority) => vscode.window.createStatusBarItem(id, side, priority);

/** The one status-bar item: assigned to only where something differs. */
export class StatusBarView implements Disposable {
  private item: vscode.StatusBarItem | undefined;
  private place = "";
  private firstPlace: string | undefined;
  private shown: Shown | undefined;

  constructor(private readonly create = createItem) {}

  /** Shows the item, or none. Without hover and spoken label where only a glance is given, as at the start. */
  show(model: Shown | undefined, settings: Settings): void {
    if (!model) {
      if (this.shown) this.item?.hide();
      this.shown = undefined;
      return;
    }
    const item = this.itemAt(settings);
    const { shown } = this;
    this.shown = model;
    if (shown?.text !== model.text) item.text = model.text;
    if (model.tooltip !== undefined && shown?.tooltip !== model.tooltip) item.tooltip = markdown(model.tooltip);
    if (shown?.command !== model.command) item.command = model.command;
    if (model.spoken !== undefined && shown?.spoken !== model.spoken) {
      item.accessibilityInformation = { label: model.spoken, role: "button" };
    }
    if (shown?.background !== model.background) {
      const color = backgrounds[model.background];
      item.backgroundColor = color === undefined ? undefined : new vscode.ThemeColor(color);
    }
    if (!shown) item.show();
  }

  dispose(): void {
    this.item?.dispose();
  }

  /**
   * Side and priority belong to an item from its making, so another place is another item. VS Code gives an item with an
   * id that it has seen in this window the place of the first one (`_existingItems` in extHostStatusBar.ts), so it also
   * has another id.
   */
  private itemAt(settings: Settings): vscode.StatusBarItem {
    const place = `${settings.statusBarAlignment}.${String(settings.statusBarPriority)}`;
    if (this.item && this.place === place) return this.item;
    this.item?.dispose();
    this.shown = undefined;
    this.place = place;
    this.firstPlace ??= place;
    const id = place === this.firstPlace ? statusBarItemId : `${statusBarItemId}.${place}`;
    const { Left, Right } = vscode.StatusBarAlignment;
    const side = settings.statusBarAlignment === "left" ? Left : Right;
    this.item = this.create(id, side, settings.statusBarPriority);
    this.item.name = "Volvo Charging";
    return this.item;
  }
}
