import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Vin } from "../charging/vin";
import { minimumGapMs } from "./schedule";

/** The cars that any window has asked for within the last ten seconds. Works also if the clock is set meanwhile. */
export class RecentRequests implements Disposable {
  private readonly timers = new Map<Vin, Set<Disposable>>();

  constructor(private readonly clock: Clock) {}

  /** Whether the car is one of them. `at` is the time (ms) of its last known attempt. */
  has(vin: Vin, at: number | undefined): boolean {
    const isTimed = (this.timers.get(vin)?.size ?? 0) > 0;
    return isTimed || (at !== undefined && Math.abs(this.clock.now() - at) < minimumGapMs);
  }

  /** Adds a car whose request left `ageMs` ago. */
  add(vin: Vin, ageMs = 0): void {
    const timers = this.timers.get(vin) ?? new Set();
    this.timers.set(vin, timers);
    // A new entry never shortens an older one.
    const timer = this.clock.after(minimumGapMs - Math.max(0, ageMs), () => timers.delete(timer));
    timers.add(timer);
  }

  dispose(): void {
    for (const timers of this.timers.values()) for (const timer of timers) timer.dispose();
  }
}
