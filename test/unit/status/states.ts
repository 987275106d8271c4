import { hourMs, minuteMs } from "../../../src/base/clock";
import { knownConnections } from "../../../src/charging/connection";
import { carIdOf } from "../../../src/history/carIds";
import type { ViewState } from "../../../src/present/viewState";
import type { CarIdOf, StatusState } from "../../../src/status/status";
import { carOf, chargingDetails, measured, now, readingOf, viewStateOf, vinOf } from "../present/viewStates";

export const idOf: CarIdOf = (vin) => carIdOf("a salt", vin);

export function stateOf(view: ViewState): ViewState & StatusState {
  return { ...view, idOf };
}

/** A car in each state, with each kind of name, and with names that contain private data. */
export const everyKind = viewStateOf({
  cars: [
    carOf(1234, { name: "Elsa", reading: readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" }) }),
    ...knownConnections
      .slice(1)
      .map((kind, index) => carOf(2000 + index, { model: { model: "EX30", year: 2024 }, reading: readingOf(kind) })),
    ...(["notReported", "notSupported", "noValue"] as const).map((kind, index) =>
      carOf(3000 + index, {
        name: `${vinOf(3000 + index)} 300${String(index)} Ola`,
        reading: readingOf("fault", { connection: measured({ kind: "unknown", reason: { kind } }) }),
      }),
    ),
    carOf(4000, {
      name: ["jan.karlsson", "example.com"].join("@"),
      reading: readingOf("fault", {
        connection: { value: { kind: "unknown", reason: { kind: "unrecognized", raw: "X" } }, measuredAt: undefined },
        details: { chargingStatus: measured({ raw: "CHARGING_SYSTEM_X" }), power: measured(3) },
      }),
    }),
    carOf(5000),
    carOf(6000, { problem: { kind: "quotaSpent", until: now + hourMs }, attemptedAt: now - minuteMs }),
    carOf(7000, {
      reading: readingOf("disconnected", { connection: measured({ kind: "disconnected" }, 26 * hourMs) }),
      problem: { kind: "offline", certificate: false },
    }),
  ],
});
