import { type Clock, clockToleranceMs, minuteMs, secondMs } from "./clock";
import { type Disposable, DisposableStore } from "./disposable";
import { Emitter } from "./event";
import type { Focus } from "./focus";

const focusedTickMs = 15 * secondMs;
const unfocusedTickMs = minuteMs;

/**
 * Ticks every 15 s in a window with focus and every minute in others. System timers stop while the computer sleeps and
 * ignore changes of the clock; the ticks notice both. Holds a timer only while it is on.
 */
export class WallTimer implements Disposable {
  private readonly store = new DisposableStore();
  private readonly ticked = this.store.add(new Emitter<void>());
  readonly onTick = this.ticked.event;
  private readonly jumped = this.store.add(new Emitter<number>());
  /**
   * Fires before the tick with the difference (ms) between the clock and the timer: the clock was set, or the process
   * stood still.
   */
  readonly onDidJump = this.jumped.event;
  private timer: Disposable | undefined;
  private armedAt = 0;
  private delayMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly focus: Focus,
  ) {
    this.store.add(
      focus.onDidChange(() => {
        if (this.timer) this.tick(false);
      }),
    );
  }

  on(): void {
    if (!this.timer && !this.store.isDisposed) this.arm();
  }

  off(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  dispose(): void {
    this.off();
    this.store.dispose();
  }

  /** `hasElapsed` is false for a tick before the end of the timer's delay. */
  private tick(hasElapsed: boolean): void {
    const elapsed = this.clock.now() - this.armedAt;
    const jump = hasElapsed || elapsed > this.delayMs ? elapsed - this.delayMs : Math.min(0, elapsed);
    this.arm();
    if (Math.abs(jump) >= clockToleranceMs) this.jumped.fire(jump);
    this.ticked.fire();
  }

  private arm(): void {
    this.timer?.dispose();
    this.delayMs = this.focus.isFocused ? focusedTickMs : unfocusedTickMs;
    this.armedAt = this.clock.now();
    this.timer = this.clock.after(this.delayMs, () => this.tick(true));
  }
}
