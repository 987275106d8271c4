import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Vin } from "../charging/vin";
import { minimumGapMs } from "./schedule";

/** The cars that were asked for within the last ten seconds, whatever the user has done to the clock meanwhile. */
export class JustAsked implements Disposable {
  private readonly timers = new Map<Vin, Disposable>();

  constructor(private readonly clock: Clock) {}

  has(vin: Vin): boolean {
    return this.timers.has(vin);
  }

  add(vin: Vin): void {
    this.timers.get(vin)?.dispose();
    this.timers.set(
      vin,
      this.clock.after(minimumGapMs, () => this.timers.delete(vin)),
    );
  }

  dispose(): void {
    for (const timer of this.timers.values()) timer.dispose();
    this.timers.clear();
  }
}
