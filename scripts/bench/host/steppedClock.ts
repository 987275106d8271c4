import type { Clock } from "../../../src/base/clock";
import { type Disposable, toDisposable } from "../../../src/base/disposable";

/** What is due within so long happens in real time: writes that are gathered. */
const realMs = 2_000;

/** Between telling a time and setting a timer for it the host's clock goes on. */
const planningMs = 50;

/** The host's own time, until {@link leapTo} goes to a moment for which something far off is planned. */
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

  /** Runs what was planned for until `time` (ms), in its order, a moment after that. */
  leapTo(time: number): void {
    const moment = time + planningMs;
    this.offset += Math.max(0, moment - this.now());
    const due = [...this.planned].filter(([, { at }]) => at <= moment).sort(([, a], [, b]) => a.at - b.at);
    for (const [key, { action }] of due) if (this.planned.delete(key)) action();
  }
}
