import type { Clock } from "../../src/base/clock";
import { type Disposable, toDisposable } from "../../src/base/disposable";

interface Timer {
  at: number;
  readonly order: number;
  readonly action: () => void;
}

/**
 * A clock that stands still until a test advances it. `advance` runs due timers in time order and lets promises settle
 * in between, so code that awaits between timers behaves as on a real clock, without waiting.
 */
export class FakeClock implements Clock {
  private timers: Timer[] = [];
  private order = 0;

  constructor(private time = Date.UTC(2026, 10, 23, 8, 0, 0)) {}

  now(): number {
    return this.time;
  }

  get pendingTimers(): number {
    return this.timers.length;
  }

  after(delayMs: number, action: () => void): Disposable {
    const timer: Timer = { at: this.time + Math.max(0, delayMs), order: this.order++, action };
    this.timers.push(timer);
    return toDisposable(() => {
      this.timers = this.timers.filter((other) => other !== timer);
    });
  }

  /** Advances time by `ms` and runs the timers due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const next = this.timers
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)
        .at(0);
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
      await settle();
    }
    this.time = Math.max(this.time, end);
    await settle();
  }

  /** Simulates a blocked process: time passes, and timers due meanwhile run late. */
  hang(ms: number): void {
    this.time += ms;
  }

  /** Jumps like a laptop's clock over a sleep or a correction: nothing runs, and timers keep their remaining time. */
  jump(ms: number): void {
    this.time += ms;
    for (const timer of this.timers) timer.at += ms;
  }
}

/** Lets all promises settle that need no passage of time. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}
