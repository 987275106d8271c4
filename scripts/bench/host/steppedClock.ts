import type { Clock } from "../../../src/base/clock";
import { type Disposable, toDisposable } from "../../../src/base/disposable";

/** Timers due within this time run in real time: batched writes. */
const realMs = 2_000;

/** The host's clock advances between reading the time and setting a timer for it. */
const planningMs = 50;

/** The host's own time, until {@link leapTo} jumps to a moment with a distant timer. */
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

  /** Jumps to a moment after `time` (ms) and runs the timers due by then, in order. */
  leapTo(time: number): void {
    const moment = time + planningMs;
    this.offset += Math.max(0, moment - this.now());
    const due = [...this.planned].filter(([, { at }]) => at <= moment).sort(([, a], [, b]) => a.at - b.at);
    for (const [key, { action }] of due) if (this.planned.delete(key)) action();
  }
}
