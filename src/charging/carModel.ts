export const fuels = ["electric", "plugInHybrid", "gasoline", "diesel"] as const;
export type Fuel = (typeof fuels)[number];

/** A car's model and fuel as Volvo names them. */
export interface CarModel {
  readonly model: string;
  readonly year?: number;
  readonly fuel?: Fuel;
  /** Capacity of the battery, kWh. */
  readonly batteryKwh?: number;
}
