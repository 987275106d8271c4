import { randomUUID } from "node:crypto";
import type { Clock } from "../base/clock";
import { type AccessToken, AccessTokens, type NewAccessToken } from "./api/accessTokens";
import { apiAnswer } from "./api/apis";
import { type CarDescription, SimulatedCar } from "./car";
import type { FaultContext } from "./faults/fault";
import type { InjectedFault } from "./faults/faultPlan";
import { type Availability, bearerOf, type CallLimits, Gateway } from "./api/gateway";
import type { SimulatedAnswer, SimulatedRequest } from "./http";
import type { EnergyV2ErrorShape, ProblemContext } from "./api/problemAnswer";
import { RequestError } from "./requestError";
import { RequestLog, splitUrl } from "./requestLog";
import { type ApiName, type Route, routeOf } from "./route";

export interface FaultlessVolvoOptions {
  readonly cars?: readonly CarDescription[];
  /** Keys of the only application. The developer portal issues a primary and a secondary one. */
  readonly apiKeys?: readonly string[];
  /** Reachability of each API; default all on. */
  readonly availability?: Partial<Record<ApiName, Availability>>;
  /** Default: no limits. `volvoLimits` are the real ones. */
  readonly limits?: CallLimits;
  readonly energyV2Errors?: EnergyV2ErrorShape;
  /** Maximum number of remembered requests. */
  readonly longestRequestLog?: number;
}

/** The API key of an application created without one. */
export const defaultApiKey = "5e1f00d5ca1ab1e0ca75a2e51ec7a1c0";

/** The context of a fault without the action of Volvo ID. */
export type ApiContext = Omit<FaultContext, "keepRefreshToken">;

/**
 * An in-memory Volvo without faults and without Volvo ID: Energy v1 and v2 and Connected Vehicle v2 on a given clock,
 * for one user and one application with a test token. It is independent of the transport: {@link handle} maps a request
 * to an answer.
 */
export class FaultlessVolvo {
  readonly accessTokens: AccessTokens;
  readonly gateway: Gateway;
  readonly requests: RequestLog;
  private readonly carsByVin = new Map<string, SimulatedCar>();
  private readonly energyV2Errors: EnergyV2ErrorShape;

  constructor(
    readonly clock: Clock,
    options: FaultlessVolvoOptions = {},
  ) {
    const { cars = [], apiKeys = [defaultApiKey], energyV2Errors = "unwrapped" } = options;
    this.requests = new RequestLog(options.longestRequestLog);
    this.accessTokens = new AccessTokens(clock);
    this.gateway = new Gateway(clock, this.accessTokens, { ...options, apiKeys });
    this.energyV2Errors = energyV2Errors;
    for (const car of cars) this.addCar(car);
  }

  /** In the order they were added. */
  get cars(): readonly SimulatedCar[] {
    return [...this.carsByVin.values()];
  }

  addCar(description: CarDescription): SimulatedCar {
    const car = new SimulatedCar(description, this.clock);
    this.carsByVin.set(description.vin, car);
    return car;
  }

  /** Throws if there is no car with this VIN. */
  car(vin: string): SimulatedCar {
    const car = this.carsByVin.get(vin);
    if (!car) throw new RequestError(`The simulated Volvo has no car ${vin}`);
    return car;
  }

  /** A test token like those of the developer portal: without a refresh token, for one `api`. */
  issueTestToken(wanted: NewAccessToken = {}): AccessToken {
    return this.accessTokens.issue(wanted);
  }

  /** Answers a request. Never throws and never waits: the answer describes any delay. */
  handle(request: SimulatedRequest): SimulatedAnswer {
    const route = routeOf(splitUrl(request.url).path);
    const nowMs = this.clock.now();
    let honest: SimulatedAnswer | undefined;
    const problem: ProblemContext = {
      kind: route.kind,
      operationId: operationIdOf(request),
      energyV2Errors: this.energyV2Errors,
    };
    const context: ApiContext = {
      ...problem,
      route,
      request,
      nowMs,
      honest: () => (honest ??= this.honestAnswer(request, route, problem)),
      endAccessToken: () => {
        const token = bearerOf(request);
        if (token !== undefined) this.accessTokens.end(token);
      },
    };
    const { answer, fault } = this.answerTo(context);
    this.requests.add(request, {
      at: nowMs,
      kind: route.kind,
      status: answer.status,
      ...(route.vin !== undefined && { vin: route.vin }),
      ...(fault && { fault }),
    });
    return { ...answer, headers: { date: new Date(nowMs).toUTCString(), ...answer.headers } };
  }

  protected honestAnswer(request: SimulatedRequest, route: Route, problem: ProblemContext): SimulatedAnswer {
    return apiAnswer(this, request, route, problem);
  }

  /** The answer, and the fault that changed it. */
  protected answerTo(context: ApiContext): {
    readonly answer: SimulatedAnswer;
    readonly fault?: InjectedFault["name"];
  } {
    return { answer: context.honest() };
  }
}

/** A caller may choose the operation id (Volvo Energy API specifications). Anything but a UUID is replaced. */
function operationIdOf(request: SimulatedRequest): string {
  const wanted = request.headers["vcc-api-operationid"] ?? "";
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(wanted) ? wanted : randomUUID();
}
