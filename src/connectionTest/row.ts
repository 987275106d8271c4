import type { Problem } from "../charging/problem";
import type { EnergyApiVersion, Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import type { Failure } from "../charging/failure";
import type { Car } from "../charging/car";
import type { Pause, RefreshOutcome } from "../polling/polling";

export type ListEvidence =
  | { readonly kind: "listed"; readonly vins: readonly Vin[] }
  /** Asked at `at` (ms). */
  | { readonly kind: "failed"; readonly failure: Failure; readonly at: number }
  | { readonly kind: "held"; readonly hold: Pause }
  | { readonly kind: "notAsked" };

/** A configured car; `asked` where what is known of it was found out by this test, or less than ten seconds before. */
export type TestedCar = Pick<Car, "vin" | "reading" | "problem" | "attemptedAt"> & { readonly asked: boolean };

/** All that a test of the connection found out, before anything is concluded from it. */
export interface ConnectionEvidence {
  readonly hasApiKey: boolean;
  readonly grant: "none" | "testToken" | "volvoId";
  /** What keeps every request from being made. */
  readonly obstacle: Problem | undefined;
  readonly outcome: RefreshOutcome;
  readonly list: ListEvidence;
  readonly cars: readonly TestedCar[];
}

interface Works {
  readonly kind: "works";
}
/** Nothing was found out, because something else failed before. */
interface Untested {
  readonly kind: "untested";
}
interface Fails {
  readonly kind: "problem";
  readonly problem: Problem;
}

export type KeyFinding =
  | Works
  | Untested
  | Fails
  /** `accepted`: another request with the same key went through, as has happened to valid keys. */
  | { readonly kind: "refused"; readonly accepted: boolean };

export type TokenFinding =
  | Works
  | Untested
  | Fails
  | { readonly kind: "refused" }
  /** Portal test tokens are for one API; this one is for the car list. */
  | { readonly kind: "otherApi" }
  /** The car list refuses it, which a token for the Energy API does not mind; no car was there to try it on. */
  | { readonly kind: "perhapsOtherApi" };

export type EnergyFinding =
  (Works & { readonly versions: readonly EnergyApiVersion[] }) | Untested | Fails | { readonly kind: "notPermitted" };

export type ListFinding =
  | (Works & { readonly count: number })
  | Untested
  | Fails
  | { readonly kind: "notPermitted"; readonly by: "token" | "application" };

export type ServiceFinding =
  Works | Untested | Fails | { readonly kind: "held"; readonly hold: Pause } | { readonly kind: "noWindow" };

export type CarFinding =
  (Works & { readonly reading: Reading; readonly attemptedAt: number | undefined }) | Untested | Fails;

/** What is said of one part of the connection. */
export type ConnectionRow =
  | { readonly part: "apiKey"; readonly finding: KeyFinding }
  | { readonly part: "token"; readonly grant: ConnectionEvidence["grant"]; readonly finding: TokenFinding }
  | { readonly part: "energy"; readonly grant: ConnectionEvidence["grant"]; readonly finding: EnergyFinding }
  | { readonly part: "carList"; readonly finding: ListFinding }
  | { readonly part: "service"; readonly finding: ServiceFinding }
  /** `inAccount`: whether Volvo lists the car; `undefined` where there is no list. */
  | {
      readonly part: "car";
      readonly vin: Vin;
      readonly inAccount: boolean | undefined;
      readonly finding: CarFinding;
    }
  | { readonly part: "noCar"; readonly canList: boolean };

/** A row in one word. */
export type Verdict = "works" | "fails" | "limited" | "untested";
