import { type Clock, dayMs, hourMs, minuteMs, secondMs } from "../base/clock";
import type { CarDescription, PlugChange, ScenarioStep } from "./car";
import { type DemoHabit, type DemoRow, demoRows } from "./demoHistory";
import { FaultlessVolvo } from "./faultlessVolvo";
import { simulatorFetch, type SimulatorFetch } from "./simulatorFetch";

export interface DemoVehicle {
  readonly vin: string;
  readonly name: string;
  readonly batteryKwh: number;
}

/** Everything that replaces Volvo in the demo, without the user's credentials or a network. */
export interface DemoWorld {
  readonly fetch: SimulatorFetch;
  readonly apiKey: string;
  readonly accessToken: string;
  readonly baseUrl: string;
  readonly vehicles: readonly DemoVehicle[];
  /** The history rows of a car in the month until `now` (ms since the epoch); empty for an unknown car. */
  readonly rowsUntil: (vin: string, now: number) => readonly DemoRow[];
}

/** No connection changes before this time, so that the user sees all five states first. */
export const demoHoldMs = 60 * secondMs;

/** The car on DC reports a higher level at this time, so that the user soon sees a change. */
export const firstReportMs = 10 * secondMs;

const apiKey = "demo0000000000000000000000000000";
const accessToken = "demo-access-token";

interface DemoCar extends CarDescription {
  /** Its state when the demo starts; `ageMs` is the age of the measurement. */
  readonly first: Omit<PlugChange, "measuredAtMs"> & { readonly ageMs: number };
  readonly then: readonly ScenarioStep[];
  readonly batteryKwh: number;
  readonly habit: Omit<DemoHabit, "batteryKwh" | "target" | "reportsTarget">;
}

const repeatEveryMs = 40 * minuteMs;

/** Five cars, one per state. The script restarts every 40 minutes. */
const demoCars: readonly DemoCar[] = [
  {
    vin: "YV1DEM0EX30000001",
    model: "EX30",
    modelYear: 2025,
    fuelType: "NONE",
    batteryKwh: 66,
    fullRange: 440,
    reportsLimits: false,
    externalColour: "Moss Yellow",
    first: { state: "ac", batteryLevel: 58, targetLevel: 90, ageMs: 12 * minuteMs },
    habit: { evenings: [1, 3, 5, 6], hour: 17, from: 38, watts: 10_800, closedNights: [3, 5] },
    then: [
      { afterMs: demoHoldMs + 15 * secondMs, state: "ac", live: true },
      { afterMs: 22 * minuteMs, state: "disconnected" },
      { afterMs: 34 * minuteMs, state: "ac", batteryLevel: 57, live: true },
    ],
  },
  {
    vin: "YV1DEM0EX90000002",
    model: "EX90",
    modelYear: 2025,
    fuelType: "ELECTRIC",
    batteryKwh: 107,
    fullRange: 570,
    externalColour: "Vapour Grey",
    first: { state: "dc", batteryLevel: 41, targetLevel: 80, ageMs: 3 * minuteMs },
    habit: { evenings: [0, 2, 5], hour: 18, from: 44, watts: 10_800, closedNights: [0, 1, 2], fastDay: 9 },
    then: [
      { afterMs: firstReportMs, state: "dc", batteryLevel: 42, live: true },
      { afterMs: 13 * minuteMs, state: "disconnected" },
      { afterMs: 30 * minuteMs, state: "plugged", batteryLevel: 39 },
      { afterMs: 31 * minuteMs, state: "dc", live: true },
    ],
  },
  {
    vin: "YV1DEM0EC40000003",
    model: "EC40",
    modelYear: 2024,
    fuelType: "ELECTRIC",
    batteryKwh: 79,
    fullRange: 530,
    externalColour: "Crystal White",
    first: { state: "disconnected", batteryLevel: 73, targetLevel: 80, ageMs: 5 * hourMs + 20 * minuteMs },
    habit: { evenings: [1, 4], hour: 16, scheduledHour: 1, from: 35, watts: 7_200, closedNights: [2, 6] },
    then: [
      { afterMs: demoHoldMs + 45 * secondMs, state: "plugged" },
      { afterMs: demoHoldMs + 90 * secondMs, state: "ac", live: true },
      { afterMs: 36 * minuteMs, state: "disconnected", batteryLevel: 74 },
    ],
  },
  {
    vin: "YV1DEM0XC60000004",
    model: "XC60",
    modelYear: 2024,
    fuelType: "PETROL/ELECTRIC",
    batteryKwh: 18.8,
    fullRange: 80,
    chargingWatts: { ac: 6_400 },
    externalColour: "Thunder Grey",
    first: { state: "fault", batteryLevel: 22, targetLevel: 100, ageMs: 41 * minuteMs },
    habit: { evenings: [0, 1, 2, 3, 4], hour: 17, from: 20, watts: 6_400, closedNights: [5, 6] },
    then: [
      { afterMs: 3 * minuteMs, state: "disconnected" },
      { afterMs: 4 * minuteMs, state: "ac", live: true },
      { afterMs: 38 * minuteMs, state: "fault", batteryLevel: 24 },
    ],
  },
  {
    vin: "YV1DEM0EX40000005",
    model: "EX40",
    modelYear: 2025,
    fuelType: "ELECTRIC",
    batteryKwh: 79,
    fullRange: 510,
    externalColour: "Cloud Blue",
    first: { state: "unspecified", batteryLevel: 66, targetLevel: 80, ageMs: 2 * hourMs + 5 * minuteMs },
    habit: { evenings: [2, 6], hour: 19, from: 51, watts: 10_800, closedNights: [1, 2, 3, 6], fastDay: 17 },
    then: [
      { afterMs: 5 * minuteMs, state: "disconnected" },
      { afterMs: 15 * minuteMs, state: "ac", live: true },
      { afterMs: 35 * minuteMs, state: "unspecified" },
    ],
  },
];

/**
 * Creates a separate demo world that starts now on `clock`: five cars in five states. Their connections stay the same
 * for 60 s and then change. The world answers every request at once and uses no resources between requests.
 */
export function createDemoWorld(clock: Clock): DemoWorld {
  const volvo = new FaultlessVolvo(clock, { apiKeys: [apiKey], longestRequestLog: 100 });
  volvo.issueTestToken({ value: accessToken, lifetimeMs: 3_650 * dayMs });
  for (const { first, then, habit: _, ...description } of demoCars) {
    const { ageMs, ...change } = first;
    const car = volvo.addCar({ ...description, limitsAgeMs: ageMs });
    car.set({ ...change, measuredAtMs: clock.now() - ageMs });
    car.play(then, repeatEveryMs);
  }
  return {
    fetch: simulatorFetch(volvo),
    apiKey,
    accessToken,
    baseUrl: "https://demo.invalid",
    vehicles: demoCars.map(({ vin, model, batteryKwh }) => ({ vin, name: model, batteryKwh })),
    rowsUntil: (vin, now) => {
      const car = demoCars.find((each) => each.vin === vin);
      if (!car) return [];
      const { habit, batteryKwh, first, reportsLimits = true } = car;
      const target = first.targetLevel ?? 80;
      return demoRows({ ...habit, batteryKwh, target, reportsTarget: reportsLimits }, now - 10 * minuteMs);
    },
  };
}
