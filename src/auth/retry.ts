import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";

/** Does something again later, and every time twice as much later, up to a limit and until it has been calm. */
export class Retry implements Disposable {
  private delayMs: number;
  private timer: Disposable | undefined;
  private doneAt = Infinity;

  /** All in ms. The delays start over `calmMs` after an attempt that no {@link later} followed. */
  constructor(
    private readonly clock: Clock,
    private readonly firstMs: number,
    private readonly lastMs: number,
    private readonly calmMs = Infinity,
  ) {
    this.delayMs = firstMs;
  }

  /** Whether the next time that something is put off would be the first one, or the first after {@link over} or a calm. */
  get isFirst(): boolean {
    return this.delayMs === this.firstMs || this.clock.now() - this.doneAt >= this.calmMs;
  }

  /** Whether something is put off and not yet done. */
  get isPending(): boolean {
    return this.timer !== undefined;
  }

  /** Replaces what was put off before. */
  later(action: () => void): void {
    this.timer?.dispose();
    if (this.isFirst) this.delayMs = this.firstMs;
    this.timer = this.clock.after(this.delayMs, () => {
      this.timer = undefined;
      this.doneAt = this.clock.now();
      action();
    });
    this.delayMs = Math.min(this.delayMs * 2, this.lastMs);
  }

  /** Cancels the waiting attempt. The next wait begins with the shortest delay. */
  over(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.delayMs = this.firstMs;
  }

  dispose(): void {
    this.timer?.dispose();
  }
}
