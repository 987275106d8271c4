import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Vin } from "../charging/vin";
import { minimumGapMs } from "./schedule";

/** The cars that were asked for within the last ten seconds, by any window, regardless of changes of the clock. */
export class RecentRequests implements Disposable {
  private readonly timers = new Map<Vin, Disposable>();

  constructor(private readonly clock: Clock) {}

  /** Whether the car is one of them; also where it is known to have been asked for `at` that time (ms). */
  has(vin: Vin, at: number | undefined): boolean {
    return this.timers.has(vin) || (at !== undefined && Math.abs(this.clock.now() - at) < minimumGapMs);
  }

  /** A request for the car left `ageMs` ago. */
  add(vin: Vin, ageMs = 0): void {
    this.timers.get(vin)?.dispose();
    this.timers.set(
      vin,
      this.clock.after(minimumGapMs - ageMs, () => this.timers.delete(vin)),
    );
  }

  dispose(): void {
    for (const timer of this.timers.values()) timer.dispose();
    this.timers.clear();
  }
}
