/** Why a connection is unknown. */
export type UnknownReason =
  /** The car says "unspecified". */
  | { readonly kind: "notReported" }
  /** This car never reports it. */
  | { readonly kind: "notSupported" }
  /** Volvo has no value at the moment. */
  | { readonly kind: "noValue" }
  /** A word that this version does not know, unchanged. */
  | { readonly kind: "unrecognized"; readonly raw: string };

/** The state of a car's charging cable. Missing data is `unknown`, never `disconnected`. */
export type Connection =
  | { readonly kind: Exclude<KnownConnection, "connected"> }
  /** `charger` is a type of charger that this version does not know, as the car names it. */
  | { readonly kind: "connected"; readonly charger?: string }
  | { readonly kind: "unknown"; readonly reason: UnknownReason };

export const knownConnections = ["connectedAc", "connectedDc", "connected", "disconnected", "fault"] as const;

export type KnownConnection = (typeof knownConnections)[number];

export type ConnectionKind = Connection["kind"];

/** True for the three kinds in which a cable is plugged in without a fault. */
export function isPluggedIn(connection: Connection): boolean {
  return connection.kind === "connectedAc" || connection.kind === "connectedDc" || connection.kind === "connected";
}
