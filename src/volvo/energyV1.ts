import type { Connection } from "../charging/connection";
import { plausibleTime, type Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import { failed, type Result } from "../charging/failure";
import { asObject, asText, asTime, member } from "./json";

/** Energy API v1, `charging-connection-status`: path and the media type that Volvo's portal calls mandatory. */
export const energyV1 = {
  path: (vin: Vin) => `/energy/v1/vehicles/${vin}/recharge-status/charging-connection-status`,
  accept: "application/vnd.volvocars.api.energy.vehicledata.v1+json",
} as const;

const words: Readonly<Record<string, Connection>> = {
  CONNECTION_STATUS_CONNECTED_AC: { kind: "connectedAc" },
  CONNECTION_STATUS_CONNECTED_DC: { kind: "connectedDc" },
  CONNECTION_STATUS_DISCONNECTED: { kind: "disconnected" },
  CONNECTION_STATUS_FAULT: { kind: "fault" },
  CONNECTION_STATUS_UNSPECIFIED: { kind: "unknown", reason: { kind: "notReported" } },
};

/**
 * The reading in a v1 answer: `{status, operationId, data: {chargingConnectionStatus: {value, timestamp}}}`, with the
 * envelope optional. Data that is not there gives an unknown connection without value; what is no such answer at all
 * is malformed. Never throws. `now` in ms.
 */
export function readEnergyV1(body: unknown, now: number): Result<Reading> {
  const root = asObject(body);
  if (!root || member(root, "error") !== undefined || member(root, "statusCode") !== undefined) {
    return failed({ kind: "malformed" }, "not an Energy v1 answer");
  }
  const status = member(member(root, "data") ?? root, "chargingConnectionStatus");
  const reading: Reading = {
    connection: {
      value: connectionOf(asText(member(status, "value"))),
      measuredAt: plausibleTime(asTime(member(status, "timestamp")), now),
    },
    details: {},
    servedBy: "v1",
    fetchedAt: now,
  };
  return { ok: true, value: reading };
}

function connectionOf(word: string | undefined): Connection {
  if (word === undefined) return { kind: "unknown", reason: { kind: "noValue" } };
  const key = word.toUpperCase();
  return (
    (Object.hasOwn(words, key) ? words[key] : undefined) ?? {
      kind: "unknown",
      reason: { kind: "unrecognised", raw: word },
    }
  );
}
