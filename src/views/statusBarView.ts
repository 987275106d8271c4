import vscode = require("vscode");
import type { Disposable } from "../base/disposable";
import { statusBarItemId } from "../contributions";
import type { Glance } from "../present/glance";
import type { StatusBarModel } from "../present/statusBar";
import type { Settings } from "../settings/settings";
import { markdown } from "./markdown";

const backgrounds = {
  none: undefined,
  warning: "statusBarItem.warningBackground",
  error: "statusBarItem.errorBackground",
} as const;

type Shown = Glance & Partial<StatusBarModel>;

type CreateItem = (id: string, side: vscode.StatusBarAlignment, priority: number) => vscode.StatusBarItem;

const createItem: CreateItem = (id, side, priority) => vscode.window.createStatusBarItem(id, side, priority);

/** The status-bar item. Its properties are assigned only if they differ. */
export class StatusBarView implements Disposable {
  private item: vscode.StatusBarItem | undefined;
  private place = "";
  private firstPlace: string | undefined;
  private shown: Shown | undefined;

  constructor(private readonly create = createItem) {}

  /**
   * Shows the item, or hides it without a model. Hover and screen-reader label keep their values if `model` has none,
   * as in the first painting.
   */
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
   * Side and priority of an item are fixed when it is created, so another place needs another item. It also needs
   * another id: VS Code puts an item with a known id in the place of the first item with that id (`_existingItems` in
   * extHostStatusBar.ts).
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
