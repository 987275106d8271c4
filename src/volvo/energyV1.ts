import type { Connection } from "../charging/connection";
import { plausibleTime, type Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import { failed, type Result } from "../charging/failure";
import { asObject, asText, asTime, hasMember, member, saysRefused } from "./json";

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
 * envelope optional. An answer without data gives an unknown connection (`noValue`). Any other body is malformed. Never
 * throws. `now` in ms.
 */
export function readEnergyV1(body: unknown, now: number): Result<Reading> {
  const data = member(body, "data");
  const isAnswer =
    hasMember(body, "chargingConnectionStatus") ||
    (hasMember(body, "data") && (data === undefined || asObject(data) !== undefined));
  if (!isAnswer || saysRefused(body)) return failed({ kind: "malformed" }, "not an Energy v1 answer");
  const status = member(data ?? body, "chargingConnectionStatus");
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
      reason: { kind: "unrecognized", raw: word },
    }
  );
}
