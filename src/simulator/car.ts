import { type Clock, dayMs, hourMs, minuteMs } from "../base/clock";
import { type EnergyMember, type EnergyMemberState, type EnergyState, notSupported } from "./energyState";
import { type ChargingWatts, energyStateOf, type PlugState, usualChargingWatts } from "./plugState";

/** The fixed properties of a car. */
export interface CarDescription {
  readonly vin: string;
  readonly model: string;
  readonly modelYear: number;
  /** As spelled by Connected Vehicle v2; `NONE` for an EX30 (home-assistant/core fixtures). */
  readonly fuelType?: string;
  readonly batteryKwh?: number;
  readonly externalColour?: string;
  /** Range with a full battery, in `rangeUnit`. */
  readonly fullRange?: number;
  /** `km`, `mi` or `miles`, by the locale of the account (home-assistant/core#150213). */
  readonly rangeUnit?: string;
  /** Watts, if they differ from `usualChargingWatts`. */
  readonly chargingWatts?: Partial<ChargingWatts>;
  /** The car of another account exists, but has no relationship to this one. */
  readonly owner?: "me" | "someone-else";
  /** Time (ms) since the user set target and current limit. Default 80 days, as cars typically report an old time. */
  readonly limitsAgeMs?: number;
  /** False if the car reports neither target nor current limit, like an EX30 (Volvo's list of models for Energy). */
  readonly reportsLimits?: boolean;
  /** False if Energy does not serve this model. */
  readonly energySupported?: boolean;
}

export interface PlugChange {
  readonly state: PlugState;
  /** Milliseconds since the epoch; default the time of the change. */
  readonly measuredAtMs?: number;
  /** Percent; default unchanged. */
  readonly batteryLevel?: number;
  /** Percent; default unchanged. */
  readonly targetLevel?: number;
  /** If true, a charging car gains charge and reports every minute. Otherwise its state stays fixed for tests. */
  readonly live?: boolean;
}

/** An automatic change, `afterMs` after the start of the scenario. */
export interface ScenarioStep extends PlugChange {
  readonly afterMs: number;
}

interface Plug {
  readonly state: PlugState;
  readonly sinceMs: number;
  readonly batteryLevel: number;
  readonly targetLevel: number;
  readonly live: boolean;
}

interface Scenario {
  readonly steps: readonly ScenarioStep[];
  readonly repeatEveryMs: number | undefined;
  startedAtMs: number;
  next: number;
}

const reportIntervalMs = minuteMs;

const noLimits = { chargingCurrentLimit: notSupported, targetBatteryChargeLevel: notSupported } as const;

/** One car. Each read applies the scenario steps that are due and computes the state for the time of the clock. */
export class SimulatedCar {
  private plug: Plug;
  private overrides: Partial<Record<EnergyMember, EnergyMemberState>> = {};
  private scenario: Scenario | undefined;
  private readonly limitsSetAtMs: number;

  constructor(
    readonly description: CarDescription,
    private readonly clock: Clock,
  ) {
    const now = clock.now();
    this.limitsSetAtMs = now - (description.limitsAgeMs ?? 80 * dayMs);
    this.plug = { state: "disconnected", sinceMs: now - 2 * hourMs, batteryLevel: 64, targetLevel: 80, live: false };
  }

  get vin(): string {
    return this.description.vin;
  }

  get plugState(): PlugState {
    this.catchUp();
    return this.plug.state;
  }

  /** Milliseconds since the epoch of the car's last report. */
  get reportedAtMs(): number {
    this.catchUp();
    return this.measuredAt();
  }

  /** The energy state as Volvo would return it now. */
  get energy(): EnergyState {
    this.catchUp();
    const { fullRange = 420, rangeUnit = "km" } = this.description;
    const state = energyStateOf(this.plug.state, {
      measuredAtMs: this.measuredAt(),
      batteryLevel: this.batteryLevel(),
      targetLevel: this.plug.targetLevel,
      batteryKwh: this.batteryKwh,
      fullRange,
      rangeUnit,
      chargingWatts: this.chargingWatts,
      limitsSetAtMs: this.limitsSetAtMs,
    });
    return { ...state, ...(this.description.reportsLimits === false && noLimits), ...this.overrides };
  }

  /** Sets the plug, ends a running scenario and clears the members set by {@link setMember}. */
  set(change: PlugState | PlugChange): void {
    this.catchUp();
    this.scenario = undefined;
    this.overrides = {};
    this.apply(typeof change === "string" ? { state: change } : change, this.clock.now());
  }

  /** Overrides one member of the plug state until {@link set} is called. */
  setMember(member: EnergyMember, state: EnergyMemberState): void {
    this.overrides = { ...this.overrides, [member]: state };
  }

  /** Starts a list of timed changes in ascending order. With `repeatEveryMs` it restarts after that time. */
  play(steps: readonly ScenarioStep[], repeatEveryMs?: number): void {
    this.catchUp();
    this.scenario = { steps, repeatEveryMs, startedAtMs: this.clock.now(), next: 0 };
  }

  private get batteryKwh(): number {
    return this.description.batteryKwh ?? 69;
  }

  private get chargingWatts(): ChargingWatts {
    return { ...usualChargingWatts, ...this.description.chargingWatts };
  }

  private catchUp(): void {
    const scenario = this.scenario;
    if (!scenario) return;
    const now = this.clock.now();
    for (;;) {
      const step = scenario.steps[scenario.next];
      if (step) {
        const due = scenario.startedAtMs + step.afterMs;
        if (due > now) return;
        this.apply(step, due);
        scenario.next += 1;
      } else {
        if (!scenario.repeatEveryMs || scenario.startedAtMs + scenario.repeatEveryMs > now) return;
        scenario.startedAtMs += scenario.repeatEveryMs;
        scenario.next = 0;
        if (scenario.steps.length === 0) return;
      }
    }
  }

  private apply(change: PlugChange, atMs: number): void {
    this.plug = {
      state: change.state,
      sinceMs: change.measuredAtMs ?? atMs,
      batteryLevel: change.batteryLevel ?? this.batteryLevel(atMs),
      targetLevel: change.targetLevel ?? this.plug.targetLevel,
      live: change.live ?? false,
    };
  }

  /** A live charging car reports once a minute. Any other car last reported when its state changed. */
  private measuredAt(nowMs = this.clock.now()): number {
    const { state, live, sinceMs } = this.plug;
    if (!live || (state !== "ac" && state !== "dc")) return sinceMs;
    const reports = Math.floor((Math.min(nowMs, this.fullAt(state)) - sinceMs) / reportIntervalMs);
    return sinceMs + Math.max(0, reports) * reportIntervalMs;
  }

  private batteryLevel(nowMs = this.clock.now()): number {
    const { state, live, sinceMs, batteryLevel, targetLevel } = this.plug;
    if (!live || (state !== "ac" && state !== "dc")) return batteryLevel;
    const gained = (this.measuredAt(nowMs) - sinceMs) * this.percentPerMs(state);
    return Math.round(Math.max(batteryLevel, Math.min(targetLevel, batteryLevel + gained)));
  }

  /** The time of the last report: the first one at or above the target level. */
  private fullAt(state: "ac" | "dc"): number {
    const { sinceMs, batteryLevel, targetLevel } = this.plug;
    const needed = Math.max(0, targetLevel - batteryLevel) / this.percentPerMs(state);
    return sinceMs + Math.ceil(needed / reportIntervalMs) * reportIntervalMs;
  }

  private percentPerMs(state: "ac" | "dc"): number {
    return (this.chargingWatts[state] / 1_000 / this.batteryKwh / hourMs) * 100;
  }
}
