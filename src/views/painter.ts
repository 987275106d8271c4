import { type Clock, minuteMs, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import type { Event } from "../base/event";
import type { Core } from "../core/core";
import { setUpState } from "../present/setUpState";
import { statusBar } from "../present/statusBar";
import { ageHoldsFor } from "../present/times";
import { treeModel, welcomeCause } from "../present/tree";
import type { ViewState } from "../present/viewState";
import { contextValues } from "../status/contextValues";
import type { ContextKeys } from "./contextKeys";
import type { StatusBarView } from "./statusBarView";
import type { TreeView } from "./treeView";

export interface PainterPorts {
  readonly clock: Clock;
  /** Computes the current view state. */
  readonly viewState: () => ViewState;
  /** Whether a check is running. */
  readonly isChecking: () => boolean;
  /** The user's own cars, even while the demo shows others. */
  readonly own: Pick<Core, "session" | "settings" | "carStore">;
  readonly focus: { readonly isFocused: boolean };
  readonly statusBar: StatusBarView;
  readonly tree: TreeView;
  readonly keys: ContextKeys;
}

/** The shortest time between two paintings during a check. The answers still appear one by one, at little cost. */
const gapMs = secondMs / 10;

/** In a window without focus, perhaps on a second screen, a shown age is updated this often. */
const unfocusedTickMs = 5 * minuteMs;

/**
 * Paints the view state after each change, and as soon as a shown age changes. All changes of one event-loop turn make
 * one painting. During a check, paintings are at least 100 ms apart; the end of the check is painted at once.
 */
export class Painter implements Disposable {
  private readonly store = new DisposableStore();
  private tick: Disposable | undefined;
  private scheduled = false;
  private gap: Disposable | undefined;
  private isDue = false;

  constructor(
    private readonly ports: PainterPorts,
    changes: readonly Event<unknown>[],
  ) {
    for (const change of changes) this.store.add(change(() => this.paintSoon()));
  }

  dispose(): void {
    this.tick?.dispose();
    this.gap?.dispose();
    this.store.dispose();
  }

  private paintSoon(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      if (this.store.isDisposed) return;
      if (this.gap && this.ports.isChecking()) this.isDue = true;
      else this.paint();
    });
  }

  private keepGap(): void {
    this.isDue = false;
    this.gap?.dispose();
    this.gap = undefined;
    if (!this.ports.isChecking()) return;
    this.gap = this.ports.clock.after(gapMs, () => {
      this.gap = undefined;
      if (this.isDue) this.paint();
    });
  }

  private paint(): void {
    this.keepGap();
    const { clock, focus, keys, own } = this.ports;
    const view = this.ports.viewState();
    const item = statusBar(view);
    const tree = treeModel(view);
    this.ports.statusBar.show(item, view.settings);
    this.ports.tree.show(tree);
    keys.set("welcome", welcomeCause(view));
    keys.set("demo", view.settings.demo);
    if (view.settings.demo) keys.set("demoSeen", true);
    const state = setUpState(own.session.current, own.settings.current, own.carStore.current);
    for (const key of ["signedIn", "hasCars", "keyWorks", "signInWorks", "carWasRead"] as const)
      keys.set(key, state[key]);
    keys.set("hasHistory", view.history?.hasHistory === true);
    keys.set("canResume", view.mode !== undefined);
    const { connection, stale, pluggedIn, charging, fault } = contextValues(view);
    keys.set("connection", connection);
    keys.set("stale", stale);
    keys.set("pluggedIn", pluggedIn);
    keys.set("charging", charging);
    keys.set("fault", fault);
    this.tick?.dispose();
    this.tick = undefined;
    const times = [...(item?.shownTimes ?? []), ...tree.shownTimes];
    if (times.length === 0) return;
    const holdsForMs = Math.min(...times.map((at) => ageHoldsFor(at, view.now)));
    this.tick = clock.after(Math.max(holdsForMs, focus.isFocused ? 0 : unfocusedTickMs), () => this.paint());
  }
}
