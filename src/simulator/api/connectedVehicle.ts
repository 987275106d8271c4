import type { SimulatedCar } from "../car";
import { jsonAnswer, type SimulatedAnswer } from "../http";

export const relationScopes: readonly string[] = ["openid", "conve:vehicle_relation"];

/**
 * The cars of the account. The specification lacks the `data` wrapper, but Volvo's answers have it
 * (home-assistant/core fixtures).
 */
export function carListAnswer(cars: readonly SimulatedCar[]): SimulatedAnswer {
  const mine = cars.filter((car) => car.description.owner !== "someone-else");
  return jsonAnswer(200, { data: mine.map(({ vin }) => ({ vin })) });
}

/** Model, year and appearance of one car (Connected Vehicle API v2 specification, with the same wrapper). */
export function carDetailsAnswer(car: SimulatedCar): SimulatedAnswer {
  const {
    vin,
    model,
    modelYear,
    fuelType = "ELECTRIC",
    externalColour = "Crystal White",
    batteryKwh,
  } = car.description;
  const image = `https://cas.volvocars.com/image/dynamic/MY${modelYear % 100}_0000`;
  const data = {
    vin,
    modelYear,
    gearbox: "AUTOMATIC",
    fuelType,
    externalColour,
    ...(batteryKwh !== undefined && { batteryCapacityKWH: batteryKwh }),
    images: {
      exteriorImageUrl: `${image}/exterior-v4/_/default.png?market=se&client=public-api-engineering&angle=1&w=1920`,
      internalImageUrl: `${image}/interior-v4/_/default.jpg?market=se&client=public-api-engineering&angle=0&w=1920`,
    },
    descriptions: { model, upholstery: "R310", steering: "LEFT" },
  };
  return jsonAnswer(200, { data });
}
