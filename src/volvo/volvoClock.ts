import { minuteMs, secondMs } from "../base/clock";
import type { Logger } from "../base/log";

/** Closer than this the clocks may lie apart: answers take time, and `Date` has whole seconds. */
const toleratedMs = 2 * minuteMs;
/** One odd time among so many changes nothing. */
const rememberedTimes = 3;

/**
 * Volvo's clock, as far as its answers tell: the median of the last three `Date` headers. A computer's clock can be
 * wrong by minutes, and what a car has measured is told by Volvo's.
 */
export class VolvoClock {
  private differences: readonly number[] = [];
  private isSaid = false;

  constructor(private readonly log: Logger) {}

  /** An answer of Volvo itself came at `now` (ms). One with an `Age` has been kept by something in between. */
  answered(headers: Headers, now: number): void {
    const date = Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(date) || headers.has("age")) return;
    this.differences = [...this.differences, date - now].slice(-rememberedTimes);
    const { aheadMs } = this;
    if (aheadMs === 0) this.isSaid = false;
    else if (!this.isSaid) {
      this.isSaid = true;
      const minutes = Math.round(Math.abs(aheadMs) / minuteMs);
      this.log.warn(`This computer's clock is about ${minutes} minutes ${aheadMs > 0 ? "slow" : "fast"}`);
    }
  }

  /** How far it is ahead of this computer's (ms), in whole seconds; 0 where the difference is none to speak of. */
  get aheadMs(): number {
    // Of two the smaller one counts: a clock is taken to be right as long as that is possible.
    const known = this.differences.length === 2 ? [0, ...this.differences] : this.differences;
    const median = [...known].sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
    return Math.abs(median) > toleratedMs ? Math.round(median / secondMs) * secondMs : 0;
  }
}
