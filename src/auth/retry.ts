import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";

/** Does something again later, and every time twice as much later, up to a limit. */
export class Retry implements Disposable {
  private delayMs: number;
  private timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly firstMs: number,
    private readonly lastMs: number,
  ) {
    this.delayMs = firstMs;
  }

  /** Whether nothing was put off since the beginning or {@link over}. */
  get isFirst(): boolean {
    return this.delayMs === this.firstMs;
  }

  /** Replaces what was put off before. */
  later(action: () => void): void {
    this.timer?.dispose();
    this.timer = this.clock.after(this.delayMs, action);
    this.delayMs = Math.min(this.delayMs * 2, this.lastMs);
  }

  /** What was put off is no longer due, and the next time begins with the shortest delay. */
  over(): void {
    this.timer?.dispose();
    this.delayMs = this.firstMs;
  }

  dispose(): void {
    this.timer?.dispose();
  }
}
