import { type Clock, dayMs, hourMs, minuteMs, secondMs } from "../base/clock";
import type { EnergyApiVersion } from "../charging/reading";
import type { Failure } from "../charging/failure";
import type { WorkingVersion } from "../charging/workingApiVersion";

/** What the choice of a version depends on. */
export interface VersionChoice {
  /** Changes with the grant, the origin and the setting. Knowledge applies to its own scope only. */
  readonly scope: string;
  /** The versions that the grant covers. No other version is asked. */
  readonly granted: readonly EnergyApiVersion[];
  /** A test token from the portal is valid for one API, so a 401 may only mean that it is for the other version. */
  readonly tokenIsForOneApi: boolean;
}

export interface VersionMemory {
  get(): WorkingVersion | undefined;
  set(working: WorkingVersion): void;
}

export interface VersionKnowledgePorts {
  readonly clock: Clock;
  readonly memory: VersionMemory;
  readonly currentChoice: () => VersionChoice;
}

/** A working version is asked first for this time. */
const trustedForMs = dayMs;
/** Lets the other cars of a batch skip the search. The next check searches again. */
const unavailableForMs = 50 * secondMs;

/** The cars of a batch are refused together. Refusals within this time count as one. */
const mergeRefusalsMs = minuteMs;
const refusalsToWriteOff = 3;
const shortestDoubtMs = 6 * hourMs;
const firstRetryMs = 5 * minuteMs;
const longestRetryMs = 30 * minuteMs;
/** While the first version is in doubt, a second one that never worked is skipped for this time after a refusal. */
const skipUnprovenForMs = hourMs;

/**
 * Decides which version of the Energy API to ask. Volvo's gateway has refused working versions by mistake, and a proxy
 * can do the same. A version that has worked is therefore written off, for a day, only after three refusals in a row
 * over at least six hours.
 */
export class VersionKnowledge {
  constructor(private readonly ports: VersionKnowledgePorts) {}

  /** The version to ask first, or the failure of both. `undefined`: not known yet. */
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
    const isUnproven = !worked.includes(second) && this.ports.clock.now() - refusedAt < skipUnprovenForMs;
    const order: EnergyApiVersion[] = isInDoubt && isUnproven ? [first] : [first, second];
    return order.filter((version) => choice.granted.includes(version));
  }

  /**
   * Records that `version` has answered. `doubted` is the other version if it was refused just now and is not written
   * off: v2 is then tried again after a back-off of 5 to 30 minutes.
   */
  recordAnswer(choice: VersionChoice, version: EnergyApiVersion, doubted?: EnergyApiVersion): void {
    const { worked = [], refused = {} } = this.known(choice) ?? {};
    // v1 is not tried again early, because v2 is the better version.
    const refusals = doubted === "v2" ? refused.v2 : undefined;
    const retryMs = refusals && Math.min(firstRetryMs * 2 ** (refusals.count - 1), longestRetryMs);
    const { [version]: _, ...otherRefusals } = refused;
    this.remember(choice, {
      version,
      until: this.ports.clock.now() + (retryMs ?? trustedForMs),
      worked: worked.includes(version) ? worked : [...worked, version],
      refused: otherRefusals,
    });
  }

  /** Records that the other version is not available, so that `version` is asked first even while it fails. */
  recordOnlyVersion(choice: VersionChoice, version: EnergyApiVersion): void {
    const { worked = [], refused = {} } = this.known(choice) ?? {};
    this.remember(choice, { version, until: this.ports.clock.now() + trustedForMs, worked, refused });
  }

  /** Records a refusal of `version`, and returns whether the version is written off. */
  recordRefusal(choice: VersionChoice, version: EnergyApiVersion): boolean {
    const now = this.ports.clock.now();
    const known = this.known(choice);
    const before = known?.refused?.[version] ?? { count: 0, since: now, at: -Infinity };
    const refusals = now - before.at < mergeRefusalsMs ? before : { ...before, count: before.count + 1, at: now };
    const refused = { ...known?.refused, [version]: refusals };
    this.remember(choice, { ...(known ?? { version, until: now }), refused });
    const hasWorked = known?.worked?.includes(version) ?? false;
    const isEnough = refusals.count >= refusalsToWriteOff && refusals.at - refusals.since >= shortestDoubtMs;
    // A test token expires before enough refusals could be counted.
    return choice.tokenIsForOneApi || !hasWorked || isEnough;
  }

  /** Records that neither version is available, and the failure to show. `version` is asked first the next time. */
  recordUnavailable(choice: VersionChoice, failure: Failure, version: EnergyApiVersion = "v2"): void {
    this.remember(choice, {
      ...this.known(choice),
      version,
      until: this.ports.clock.now() + unavailableForMs,
      failure,
    });
  }

  /** Ignores times in the future: the clock was set back after they were stored. */
  private known({ scope }: VersionChoice): WorkingVersion | undefined {
    const memory = this.ports.memory.get();
    if (memory?.scope !== scope) return undefined;
    const now = this.ports.clock.now();
    const refused = Object.entries(memory.refused ?? {}).filter(([, { at, since }]) => Math.max(at, since) <= now);
    const until = memory.until - now <= trustedForMs + minuteMs ? memory.until : now;
    // Earlier releases of the extension stored only the working version.
    const worked = memory.worked ?? (memory.failure ? [] : [memory.version]);
    return { ...memory, until, worked, refused: Object.fromEntries(refused) };
  }

  private remember(choice: VersionChoice, next: Omit<WorkingVersion, "scope">): void {
    // If the scope has changed since the request, the result does not apply to the present one.
    if (this.ports.currentChoice().scope !== choice.scope) return;
    const { version, until, failure, worked = [], refused = {} } = next;
    const known = this.known(choice);
    const isKnown =
      known?.version === version &&
      known.failure === failure &&
      this.ports.clock.now() < known.until &&
      known.until <= until &&
      JSON.stringify([known.worked ?? [], known.refused ?? {}]) === JSON.stringify([worked, refused]);
    if (isKnown) return;
    this.ports.memory.set({ scope: choice.scope, version, until, ...(failure && { failure }), worked, refused });
  }
}
