import { type Disposable, toDisposable } from "./disposable";

/** A subscription function, call-compatible with VS Code's `Event`. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** The sending end of an {@link Event}. A listener that throws does not stop the others; VS Code logs its error. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener) => {
    // With a wrapper per subscription, a function that subscribes twice has two subscriptions.
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      // An earlier listener may have unsubscribed this one.
      if (!this.listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        // The extension host logs unhandled rejections.
        void Promise.reject(error instanceof Error ? error : new Error(String(error)));
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
