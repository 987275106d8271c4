import type { FaultContext } from "./fault";
import { type FaultName, faults } from "./faults";
import type { SimulatedAnswer } from "../http";
import { RequestError } from "../requestError";
import type { PathKind } from "../route";

export interface InjectedFault {
  readonly name: FaultName;
  /** Number of answers it affects. Default: all, until the faults are cleared. */
  readonly times?: number | undefined;
  /** Only this kind of path. Default: every kind to which the fault applies. */
  readonly kind?: PathKind | undefined;
  /** Only requests about this car. */
  readonly vin?: string | undefined;
}

/** The active faults. If several match, the one injected first applies, so faults can be queued. */
export class FaultPlan {
  private entries: { readonly fault: InjectedFault; remaining: number }[] = [];

  /** The faults that still apply; `times` is the number of remaining answers. */
  get active(): readonly InjectedFault[] {
    return this.entries.map(({ fault, remaining }) => ({
      ...fault,
      ...(fault.times !== undefined && { times: remaining }),
    }));
  }

  /** Throws a {@link RequestError} if the fault does not apply to the requested kind of path. */
  inject(wanted: FaultName | InjectedFault): void {
    const fault: InjectedFault = typeof wanted === "string" ? { name: wanted } : wanted;
    if (fault.kind !== undefined && !faults[fault.name].kinds.includes(fault.kind)) {
      throw new RequestError(`The fault ${fault.name} does not apply to ${fault.kind}`);
    }
    this.entries.push({ fault, remaining: fault.times ?? Infinity });
  }

  clear(): void {
    this.entries = [];
  }

  /** The answer of the first matching fault, and that fault's name. */
  apply(context: FaultContext): { readonly answer: SimulatedAnswer; readonly fault?: FaultName } {
    for (const entry of this.entries) {
      const { name, kind, vin } = entry.fault;
      if (!(kind === undefined ? faults[name].kinds.includes(context.kind) : kind === context.kind)) continue;
      if (vin !== undefined && vin !== context.route.vin) continue;
      const answer = faults[name].answer(context);
      if (!answer) continue;
      entry.remaining -= 1;
      if (entry.remaining <= 0) this.entries = this.entries.filter((other) => other !== entry);
      return { answer, fault: name };
    }
    return { answer: context.honest() };
  }
}
