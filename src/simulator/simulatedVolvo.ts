import { FaultlessVolvo, type FaultlessVolvoOptions } from "./faultlessVolvo";
import type { FaultContext } from "./faults/fault";
import { FaultPlan } from "./faults/faultPlan";

export { defaultApiKey } from "./faultlessVolvo";

export type SimulatedVolvoOptions = FaultlessVolvoOptions;

/** An in-memory Volvo into which faults can be injected. The demo does without them, and so packs none. */
export class SimulatedVolvo extends FaultlessVolvo {
  readonly faults = new FaultPlan();

  protected override answerTo(context: FaultContext): ReturnType<FaultPlan["apply"]> {
    return this.faults.apply(context);
  }
}
