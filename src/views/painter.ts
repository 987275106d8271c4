import { type Clock, secondMs, turnMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import type { Event } from "../base/event";
import type { Core } from "../core";
import type { ContextKeys } from "./contextKeys";
import type { Picture } from "../present/picture";
import { setUpState } from "../present/setUpState";
import { glance, statusBar } from "../present/statusBar";
import { ageHoldsFor } from "../present/times";
import { treeModel, welcomeCause } from "../present/tree";
import type { StatusBarView } from "./statusBarView";
import type { TreeView } from "./treeView";

export interface PainterPorts {
  readonly clock: Clock;
  readonly picture: () => Picture;
  /** The user's own cars, also while the demo's are shown. */
  readonly own: Pick<Core, "session" | "settings">;
  readonly focus: { readonly isFocused: boolean };
  readonly statusBar: StatusBarView;
  readonly tree: TreeView;
  readonly keys: ContextKeys;
}

/** While cars are asked for, each answer is several changes: often enough to watch, too seldom to be felt. */
const gapMs = secondMs / 10;

/**
 * Paints the picture on every change, once per turn however many changes there were, and again in a focused window at
 * the next moment when a shown age changes. While cars are being asked for it keeps 100 ms between two paintings; the end
 * of it is painted at once. At the start of a window it paints what is seen of cars at a glance as soon as there is
 * anything, and all the rest in a later turn: making the first date of a process takes longer than all else until then.
 */
export class Painter implements Disposable {
  private readonly store = new DisposableStore();
  private tick: Disposable | undefined;
  private scheduled = false;
  private gap: Disposable | undefined;
  private isDue = false;
  private start: "nothing" | "glanced" | "over" = "nothing";
  private first: Disposable | undefined;

  constructor(
    private readonly ports: PainterPorts,
    changes: readonly Event<unknown>[],
  ) {
    for (const change of changes) this.store.add(change(() => this.paintSoon()));
  }

  dispose(): void {
    this.tick?.dispose();
    this.gap?.dispose();
    this.first?.dispose();
    this.store.dispose();
  }

  private paintSoon(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (this.store.isDisposed) return;
      if (this.start !== "over" && this.ports.picture().garage.cars.length > 0) this.glance();
      else if (this.gap && this.isChecking()) this.isDue = true;
      else this.paint();
    });
  }

  private isChecking(): boolean {
    return this.ports.picture().garage.checking.length > 0;
  }

  private keepGap(): void {
    this.isDue = false;
    this.gap?.dispose();
    this.gap = undefined;
    if (!this.isChecking()) return;
    this.gap = this.ports.clock.after(gapMs, () => {
      this.gap = undefined;
      if (this.isDue) this.paint();
    });
  }

  private glance(): void {
    const { clock, statusBar } = this.ports;
    const picture = this.ports.picture();
    const item = glance(picture);
    statusBar.show(item, picture.settings);
    if (item && this.start === "nothing") {
      this.start = "glanced";
      this.first?.dispose();
      this.first = clock.after(turnMs, () => {
        this.first = clock.after(turnMs, () => this.paint());
      });
    } else this.first ??= clock.after(gapMs, () => this.paint());
  }

  private paint(): void {
    this.start = "over";
    this.keepGap();
    const { clock, focus, keys, own } = this.ports;
    const picture = this.ports.picture();
    const item = statusBar(picture);
    const tree = treeModel(picture);
    this.ports.statusBar.show(item, picture.settings);
    this.ports.tree.show(tree);
    keys.set("welcome", welcomeCause(picture));
    keys.set("demo", picture.settings.demo);
    const { hasApiKey, signedIn, hasCars } = setUpState(own.session.current, own.settings.current);
    keys.set("hasApiKey", hasApiKey);
    keys.set("signedIn", signedIn);
    keys.set("hasCars", hasCars);
    this.tick?.dispose();
    this.tick = undefined;
    const times = [...(item?.shownTimes ?? []), ...tree.shownTimes];
    if (times.length === 0 || !focus.isFocused) return;
    const wait = Math.min(...times.map((at) => ageHoldsFor(at, picture.now)));
    this.tick = clock.after(wait, () => this.paint());
  }
}
