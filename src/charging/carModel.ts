/** What the maker calls a car, and what drives it. */
export interface CarModel {
  readonly model: string;
  readonly year?: number;
  /** Volvo's word for what drives it, such as `PETROL/ELECTRIC`. */
  readonly fuel?: string;
  /** Capacity of the battery, kWh. */
  readonly batteryKwh?: number;
}
