import type { FaultName } from "../../../src/simulator/faults/faults";

/**
 * The request that the fault affects. The default is both versions of the Energy API, as the setting `auto` requests
 * them.
 */
export type Place =
  /** Energy v2 alone, with the setting `auto`. */
  | "v2"
  /** Energy v1 alone, with the setting `v1`. */
  | "v1"
  /** Volvo ID's token endpoint, during a renewal of the sign-in. */
  | "token endpoint"
  /** The car's details, the source of its model name. */
  | "car details"
  /** The car's capabilities, which the product does not request. */
  | "capabilities";

export interface Shown {
  /** The text of the status-bar item, with its background if it has one. */
  readonly item: string;
  /** The description of the car's row in the tree, after the label of the problem's row above it. */
  readonly row: string;
  /** The problem's row and the action it offers; without a problem, the text of the connection row. */
  readonly sentence: string;
  /** Other rows below the car, by label; null if the row is absent. */
  readonly also?: Readonly<Record<string, string | null>>;
}

export type Kept =
  /** The last reading and the credentials are kept. */
  | "reading and credentials"
  /** The last reading is kept; of the sign-in, only the client, so that the user need not enter it again. */
  | "reading and client"
  /** A new reading replaces the old one; the credentials are kept. */
  | "credentials; new reading";

/**
 * Seconds from the end of each failed check to the next request while the fault lasts, one for each consecutive
 * failure. `never`: none within two days, so not before the user acts.
 */
export type NextCalls = readonly (number | "never")[];

export interface FaultCase extends Shown {
  readonly fault: FaultName;
  readonly at?: Place;
  readonly account?: "test token" | "Volvo ID";
  /**
   * The fault is present from the first check at 8:00 on, without an earlier reading; the default is the second check,
   * at 8:05.
   */
  readonly from?: "the start";
  /** The number of responses it affects; all if omitted. */
  readonly times?: number;
  /** The case describes the state after the n-th consecutive check; the first if omitted. */
  readonly check?: number;
  readonly kept: Kept;
  readonly next: NextCalls;
}

/** One known fault, in all the forms in which it is injected. */
export interface FaultRow {
  /** A: gateway and sign-in; B: bodies and availability; C: odd values in good answers. */
  readonly id: string;
  readonly title: string;
  readonly cases: readonly FaultCase[];
}

const ac = "$(volvo-charging-ac) EX30 AC";

/** Seconds after the first, second and third failure that may be temporary. */
export const backingOff: NextCalls = [300, 600, 1200];
/** No back-off: the next regular check. */
export const asUsual: NextCalls = [300, 300];
/** The response says that the car cannot be read, which can be a mistake. */
export const atLastHourly: NextCalls = [300, 600, 1200, 2400, 3600, 3600];

/** Nothing appears to be wrong. */
export const nothing: Shown & Pick<FaultCase, "kept" | "next"> = {
  item: ac,
  row: "AC · 15 min ago",
  sentence: "Connected to an AC charger",
  kept: "credentials; new reading",
  next: asUsual,
};

/** The last reading, measured a quarter of an hour ago, below the problem of the account or of the service. */
export function beside(word: string, sentence: string, next: NextCalls): Shown & Pick<FaultCase, "kept" | "next"> {
  const [end = ""] = / until [^.]+/.exec(sentence) ?? [];
  return {
    item: `${ac} $(watch)`,
    row: `${word.charAt(0).toUpperCase()}${word.slice(1)}${end} / AC · 15 min ago`,
    sentence,
    kept: "reading and credentials",
    next,
  };
}

/** The same for a problem of this one car, which its row shows. */
export function ofCar(word: string, sentence: string, next: NextCalls): ReturnType<typeof beside> {
  return { ...beside(word, sentence, next), row: `AC · 15 min ago · ${word}` };
}

/** The same for a problem that only the user can fix. */
export function warning(word: string, sentence: string, next: NextCalls): ReturnType<typeof beside> {
  return { ...beside(word, sentence, next), item: `${ac} · ${word} [warning]` };
}

/** Volvo asked the extension to wait: the item shows for how long. */
export function paused(word: string, sentence: string, wait: string, next: NextCalls): ReturnType<typeof beside> {
  return { ...beside(word, sentence, next), item: `${ac} $(watch) retry in ${wait}` };
}

/** The car's own response leaves the connection unknown, with a reason. */
export function unknown(reason: string, age = "time unknown"): typeof nothing {
  return {
    ...nothing,
    item: "$(volvo-charging-unknown) EX30 Unknown",
    row: age === "time unknown" ? "Unknown" : `Unknown · ${age}`,
    sentence: `Unknown: ${reason}`,
  };
}

export const offline = beside("not reachable", "Volvo's service can't be reached. → Refresh", backingOff);
export const untrusted = beside(
  "not reachable",
  "The connection to Volvo isn't trusted: check the certificate of your proxy or company. → Show Log",
  backingOff,
);
export const timeout = beside("no response", "Volvo's service didn't respond in time. → Refresh", backingOff);
export const malformed = ofCar("unreadable response", "Volvo's response couldn't be read. → Show Log", backingOff);
export const intercepted = beside(
  "response intercepted",
  "A proxy, network login, or firewall answered instead of Volvo. Check your network. → Refresh",
  backingOff,
);
export const notPermitted = ofCar(
  "not permitted",
  "Volvo doesn't allow access to this car. → Test Connection",
  atLastHourly,
);
export const tokenEnded = {
  ...beside("token expired", "The test token has expired. Test tokens last about 30 minutes. → Set Access Token", [
    300,
    "never",
  ]),
  item: `${ac} · token expired`,
};
export const signInEnded: ReturnType<typeof warning> = {
  ...warning("sign-in expired", "The sign-in with Volvo ID has expired. → Sign In Again", ["never"]),
  kept: "reading and client",
};

export function unavailable(status: number): ReturnType<typeof beside> {
  return beside("service error", `Volvo's service reported an error (HTTP ${status}).`, backingOff);
}

/** At the token endpoint, failures do not count against the car: `shown` at the regular interval. */
export function renewing(shown: ReturnType<typeof beside>): ReturnType<typeof beside> & { readonly at: Place } {
  return { ...shown, at: "token endpoint", next: asUsual };
}
