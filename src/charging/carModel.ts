export const fuels = ["electric", "plugInHybrid", "gasoline", "diesel"] as const;
export type Fuel = (typeof fuels)[number];

/** What the maker calls a car, and what drives it. */
export interface CarModel {
  readonly model: string;
  readonly year?: number;
  readonly fuel?: Fuel;
  /** Capacity of the battery, kWh. */
  readonly batteryKwh?: number;
}
