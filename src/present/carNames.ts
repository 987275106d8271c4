import { t } from "@vscode/l10n";
import { vinTail } from "../charging/vin";
import type { Settings } from "../settings/settings";
import type { Car } from "../charging/car";
import { isolated, plainLine } from "./plainText";

/** The longest name in places with room for a full line, in characters as people count them. */
const nameLength = 60;

/**
 * The display names of the cars, all different: the user's name, else model and year, else the end of the VIN, each at
 * most `longest` characters. Equal names get the end of the VIN appended, and a number if the ends are equal too. In
 * presenter mode each name is only a number.
 */
export function carNames(cars: readonly Car[], settings: Settings, longest = nameLength): readonly string[] {
  if (settings.presenterMode) return cars.map((_, index) => t("Car {0}", index + 1));
  const tail = (car: Car) => (settings.showFullVins ? car.vin : `…${vinTail(car.vin)}`);
  const wanted = cars.map((car) => ownName(car, longest) ?? `Volvo ${tail(car)}`);
  const taken = new Set<string>();
  return cars.map((car, index) => {
    const name = wanted[index] ?? "";
    const isShared = wanted.filter((other) => other === name).length > 1;
    const base = isShared ? `${ownName(car, longest - tail(car).length - 1) ?? "Volvo"} ${tail(car)}` : name;
    let unique = base;
    for (let count = 2; taken.has(unique); count++) unique = `${base} (${count})`;
    taken.add(unique);
    return isolated(unique);
  });
}

/** The name of a car in the list of all cars of the account, which shows the end of the VIN beside each name. */
export function listedName(car: Pick<Car, "name" | "model">): string {
  return isolated(ownName(car, nameLength) ?? "Volvo");
}

function ownName(car: Pick<Car, "name" | "model">, longest: number): string | undefined {
  const chosen = plainLine(car.name ?? "", longest);
  if (chosen !== "") return chosen;
  const { model, year } = car.model ?? { model: "" };
  const made = plainLine(year === undefined ? model : `${model} ${year}`, longest);
  return made === "" ? undefined : made;
}

/** The VIN, shortened unless the user wants full VINs; `undefined` in presenter mode. */
export function vinText(car: Pick<Car, "vin">, settings: Settings): string | undefined {
  if (settings.presenterMode) return undefined;
  return settings.showFullVins ? car.vin : `…${vinTail(car.vin)}`;
}
