import vscode = require("vscode");
import type { Clock } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import type { Focus } from "../base/focus";

/** The focus of this window. */
export class WindowFocus implements Focus, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<boolean>());
  readonly onDidChange = this.changed.event;
  private leftAt: number;

  constructor(private readonly clock: Clock) {
    this.leftAt = clock.now();
    let focused = vscode.window.state.focused;
    this.store.add(
      vscode.window.onDidChangeWindowState((state) => {
        if (state.focused === focused) return;
        focused = state.focused;
        if (!focused) this.leftAt = clock.now();
        this.changed.fire(focused);
      }),
    );
  }

  get isFocused(): boolean {
    return vscode.window.state.focused;
  }

  lastFocusedAt(): number {
    return this.isFocused ? this.clock.now() : this.leftAt;
  }

  dispose(): void {
    this.store.dispose();
  }
}
