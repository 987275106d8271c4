/** A failed request that is shown unchanged: its meaning does not depend on the account. */
export type RequestProblem =
  | { readonly kind: "forbidden"; readonly what: "car" | "scope" | "unspecified" }
  | { readonly kind: "notSupported" }
  /** `market`: Volvo names the car's market as the reason. */
  | { readonly kind: "notFound"; readonly market?: true }
  /** Volvo does not accept the request itself, for example because of an invalid VIN. */
  | { readonly kind: "requestRefused" }
  | { readonly kind: "offline"; readonly certificate: boolean }
  | { readonly kind: "timeout" }
  /** A proxy, a network login or a filter answered in Volvo's place. The answer is not about car, token or version. */
  | { readonly kind: "intercepted" }
  /** The proxy wants a login. */
  | { readonly kind: "proxyLogin" }
  | { readonly kind: "malformed" };

/**
 * The reason why a car has no fresh reading. It is kept beside the last reading and never replaces it. Times in ms since
 * the epoch.
 */
export type Problem =
  | RequestProblem
  /** Another window runs a newer version of the extension, which has written the shared state. */
  | { readonly kind: "outdatedWindow" }
  | { readonly kind: "apiKeyMissing" }
  | { readonly kind: "credentialsMissing" }
  /** Shown only after several refusals in a row, because valid keys have been refused for days at a time. */
  | { readonly kind: "apiKeyRejected" }
  /** The pasted test token is no longer accepted. */
  | { readonly kind: "tokenEnded" }
  /** The Volvo ID sign-in is no longer accepted. */
  | { readonly kind: "signInEnded" }
  /** Another window has the newer sign-in, and this window cannot read it. */
  | { readonly kind: "signedInElsewhere" }
  /** `noFolder`: the shared folder cannot be written, so the windows cannot agree which one renews the sign-in. */
  | { readonly kind: "secretsUnavailable"; readonly cause: "noAnswer" | "lost" | "noFolder" }
  /** Volvo refuses the whole application. */
  | { readonly kind: "clientBlocked" }
  /** Volvo ID refuses the application's id or secret. The sign-in is kept and tried again. */
  | { readonly kind: "clientRefused" }
  | { readonly kind: "quotaSpent"; readonly until: number }
  | { readonly kind: "rateLimited"; readonly until: number }
  | { readonly kind: "serviceUnavailable"; readonly cause: "keyRefused" | "gone" }
  | { readonly kind: "serviceUnavailable"; readonly cause: "error"; readonly status: number }
  /** Volvo says when its service will be back. */
  | { readonly kind: "serviceUnavailable"; readonly cause: "closed"; readonly status: number; readonly until: number }
  | { readonly kind: "misconfigured"; readonly setting: string; readonly text: string };

/** True if the car will not be readable for a long time, and its owner cannot change that. */
export function isUnknownForGood(problem: Problem | undefined): boolean {
  return problem?.kind === "notSupported" || problem?.kind === "forbidden" || problem?.kind === "notFound";
}

/** True if the problem concerns one car. Other problems, such as a missing scope, concern all cars. */
export function isAboutOneCar(problem: Problem): boolean {
  if (problem.kind === "forbidden" && problem.what === "scope") return false;
  return isUnknownForGood(problem) || problem.kind === "malformed" || problem.kind === "requestRefused";
}

/**
 * The problem that all cars have in common, unless it concerns single cars. If the problems differ only in the end of
 * their wait, the first car's counts. A rejected key of one car counts for the others whose key was refused as well.
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
