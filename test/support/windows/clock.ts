import type { Clock } from "../../../src/base/clock";
import { toDisposable } from "../../../src/base/disposable";

interface Timer {
  readonly at: number;
  readonly order: number;
  action: (() => void) | undefined;
}

/**
 * The time of one computer. Timers follow the time in which it is awake. `now` follows the user's clock, which can be
 * set, and jumps over a sleep as on a laptop. Fast enough for simulated weeks: nothing runs between timers.
 */
export class MachineClock implements Clock {
  private readonly heap: Timer[] = [];
  private order = 0;
  private monotonic = 0;
  private slept = 0;

  constructor(private wall = Date.UTC(2026, 10, 23, 8, 0, 0)) {}

  now(): number {
    return this.wall + this.monotonic;
  }

  get pendingTimers(): number {
    return this.heap.filter(({ action }) => action).length;
  }

  /** The time that has passed since the start, sleep included, independent of the user's clock (ms). */
  get realMs(): number {
    return this.monotonic + this.slept;
  }

  /** The time in which the computer was awake, which its timers follow (ms). */
  get awakeMs(): number {
    return this.monotonic;
  }

  after(delayMs: number, action: () => void) {
    const timer: Timer = { at: this.monotonic + Math.ceil(Math.max(0, delayMs)), order: this.order++, action };
    this.push(timer);
    return toDisposable(() => (timer.action = undefined));
  }

  /** The clock of one process. Its timers do not run before `suspendedUntil` ({@link awakeMs}), and never once it is dead. */
  forProcess(isDead: () => boolean, suspendedUntil: () => number): Clock {
    return {
      now: () => this.now(),
      after: (delayMs, action) => {
        const run = () => {
          const waitMs = suspendedUntil() - this.monotonic;
          if (waitMs > 0) timer = this.after(waitMs, run);
          else if (!isDead()) action();
        };
        let timer = this.after(delayMs, run);
        return toDisposable(() => timer.dispose());
      },
    };
  }

  /** Sets the user's clock forward or back. */
  set(byMs: number): void {
    this.wall += byMs;
  }

  /** The computer sleeps: the clock advances, and the timers keep their remaining time. */
  sleep(ms: number): void {
    this.wall += ms;
    this.slept += ms;
  }

  async run(ms: number): Promise<void> {
    const end = this.monotonic + Math.ceil(ms);
    await settled();
    for (let next = this.heap[0]; next && next.at <= end; next = this.heap[0]) {
      this.pop();
      const { action } = next;
      if (!action) continue;
      this.monotonic = Math.max(this.monotonic, next.at);
      action();
      await settled();
    }
    this.monotonic = end;
    await settled();
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = timer;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const child = left + 1 < heap.length && isBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Waits for one turn of the event loop, in which all promises settle that need no passage of time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
