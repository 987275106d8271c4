import { type Disposable, toDisposable } from "./disposable";

/** A subscription function, call-compatible with VS Code's `Event`. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/**
 * The sending end of an {@link Event}. A listener that throws does not starve the others; what it threw goes to
 * `onError`, or is dropped where none was given.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  constructor(private readonly onError?: (error: unknown) => void) {}

  readonly event: Event<T> = (listener) => {
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      // One that an earlier listener has just disposed of must not hear any more.
      if (!this.listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        this.onError?.(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** Listens until `event` fires once. */
export function once<T>(event: Event<T>, listener: (value: T) => unknown): Disposable {
  const subscription = event((value) => {
    subscription.dispose();
    listener(value);
  });
  return subscription;
}
