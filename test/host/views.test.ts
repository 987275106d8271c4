import { systemClock } from "../../src/base/clock";
import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { minuteMs } from "../../src/base/clock";
import { Emitter } from "../../src/base/event";
import type { ViewState } from "../../src/present/viewState";
import type { Row } from "../../src/present/row";
import { statusBar } from "../../src/present/statusBar";
import { treeModel } from "../../src/present/tree";
import { parseSettings, type Settings } from "../../src/settings/settings";
import { hideMessagesFromAudience } from "../../src/views/presenterMode";
import { StatusBarView } from "../../src/views/statusBarView";
import { TreeView } from "../../src/views/treeView";
import * as scenes from "../unit/present/scenes";

const views: scenes.Scenes = {
  ...scenes.withoutCars,
  ...scenes.connections,
  ...scenes.details,
  ...scenes.problems,
  ...scenes.several,
  ...scenes.hostile,
  ...scenes.modes,
};

/** A stand-in for a VS Code object that records every assignment and call. */
function recorded(done: string[]): object {
  const target: Record<string, unknown> = {};
  return new Proxy(target, {
    set(_, name, value) {
      done.push(`${String(name)} =`);
      target[String(name)] = value;
      return true;
    },
    get: (_, name) => (name in target ? target[String(name)] : () => done.push(`${String(name)}()`)),
  });
}

describe("the views", () => {
  let item: StatusBarView;
  let tree: TreeView;
  let onItem: string[];
  let onTree: string[];
  let view: { visible: boolean };

  beforeEach(() => {
    onItem = [];
    onTree = [];
    item = new StatusBarView(() => recorded(onItem) as vscode.StatusBarItem);
    tree = new TreeView(systemClock, () => {
      const empty = { badge: undefined, message: undefined, visible: true };
      view = Object.assign(recorded(onTree), empty);
      return view as unknown as vscode.TreeView<Row>;
    });
    tree.onDidChangeTreeData(() => {
      onTree.push("rows");
      // VS Code reads a hidden view when it is opened.
      if (view.visible) tree.getChildren();
    });
    tree.getChildren();
    onTree.length = 0;
  });

  afterEach(() => {
    item.dispose();
    tree.dispose();
  });

  function paint(view: ViewState): void {
    onItem.length = 0;
    onTree.length = 0;
    item.show(statusBar(view), view.settings);
    tree.show(treeModel(view));
  }

  it("assign nothing and fire no row change if a view state equals the last one, in every scene", () => {
    for (const [title, view] of Object.entries(views)) {
      paint(scenes.modes["ordinary"] ?? view);
      paint(view);
      paint(structuredClone(view));
      assert.deepEqual([onItem, onTree], [[], []], title);
    }
  });

  it("assign only the changed parts", () => {
    const { ordinary, demo } = scenes.modes;
    assert.ok(ordinary && demo);
    paint(ordinary);
    const members = ["name", "text", "tooltip", "command", "accessibilityInformation", "backgroundColor"];
    assert.deepEqual(onItem, [...members.map((name) => `${name} =`), "show()"]);
    assert.deepEqual(onTree, ["rows", "badge ="]);
    paint({ ...ordinary, now: ordinary.now + 2 * minuteMs });
    assert.deepEqual(onItem, ["tooltip =", "accessibilityInformation ="]);
    assert.deepEqual(onTree, ["rows"]);
    paint(demo);
    assert.deepEqual(onItem, ["text =", "tooltip =", "accessibilityInformation ="]);
    assert.deepEqual(onTree, ["rows", "message ="]);
  });

  it("create no rows while the view is hidden, and fire a single change for VS Code to read them when it opens", () => {
    let rowCalls = 0;
    view.visible = false;
    const models = Object.values(scenes.connections).map((state) => treeModel(state));
    for (const model of models) {
      const rows = () => {
        rowCalls++;
        return model.rows();
      };
      tree.show({ ...model, rows });
    }
    assert.deepEqual([rowCalls, onTree.filter((what) => what === "rows")], [0, ["rows"]]);
    assert.deepEqual(tree.getChildren(), models.at(-1)?.rows());
  });

  it("remove messages from the screen when presenter mode begins, and at no other change", () => {
    const changed = new Emitter<Settings>();
    const at = (presenterMode: boolean) =>
      parseSettings((key) => (key === "privacy.presenterMode" ? presenterMode : undefined));
    let hidden = 0;
    const hiding = hideMessagesFromAudience({ current: at(false), onDidChange: changed.event }, () => void hidden++);
    const seen = [false, true, true, false, true].map((isOn) => {
      changed.fire(at(isOn));
      return hidden;
    });
    hiding.dispose();
    assert.deepEqual(seen, [0, 1, 1, 1, 2]);
  });
});
