import type { Connection } from "../charging/connection";
import type { Measured, Reading, Word } from "../charging/reading";

/** `reading` with `change` applied to every word that this version does not know. */
export function mapRawWords(reading: Reading, change: (raw: string) => string): Reading {
  const { chargerType } = reading;
  const { chargingStatus, powerStatus } = reading.details;
  return {
    ...reading,
    connection: { ...reading.connection, value: changedConnection(reading.connection.value, change) },
    ...(chargerType && { chargerType: changedWord(chargerType, change) }),
    details: {
      ...reading.details,
      ...(chargingStatus && { chargingStatus: changedWord(chargingStatus, change) }),
      ...(powerStatus && { powerStatus: changedWord(powerStatus, change) }),
    },
  };
}

function changedConnection(connection: Connection, change: (raw: string) => string): Connection {
  if (connection.kind !== "unknown" || connection.reason.kind !== "unrecognized") return connection;
  return { kind: "unknown", reason: { kind: "unrecognized", raw: change(connection.reason.raw) } };
}

function changedWord<T extends string>(word: Measured<Word<T>>, change: (raw: string) => string): Measured<Word<T>> {
  return typeof word.value === "object" ? { ...word, value: { raw: change(word.value.raw) } } : word;
}
