import type { Clock } from "./clock";
import type { Disposable } from "./disposable";

/**
 * Runs `action` at once when asked, and not again until it has finished and `gapMs` (ms) have passed. All requests in
 * between cause one further run.
 */
export class Throttle implements Disposable {
  private gap: Disposable | undefined;
  private isBusy = false;
  private isDue = false;
  private isDisposed = false;

  /** `action` must not reject. */
  constructor(
    private readonly clock: Clock,
    private readonly gapMs: number,
    private readonly action: () => Promise<void>,
  ) {}

  ask(): void {
    if (this.isDisposed) return;
    this.isDue = true;
    if (!this.isBusy) void this.run();
  }

  /** Cancels any pending run. */
  dispose(): void {
    this.isDisposed = true;
    this.gap?.dispose();
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    this.isDue = false;
    await this.action();
    if (this.isDisposed) return;
    this.gap = this.clock.after(this.gapMs, () => {
      this.isBusy = false;
      if (this.isDue) void this.run();
    });
  }
}
