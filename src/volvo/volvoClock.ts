import { minuteMs, secondMs } from "../base/clock";
import type { Logger } from "../base/log";

/** Smaller differences are ignored: answers take time, and `Date` has whole seconds. */
const toleratedMs = 2 * minuteMs;
/** With three times, one odd time does not change the median. */
const rememberedTimes = 3;

/**
 * Volvo's clock by the median of the last three `Date` headers. This computer's clock can be wrong by minutes, and the
 * times of measurements are by Volvo's clock.
 */
export class VolvoClock {
  private differences: readonly number[] = [];
  private isLogged = false;

  constructor(private readonly log: Logger) {}

  /** Takes the time of an answer that came at `now` (ms). An answer with an `Age` header comes from a cache. */
  answered(headers: Headers, now: number): void {
    const date = Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(date) || headers.has("age")) return;
    this.differences = [...this.differences, date - now].slice(-rememberedTimes);
    const { aheadMs } = this;
    if (aheadMs === 0) this.isLogged = false;
    else if (!this.isLogged) {
      this.isLogged = true;
      const minutes = Math.round(Math.abs(aheadMs) / minuteMs);
      this.log.warn(`This computer's clock is about ${minutes} minutes ${aheadMs > 0 ? "slow" : "fast"}`);
    }
  }

  /** How far it is ahead of this computer's (ms), in whole seconds; 0 for a difference of up to two minutes. */
  get aheadMs(): number {
    // Of two differences the smaller one counts, so that one odd time does not move a correct clock.
    const known = this.differences.length === 2 ? [0, ...this.differences] : this.differences;
    const median = [...known].sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
    return Math.abs(median) > toleratedMs ? Math.round(median / secondMs) * secondMs : 0;
  }
}
