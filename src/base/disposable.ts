/** Holds a resource until it is disposed. Compatible with VS Code's `Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** A disposable that runs `action` at most once. */
export function toDisposable(action: () => void): Disposable {
  let pending: (() => void) | undefined = action;
  return {
    dispose() {
      const run = pending;
      pending = undefined;
      run?.();
    },
  };
}

/**
 * Owns disposables and disposes them last in, first out. A member added after disposal is disposed at once, so a late
 * answer cannot leave a timer or listener behind. If members throw, the others are still disposed, and the first error
 * is rethrown at the end.
 */
export class DisposableStore implements Disposable {
  private members: Disposable[] = [];
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Takes ownership of `member` and returns it. */
  add<T extends Disposable>(member: T): T {
    if (this.disposed) member.dispose();
    else this.members.push(member);
    return member;
  }

  dispose(): void {
    this.disposed = true;
    const errors: unknown[] = [];
    for (let member = this.members.pop(); member; member = this.members.pop()) {
      try {
        member.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
