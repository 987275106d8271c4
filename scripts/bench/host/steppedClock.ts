import type { Clock } from "../../../src/base/clock";
import { type Disposable, toDisposable } from "../../../src/base/disposable";

/** Timers with at most this delay run in real time, for example those of batched writes. */
const realMs = 2_000;

/** More than the time between the product's reading of the clock and its setting of a timer. */
const planningMs = 50;

/** The host's own time, plus the jumps of {@link walkTo} and {@link leapTo} to timers with longer delays. */
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
   * Goes from timer to timer until `time` (ms since the epoch). Each timer runs at its due time and after `idle`, so
   * the product notices no jump of the clock, and no call of the folder seems to hang.
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
