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
  const preferred = cars.map((car) => ownName(car, longest) ?? `Volvo ${tail(car)}`);
  const distinguished = cars.map((car, index) => {
    const name = preferred[index] ?? "";
    const isShared = preferred.filter((other) => other === name).length > 1;
    return isShared ? `${ownName(car, longest - tail(car).length - 1) ?? "Volvo"} ${tail(car)}` : name;
  });
  return numbered(distinguished).map(isolated);
}

/** The limit of a name for other programs, in bytes of UTF-8. A single emoji can have 25. */
const nameBytes = 120;

/**
 * The names of the cars for other programs. They contain no part of a VIN, even if the user has written it into a name,
 * no e-mail address, and no word that looks like a secret. Cars without another name are "Volvo".
 */
export function namesWithoutVins(cars: readonly Car[], settings: Settings): readonly string[] {
  if (settings.presenterMode) return carNames(cars, settings);
  const tails = cars.map(({ vin }) => vinTail(vin));
  return numbered(
    cars.map(({ name = "", model }) => {
      const car = { name: harmless(name, tails), ...(model && { model: { ...model, model: harmless(model.model) } }) };
      let longest = nameLength;
      const cut = () => ownName(car, longest) ?? "Volvo";
      while (new TextEncoder().encode(cut()).length > nameBytes) longest = Math.floor(longest / 2);
      return cut();
    }),
  );
}

/** A name without ends of VINs, e-mail addresses, and long words with digits, such as VINs, keys and tokens. */
function harmless(name: string, tails: readonly string[] = []): string {
  const isTail = (word: string) => tails.includes((word.match(/\p{L}|\p{N}/gu) ?? []).join("").toUpperCase());
  const isHarmful = (word: string) => word.includes("@") || /(?=.*\d)[\w.~+/=-]{16}/.test(word) || isTail(word);
  return name
    .slice(0, 100 * nameLength)
    .split(/\s+/)
    .filter((word) => !isHarmful(word))
    .join(" ");
}

/** The names, with a number appended to each repeated one. */
function numbered(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique); count++) unique = `${name} (${count})`;
    taken.add(unique);
    return unique;
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
