import type { FaultContext } from "./fault";
import { type FaultName, faults } from "./faults";
import type { SimulatedAnswer } from "../http";
import type { PathKind } from "../route";

export interface InjectedFault {
  readonly name: FaultName;
  /** Number of answers it affects; unlimited until cleared if omitted. */
  readonly times?: number | undefined;
  /** Only this kind of path; default every kind the fault applies to. */
  readonly kind?: PathKind | undefined;
  /** Only requests about this car. */
  readonly vin?: string | undefined;
}

/** The active faults. If several match, the one injected first applies, so faults can be queued. */
export class FaultPlan {
  private entries: { readonly fault: InjectedFault; left: number }[] = [];

  get active(): readonly InjectedFault[] {
    return this.entries.map(({ fault, left }) => ({ ...fault, ...(fault.times !== undefined && { times: left }) }));
  }

  /** Throws if the fault does not apply to the requested kind of path. */
  inject(fault: FaultName | InjectedFault): void {
    const entry: InjectedFault = typeof fault === "string" ? { name: fault } : fault;
    if (entry.kind !== undefined && !faults[entry.name].kinds.includes(entry.kind)) {
      throw new Error(`The fault ${entry.name} does not apply to ${entry.kind}`);
    }
    this.entries.push({ fault: entry, left: entry.times ?? Infinity });
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
      entry.left -= 1;
      if (entry.left <= 0) this.entries = this.entries.filter((other) => other !== entry);
      return { answer, fault: name };
    }
    return { answer: context.honest() };
  }
}
