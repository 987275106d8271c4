/** What the maker calls a car. */
export interface CarModel {
  readonly model: string;
  readonly year?: number;
}
