import { type Disposable, toDisposable } from "./disposable";

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Smaller jumps of the clock are ignored (ms). */
export const clockToleranceMs = 10 * secondMs;

/** `setTimeout` fires at once for delays longer than this (Node: 2^31-1 ms). */
const longestTimerMs = 2_147_483_647;

/** The core's only source of time. Tests replace it with a fake. */
export interface Clock {
  /** Milliseconds since the epoch. May jump either way when the user changes the system clock. */
  now(): number;
  /** Calls `action` once after `delayMs` (negative counts as 0), unless disposed first. */
  after(delayMs: number, action: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(0, delayMs), longestTimerMs));
    return toDisposable(() => clearTimeout(timer));
  },
};

/** Resolves after `delayMs`. Rejects with the signal's reason if `signal` aborts first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      timer.dispose();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Settles as `promise` does, or rejects with `TimeoutError` after `limitMs`. The timer never outlives the promise.
 * `what` names the promise in the error. Calls into VS Code need this limit: they never settle once their window is
 * closed.
 */
export function withTimeLimit<T>(clock: Clock, promise: PromiseLike<T>, limitMs: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(limitMs, () => reject(new TimeoutError(`${what} gave no answer within ${limitMs} ms`)));
    promise.then(
      (value) => {
        timer.dispose();
        resolve(value);
      },
      (error: unknown) => {
        timer.dispose();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passed on unchanged
        reject(error);
      },
    );
  });
}

export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}
