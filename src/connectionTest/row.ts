import type { Problem } from "../charging/problem";
import type { EnergyApiVersion, Reading } from "../charging/reading";
import type { Vin } from "../charging/vin";
import type { Failure } from "../charging/failure";
import type { Car } from "../charging/car";
import type { Pause, RefreshOutcome } from "../polling/polling";

export type ListEvidence =
  | { readonly kind: "listed"; readonly vins: readonly Vin[] }
  /** `at`: the time of the failure (ms since the epoch). */
  | { readonly kind: "failed"; readonly failure: Failure; readonly at: number }
  | { readonly kind: "held"; readonly hold: Pause }
  | { readonly kind: "notAsked" };

/** A configured car. `asked`: its state comes from this test, or from a request less than ten seconds before it. */
export type TestedCar = Pick<Car, "vin" | "reading" | "problem" | "attemptedAt"> & { readonly asked: boolean };

/** The results of a connection test, from which the rows are concluded. */
export interface ConnectionEvidence {
  readonly hasApiKey: boolean;
  readonly grant: "none" | "testToken" | "volvoId";
  /** The problem that prevents all requests. */
  readonly obstacle: Problem | undefined;
  readonly outcome: RefreshOutcome;
  readonly list: ListEvidence;
  readonly cars: readonly TestedCar[];
}

interface Works {
  readonly kind: "works";
}
/** There is no result, because another part failed first. */
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
  /** `accepted`: another request with the same key went through. Volvo sometimes refuses valid keys. */
  | { readonly kind: "refused"; readonly accepted: boolean };

export type TokenFinding =
  | Works
  | Untested
  | Fails
  | { readonly kind: "refused" }
  /** Test tokens from the portal are for one API; this one is for the list of cars. */
  | { readonly kind: "otherApi" }
  /** Volvo refused it for the list of cars, as it does with a token for the Energy API. There was no car to try. */
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

/** The result for one part of the connection. */
export type ConnectionRow =
  | { readonly part: "apiKey"; readonly finding: KeyFinding }
  | { readonly part: "token"; readonly grant: ConnectionEvidence["grant"]; readonly finding: TokenFinding }
  | { readonly part: "energy"; readonly grant: ConnectionEvidence["grant"]; readonly finding: EnergyFinding }
  | { readonly part: "carList"; readonly finding: ListFinding }
  | { readonly part: "service"; readonly finding: ServiceFinding }
  /** `inAccount`: whether Volvo lists the car; `undefined` if there is no list. */
  | {
      readonly part: "car";
      readonly vin: Vin;
      readonly inAccount: boolean | undefined;
      readonly finding: CarFinding;
    }
  | { readonly part: "noCar"; readonly canList: boolean };

/** The result of a row in one word. */
export type Verdict = "works" | "fails" | "limited" | "untested";
