import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";

/** Schedules retries of an action. Each delay is twice the one before, up to a limit. */
export class Retry implements Disposable {
  private delayMs: number;
  private timer: Disposable | undefined;
  private lastRetryAt = Infinity;

  /** All times in ms. The delays start over if {@link later} is not called for `calmMs` after a retry. */
  constructor(
    private readonly clock: Clock,
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly calmMs = Infinity,
  ) {
    this.delayMs = firstMs;
  }

  /** True if the next delay is the shortest one: at first, after {@link over}, and after a calm time. */
  get isFirst(): boolean {
    return this.delayMs === this.firstMs || this.clock.now() - this.lastRetryAt >= this.calmMs;
  }

  /** True while a retry is scheduled. */
  get isPending(): boolean {
    return this.timer !== undefined;
  }

  /** Schedules `action` after the next delay, and cancels a retry that was scheduled before. */
  later(action: () => void): void {
    this.timer?.dispose();
    if (this.isFirst) this.delayMs = this.firstMs;
    this.timer = this.clock.after(this.delayMs, () => {
      this.timer = undefined;
      this.lastRetryAt = this.clock.now();
      action();
    });
    this.delayMs = Math.min(this.delayMs * 2, this.longestMs);
  }

  /** Cancels the scheduled retry. The next delay is the shortest one. */
  over(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.delayMs = this.firstMs;
  }

  dispose(): void {
    this.over();
  }
}
