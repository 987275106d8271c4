import type { Clock } from "../../../src/base/clock";
import { type Disposable, toDisposable } from "../../../src/base/disposable";

/** Timers due within this time run in real time: batched writes. */
const realMs = 2_000;

/** The host's clock advances between reading the time and setting a timer for it. */
const planningMs = 50;

/** The host's own time, until {@link walkTo} or {@link leapTo} goes to a moment with a distant timer. */
export class SteppedClock implements Clock {
  private offset = 0;
  private readonly planned = new Map<object, { readonly at: number; readonly action: () => void }>();

  now(): number {
    return Date.now() + this.offset;
  }

  after(delayMs: number, action: () => void): Disposable {
    if (delayMs <= realMs) {
      const timer = setTimeout(action, Math.max(0, delayMs));
      return toDisposable(() => clearTimeout(timer));
    }
    const key = {};
    this.planned.set(key, { at: this.now() + delayMs, action });
    return toDisposable(() => this.planned.delete(key));
  }

  /**
   * Goes to `time` (ms) from timer to timer, each at its moment and after `idle`. So the product notices no jump of the
   * clock, and no call of the folder seems to hang.
   */
  async walkTo(time: number, idle: () => Promise<void>): Promise<void> {
    await idle();
    for (;;) {
      const [next] = [...this.planned].filter(([, { at }]) => at < time).sort(([, a], [, b]) => a.at - b.at);
      if (!next) return;
      const [key, { at, action }] = next;
      this.planned.delete(key);
      this.offset += Math.max(0, at - this.now());
      action();
      await idle();
    }
  }

  /** Jumps to a moment after `time` (ms) and runs the timers due by then, in order. */
  leapTo(time: number): void {
    const moment = time + planningMs;
    this.offset += Math.max(0, moment - this.now());
    const due = [...this.planned].filter(([, { at }]) => at <= moment).sort(([, a], [, b]) => a.at - b.at);
    for (const [key, { action }] of due) if (this.planned.delete(key)) action();
  }
}
