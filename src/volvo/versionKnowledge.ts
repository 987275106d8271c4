import { type Clock, dayMs, hourMs, minuteMs } from "../base/clock";
import type { EnergyApiVersion } from "../charging/reading";
import type { Failure } from "../charging/failure";
import type { WorkingVersion } from "../charging/workingApiVersion";

/** What the choice of a version depends on. */
export interface VersionChoice {
  /** Changes with the grant, the origin and the setting; knowledge of another scope does not count. */
  readonly scope: string;
  /** The versions that the grant was given; fall-over stays within them. */
  readonly granted: readonly EnergyApiVersion[];
  /** Portal test tokens are for one API, so that a 401 may only mean "the other one". */
  readonly tokenIsForOneApi: boolean;
}

export interface VersionMemory {
  get(): WorkingVersion | undefined;
  set(working: WorkingVersion): void;
}

export interface VersionKnowledgePorts {
  readonly clock: Clock;
  readonly memory: VersionMemory;
  readonly choice: () => VersionChoice;
}

/** For so long a version that works is asked first. */
const foundForMs = dayMs;
/** So that the cars of one batch share what the first of them has found out; the next check asks again. */
const neitherForMs = 50_000;

/** Cars that are asked together are refused together: that is one refusal. */
const oneRefusalMs = minuteMs;
const refusalsForVerdict = 3;
const shortestDoubtMs = 6 * hourMs;
const firstRetryMs = 5 * minuteMs;
const longestRetryMs = 30 * minuteMs;
/** A version that never worked and was just refused is not asked again at each check of one in doubt. */
const missingForMs = hourMs;

/**
 * Which version of the Energy API to ask. One refusal is no verdict on a version that has worked: a gateway has answered
 * so by mistake, and so may something in between. Such a version is written off, for a day, after three refusals in a
 * row over at least six hours.
 */
export class VersionKnowledge {
  constructor(private readonly ports: VersionKnowledgePorts) {}

  /** The version to ask first, or that neither is available; `undefined` where that is to be found out. */
  working(choice: VersionChoice): WorkingVersion | undefined {
    const known = this.known(choice);
    return known && this.ports.clock.now() < known.until && choice.granted.includes(known.version) ? known : undefined;
  }

  /** The versions to ask for one reading, until one of them answers. */
  order(choice: VersionChoice, first: EnergyApiVersion): readonly EnergyApiVersion[] {
    const { worked = [], refused = {} } = this.known(choice) ?? {};
    const second: EnergyApiVersion = first === "v2" ? "v1" : "v2";
    const isInDoubt = worked.includes(first) && refused[first] !== undefined;
    const refusedAt = refused[second]?.at ?? -Infinity;
    const isMissing = !worked.includes(second) && this.ports.clock.now() - refusedAt < missingForMs;
    const order: EnergyApiVersion[] = isInDoubt && isMissing ? [first] : [first, second];
    return order.filter((version) => choice.granted.includes(version));
  }

  /**
   * `version` has answered, or is what there is besides one that is written off. `doubted`: one that was refused just
   * now and is not written off.
   */
  found(choice: VersionChoice, version: EnergyApiVersion, isAnswer: boolean, doubted?: EnergyApiVersion): void {
    const { worked = [], refused = {} } = this.known(choice) ?? {};
    // Where v1 is in doubt, v2 is the better one anyway.
    const doubts = doubted === "v2" ? refused.v2 : undefined;
    const retryMs = doubts && Math.min(firstRetryMs * 2 ** (doubts.count - 1), longestRetryMs);
    const { [version]: _, ...others } = refused;
    this.remember(choice, {
      version,
      until: this.ports.clock.now() + (retryMs ?? foundForMs),
      worked: isAnswer && !worked.includes(version) ? [...worked, version] : worked,
      refused: isAnswer ? others : refused,
    });
  }

  /** `version` was refused. Whether that is a verdict. */
  refused(choice: VersionChoice, version: EnergyApiVersion): boolean {
    const now = this.ports.clock.now();
    const known = this.known(choice);
    const before = known?.refused?.[version] ?? { count: 0, since: now, at: -Infinity };
    const refusals = now - before.at < oneRefusalMs ? before : { ...before, count: before.count + 1, at: now };
    const refused = { ...known?.refused, [version]: refusals };
    this.remember(choice, { ...(known ?? { version, until: now }), refused });
    const hasWorked = known?.worked?.includes(version) ?? false;
    const isEnough = refusals.count >= refusalsForVerdict && refusals.at - refusals.since >= shortestDoubtMs;
    // A test token of the portal lives too short to wait for more refusals.
    return choice.tokenIsForOneApi || !hasWorked || isEnough;
  }

  /** Neither version is available. */
  neither(choice: VersionChoice, version: EnergyApiVersion = "v2", failure: Failure): void {
    this.remember(choice, {
      ...this.known(choice),
      version,
      until: this.ports.clock.now() + neitherForMs,
      failure,
    });
  }

  /** A time ahead of what can be was written by a clock that has been set back since, and does not count. */
  private known({ scope }: VersionChoice): WorkingVersion | undefined {
    const memory = this.ports.memory.get();
    if (memory?.scope !== scope) return undefined;
    const now = this.ports.clock.now();
    const refused = Object.entries(memory.refused ?? {}).filter(([, { at, since }]) => Math.max(at, since) <= now);
    const until = memory.until - now <= foundForMs + minuteMs ? memory.until : now;
    // Earlier versions kept no more than the version that works.
    const worked = memory.worked ?? (memory.failure ? [] : [memory.version]);
    return { ...memory, until, worked, refused: Object.fromEntries(refused) };
  }

  private remember(choice: VersionChoice, next: Omit<WorkingVersion, "scope">): void {
    // Knowledge of another scope says nothing about the present one, or about a return to that.
    if (this.ports.choice().scope !== choice.scope) return;
    const { version, until, failure, worked = [], refused = {} } = next;
    const known = this.known(choice);
    const isSame =
      known?.version === version &&
      known.failure === failure &&
      this.ports.clock.now() < known.until &&
      known.until <= until &&
      JSON.stringify([known.worked ?? [], known.refused ?? {}]) === JSON.stringify([worked, refused]);
    if (isSame) return;
    this.ports.memory.set({ scope: choice.scope, version, until, ...(failure && { failure }), worked, refused });
  }
}
