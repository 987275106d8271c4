import { type Disposable, toDisposable } from "./disposable";

/** A subscription function, call-compatible with VS Code's `Event`. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/**
 * The sending end of an {@link Event}. A listener that throws does not stop the others. Its error goes to `onError`, or
 * is dropped if there is none.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  constructor(private readonly onError?: (error: unknown) => void) {}

  readonly event: Event<T> = (listener) => {
    // A wrapper per subscription, so one function subscribed twice is two subscriptions.
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      // An earlier listener may have unsubscribed this one.
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

/** Subscribes until `event` fires once. */
export function once<T>(event: Event<T>, listener: (value: T) => unknown): Disposable {
  const subscription = event((value) => {
    subscription.dispose();
    listener(value);
  });
  return subscription;
}
