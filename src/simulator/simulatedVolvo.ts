import type { Clock } from "../base/clock";
import type { ProblemContext } from "./api/problemAnswer";
import { type ApiContext, FaultlessVolvo, type FaultlessVolvoOptions } from "./faultlessVolvo";
import { FaultPlan } from "./faults/faultPlan";
import type { SimulatedAnswer, SimulatedRequest } from "./http";
import type { Route } from "./route";
import { VolvoId } from "./volvoId/volvoId";
import type { VolvoIdOptions } from "./volvoId/volvoIdOptions";

export { defaultApiKey } from "./faultlessVolvo";

export interface SimulatedVolvoOptions extends FaultlessVolvoOptions {
  readonly volvoId?: Partial<VolvoIdOptions>;
}

/**
 * An in-memory Volvo with Volvo ID and injectable faults. It is separate from {@link FaultlessVolvo} to keep both out
 * of the demo's bundle.
 */
export class SimulatedVolvo extends FaultlessVolvo {
  readonly faults = new FaultPlan();
  readonly volvoId: VolvoId;

  constructor(clock: Clock, options: SimulatedVolvoOptions = {}) {
    super(clock, options);
    this.volvoId = new VolvoId(clock, this.accessTokens, options.volvoId);
  }

  protected override honestAnswer(request: SimulatedRequest, route: Route, problem: ProblemContext): SimulatedAnswer {
    return this.volvoId.handle(request, route) ?? super.honestAnswer(request, route, problem);
  }

  protected override answerTo(context: ApiContext): ReturnType<FaultPlan["apply"]> {
    return this.faults.apply({
      ...context,
      keepRefreshToken: () => this.volvoId.keepRefreshToken(context.request),
    });
  }
}
