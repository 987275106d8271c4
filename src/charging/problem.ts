/** A failed request that is shown as it is: nothing about the account changes its meaning. */
export type RequestProblem =
  | { readonly kind: "forbidden"; readonly what: "car" | "scope" | "unspecified" }
  | { readonly kind: "notSupported" }
  /** `market`: Volvo names the car's market as the reason. */
  | { readonly kind: "notFound"; readonly market?: true }
  /** Volvo does not accept the request itself, as for a VIN that is none. */
  | { readonly kind: "requestRefused" }
  | { readonly kind: "offline"; readonly certificate: boolean }
  | { readonly kind: "timeout" }
  /** A proxy, a network login or a filter answered in Volvo's place: it says nothing about car, token or version. */
  | { readonly kind: "intercepted" }
  /** The proxy wants a login. */
  | { readonly kind: "proxyLogin" }
  | { readonly kind: "malformed" };

/**
 * The reason why a car has no fresh reading. It is kept beside the last reading and never replaces it. Times are ms
 * since the epoch.
 */
export type Problem =
  | RequestProblem
  /** Another window runs a newer version of the extension, and has written what all windows share. */
  | { readonly kind: "outdatedWindow" }
  | { readonly kind: "apiKeyMissing" }
  | { readonly kind: "credentialsMissing" }
  /** Told only after several refusals in a row: valid keys have been refused for days at a time. */
  | { readonly kind: "apiKeyRejected" }
  /** The pasted test token is no longer accepted. */
  | { readonly kind: "tokenEnded" }
  /** The Volvo ID sign-in is no longer accepted. */
  | { readonly kind: "signInEnded" }
  /** Another window holds the newer sign-in, and this window cannot see it. */
  | { readonly kind: "signedInElsewhere" }
  /** `noFolder`: what all windows must agree on cannot be written, so that no window may renew the sign-in. */
  | { readonly kind: "secretsUnavailable"; readonly cause: "noAnswer" | "lost" | "noFolder" }
  /** Volvo refuses the whole application. */
  | { readonly kind: "clientBlocked" }
  /** Volvo ID refuses the application's id or secret. The sign-in is kept, and tried again. */
  | { readonly kind: "clientRefused" }
  | { readonly kind: "quotaSpent"; readonly until: number }
  | { readonly kind: "rateLimited"; readonly until: number }
  | { readonly kind: "serviceUnavailable"; readonly cause: "keyRefused" | "gone" }
  | { readonly kind: "serviceUnavailable"; readonly cause: "error"; readonly status: number }
  /** Volvo says when its service will be back. */
  | { readonly kind: "serviceUnavailable"; readonly cause: "closed"; readonly status: number; readonly until: number }
  | { readonly kind: "misconfigured"; readonly setting: string; readonly text: string };

/** The car will not be readable for a long time, and its owner cannot change that. */
export function isUnknownForGood(problem: Problem | undefined): boolean {
  return problem?.kind === "notSupported" || problem?.kind === "forbidden" || problem?.kind === "notFound";
}

/** The problem concerns this one car; all others, such as a scope that the token lacks, concern every car alike. */
export function isAboutOneCar(problem: Problem): boolean {
  if (problem.kind === "forbidden" && problem.what === "scope") return false;
  return isUnknownForGood(problem) || problem.kind === "malformed" || problem.kind === "requestRefused";
}

/**
 * The problem in the last answers about all cars, unless it concerns a single car. The ends of a wait may differ; the first
 * car's is taken. A key that is believed to be refused after the answer about one car is refused for the others as well.
 */
export function commonProblem(cars: readonly { readonly problem?: Problem }[]): Problem | undefined {
  const problem = cars[0]?.problem;
  if (cars.every((car) => isKeyRefusal(car.problem))) {
    return cars.find((car) => car.problem?.kind === "apiKeyRejected")?.problem ?? problem;
  }
  const cause = (of: Problem | undefined) => JSON.stringify({ ...of, until: 0 });
  const isCommon = problem && !isAboutOneCar(problem) && cars.every((car) => cause(car.problem) === cause(problem));
  return isCommon ? problem : undefined;
}

function isKeyRefusal(problem: Problem | undefined): boolean {
  if (problem?.kind === "serviceUnavailable") return problem.cause === "keyRefused";
  return problem?.kind === "apiKeyRejected";
}

export function sameProblem(a: Problem | undefined, b: Problem | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
