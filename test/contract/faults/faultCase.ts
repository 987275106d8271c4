import type { FaultName } from "../../../src/simulator/faults/faults";

/** What the fault befalls. Where nothing is said: both versions of the Energy API, as the setting `auto` asks them. */
export type Place =
  /** Energy v2 alone, with the setting `auto`. */
  | "v2"
  /** Energy v1 alone, with the setting `v1`. */
  | "v1"
  /** Volvo ID's token endpoint, as the sign-in is renewed. */
  | "token endpoint"
  /** The car's details, which its name comes from. */
  | "car details"
  /** What the car can do, which nothing here asks for. */
  | "capabilities";

export interface Shown {
  /** The text of the status-bar item, with its background where it has one. */
  readonly item: string;
  /** The description of the car's row in the tree. */
  readonly row: string;
  /** The problem's row and what it offers to do; without a problem what the row of the connection says. */
  readonly sentence: string;
  /** Other rows below the car, by their label; null for one that is not there. */
  readonly also?: Readonly<Record<string, string | null>>;
}

export type Kept =
  /** The last reading stays, and so do the credentials. */
  | "reading and credentials"
  /** The last reading stays; of the sign-in only what need not be typed again. */
  | "reading and client"
  /** Another reading took its place; the credentials stay. */
  | "credentials; new reading";

/**
 * Seconds from the end of a failed check to the next request, while the fault lasts: one for each in a row. `never`:
 * none within two days, so not before the user acts.
 */
export type NextCalls = readonly (number | "never")[];

export interface FaultCase extends Shown {
  readonly fault: FaultName;
  readonly at?: Place;
  readonly account?: "test token" | "Volvo ID";
  /** It is there from the first check on, at 8:00, with nothing known before; otherwise from the second, at 8:05. */
  readonly from?: "the start";
  /** Answers it spoils; every one where left out. */
  readonly times?: number;
  /** What is described is what the n-th check in a row leaves behind; the first where left out. */
  readonly check?: number;
  readonly kept: Kept;
  readonly next: NextCalls;
}

/** One known misbehaviour: all the forms in which it is injected. */
export interface FaultRow {
  /** A: gateway and sign-in; B: bodies and availability; C: odd values in good answers. */
  readonly id: string;
  readonly title: string;
  readonly cases: readonly FaultCase[];
}

const ac = "$(volvo-charging-ac) EX30 AC";

/** Seconds after the first, second and third failure that may pass by itself. */
export const backingOff: NextCalls = [300, 600, 1200];
/** Nothing to back off from: the next regular check. */
export const asUsual: NextCalls = [300, 300];
/** The car says that it cannot be read. */
export const hourly: NextCalls = [3600, 3600];

/** Nothing is wrong as far as anybody can see. */
export const nothing: Shown & Pick<FaultCase, "kept" | "next"> = {
  item: ac,
  row: "AC · 15 min ago",
  sentence: "Connected to an AC charger",
  kept: "credentials; new reading",
  next: asUsual,
};

/** The last reading with a problem beside it, measured a quarter of an hour ago. */
export function beside(word: string, sentence: string, next: NextCalls): Shown & Pick<FaultCase, "kept" | "next"> {
  return {
    item: `${ac} $(clock)`,
    row: `AC · 15 min ago · ${word}`,
    sentence,
    kept: "reading and credentials",
    next,
  };
}

/** The same where only the user can help. */
export function warning(word: string, sentence: string, next: NextCalls): ReturnType<typeof beside> {
  return { ...beside(word, sentence, next), item: `${ac} $(clock) [warning]` };
}

/** Volvo asked for silence: the item tells for how long. */
export function paused(word: string, sentence: string, wait: string, next: NextCalls): ReturnType<typeof beside> {
  return { ...beside(word, sentence, next), item: `${ac} $(debug-pause) ${wait}` };
}

/** The car's own answer leaves the connection open, for a reason. */
export function unknown(reason: string, age = "time unknown"): typeof nothing {
  return {
    ...nothing,
    item: "$(volvo-charging-unknown) EX30 Unknown",
    row: `Unknown · ${age}`,
    sentence: `Unknown: ${reason}`,
  };
}

export const offline = beside("not reachable", "Volvo's service cannot be reached. → Refresh", backingOff);
export const untrusted = beside(
  "not reachable",
  "The connection to Volvo is not trusted: check the certificate of your proxy or company. → Show Log",
  backingOff,
);
export const timeout = beside("no answer", "Volvo's service gave no answer in time. → Refresh", backingOff);
export const malformed = beside("unreadable answer", "Volvo's answer could not be read. → Show Log", backingOff);
export const notPermitted = beside("not permitted", "Volvo does not permit reading this car.", hourly);
export const tokenEnded = beside(
  "token ended",
  "The test token has ended; it lasts about 30 minutes. → Set Access Token",
  [300, "never"],
);
export const signInEnded: ReturnType<typeof warning> = {
  ...warning("sign-in ended", "The sign-in with Volvo ID has ended. → Sign In Again", ["never"]),
  kept: "reading and client",
};

export function unavailable(status: number): ReturnType<typeof beside> {
  return beside("service unavailable", `Volvo's service has a fault (HTTP ${status}); trying again.`, backingOff);
}

/** At the token endpoint, where nothing counts as a failure of the car: `shown` at the regular pace. */
export function renewing(shown: ReturnType<typeof beside>): ReturnType<typeof beside> & { readonly at: Place } {
  return { ...shown, at: "token endpoint", next: asUsual };
}
