import { isAboutOneCar, type Problem } from "../charging/problem";
import type {
  CarFinding,
  ConnectionEvidence,
  ConnectionRow,
  EnergyFinding,
  KeyFinding,
  ListFinding,
  ServiceFinding,
  TestedCar,
  TokenFinding,
} from "./row";
import { listProblem, listRefusal } from "../polling/listRefusal";

/**
 * Concludes from the answers which parts of the connection work: a row each for the key, the token, the permission to
 * read charging data, the list of cars, the service, and every car. A pure function. A key or token works only if an
 * answer proves it, and fails only if Volvo refused it.
 */
export function connectionReport(evidence: ConnectionEvidence): readonly ConnectionRow[] {
  const { cars, grant, list } = evidence;
  const listed = list.kind === "listed" ? list.vins : undefined;
  const carRows = cars.map((car): ConnectionRow => ({
    part: "car",
    vin: car.vin,
    inAccount: listed?.includes(car.vin),
    finding: carFinding(car),
  }));
  return [
    { part: "apiKey", finding: keyFinding(evidence) },
    { part: "token", grant, finding: tokenFinding(evidence) },
    { part: "energy", grant, finding: energyFinding(evidence) },
    { part: "carList", finding: listFinding(evidence) },
    { part: "service", finding: serviceFinding(evidence) },
    ...carRows,
    ...(cars.length === 0 ? [{ part: "noCar", canList: listed !== undefined } as const] : []),
  ];
}

/** The result of one request for the key and the token. */
type Signal = "served" | "keyRefused" | "tokenRefused" | "none";

function energySignals({ cars }: ConnectionEvidence): readonly Signal[] {
  return cars.map(({ asked, problem }): Signal => {
    if (!asked) return "none";
    if (!problem) return "served";
    switch (problem.kind) {
      case "apiKeyRejected":
        return "keyRefused";
      case "serviceUnavailable":
        return problem.cause === "keyRefused" ? "keyRefused" : "none";
      case "tokenEnded":
        return "tokenRefused";
      // Volvo checks key and token first, so a refusal for another reason means that both were accepted.
      case "forbidden":
      case "notSupported":
      case "notFound":
      case "requestRefused":
      case "malformed":
        return "served";
      default:
        return "none";
    }
  });
}

function listSignal({ list }: ConnectionEvidence): Signal {
  if (list.kind === "listed") return "served";
  if (list.kind !== "failed") return "none";
  switch (list.failure.kind) {
    case "apiKeyRefused":
      return "keyRefused";
    case "tokenRefused":
      return "tokenRefused";
    case "forbidden":
    case "notFound":
    case "notSupported":
    case "requestRefused":
    case "malformed":
      return "served";
    default:
      return "none";
  }
}

function keyFinding(evidence: ConnectionEvidence): KeyFinding {
  if (!evidence.hasApiKey) return { kind: "problem", problem: secretsProblem(evidence) ?? { kind: "apiKeyMissing" } };
  const signals = [...energySignals(evidence), listSignal(evidence)];
  // The gateway checks the key before the token (volvo-cars/developer-portal-api-samples#8).
  const accepted = signals.includes("served") || signals.includes("tokenRefused");
  if (signals.includes("keyRefused")) return { kind: "refused", accepted };
  return accepted ? { kind: "works" } : { kind: "untested" };
}

function tokenFinding(evidence: ConnectionEvidence): TokenFinding {
  const { obstacle, grant, cars } = evidence;
  const secrets = secretsProblem(evidence);
  if (secrets) return { kind: "problem", problem: secrets };
  if (grant === "none") return { kind: "problem", problem: { kind: "credentialsMissing" } };
  if (obstacle?.kind === "signInEnded" || obstacle?.kind === "signedInElsewhere") {
    return { kind: "problem", problem: obstacle };
  }
  const refusals: readonly (Problem["kind"] | undefined)[] = ["clientBlocked", "clientRefused"];
  const blocked = cars.find(({ asked, problem }) => asked && refusals.includes(problem?.kind))?.problem;
  if (blocked) return { kind: "problem", problem: blocked };
  const energy = energySignals(evidence);
  const list = listSignal(evidence);
  if (energy.includes("served")) return { kind: "works" };
  if (energy.includes("tokenRefused")) {
    return list === "served" && grant === "testToken" ? { kind: "otherApi" } : { kind: "refused" };
  }
  if (list === "served") return { kind: "works" };
  if (list !== "tokenRefused") return { kind: "untested" };
  return grant === "testToken" ? { kind: "perhapsOtherApi" } : { kind: "refused" };
}

function secretsProblem({ obstacle }: ConnectionEvidence): Problem | undefined {
  return obstacle?.kind === "secretsUnavailable" ? obstacle : undefined;
}

function energyFinding({ cars }: ConnectionEvidence): EnergyFinding {
  const asked = cars.filter((car) => car.asked);
  const isScope = ({ problem }: TestedCar) => problem?.kind === "forbidden" && problem.what === "scope";
  const isPermitted = ({ problem }: TestedCar) =>
    !problem ||
    problem.kind === "notSupported" ||
    problem.kind === "notFound" ||
    (problem.kind === "forbidden" && problem.what === "car");
  if (asked.some(isPermitted)) {
    const versions = asked.flatMap(({ problem, reading }) => (problem || !reading ? [] : [reading.servedBy]));
    return { kind: "works", versions: [...new Set(versions)].sort() };
  }
  if (asked.some(isScope)) return { kind: "notPermitted" };
  const gone = asked.find(({ problem }) => problem?.kind === "serviceUnavailable" && problem.cause === "gone");
  return gone?.problem ? { kind: "problem", problem: gone.problem } : { kind: "untested" };
}

function listFinding(evidence: ConnectionEvidence): ListFinding {
  const { list, grant } = evidence;
  if (list.kind === "listed") return { kind: "works", count: list.vins.length };
  if (list.kind !== "failed") return { kind: "untested" };
  const { kind } = list.failure;
  if (kind === "apiKeyRefused" || kind === "noCredentials") return { kind: "untested" };
  const refusal = listRefusal(list);
  if (refusal.kind === "failed") return { kind: "problem", problem: refusal.problem };
  const isForEnergy = grant === "testToken" && energySignals(evidence).includes("served");
  return refusal.by === "token" && !isForEnergy ? { kind: "untested" } : refusal;
}

function serviceFinding(evidence: ConnectionEvidence): ServiceFinding {
  const { obstacle, outcome, cars, list } = evidence;
  if (obstacle?.kind === "misconfigured") return { kind: "problem", problem: obstacle };
  const asked = cars.filter((car) => car.asked);
  if (asked.some(({ problem }) => !problem)) return { kind: "works" };
  if (outcome.kind === "held") return { kind: "held", hold: outcome.hold };
  if (list.kind === "held") return { kind: "held", hold: list.hold };
  const failing = asked.find(({ problem }) => problem && isAboutService(problem))?.problem;
  if (failing) return { kind: "problem", problem: failing };
  const signals = [...energySignals(evidence), listSignal(evidence)];
  if (signals.some((signal) => signal !== "none")) return { kind: "works" };
  if (outcome.kind === "unanswered") return { kind: "noWindow" };
  const problem = list.kind === "failed" ? listProblem(list) : undefined;
  return problem && isAboutService(problem) ? { kind: "problem", problem } : { kind: "untested" };
}

/** The cause is neither the credentials nor a single car. */
function isAboutService(problem: Problem): boolean {
  switch (problem.kind) {
    case "quotaSpent":
    case "rateLimited":
    case "offline":
    case "timeout":
    case "intercepted":
    case "proxyLogin":
      return true;
    case "serviceUnavailable":
      return problem.cause === "error";
    default:
      return false;
  }
}

function carFinding({ asked, problem, reading, attemptedAt }: TestedCar): CarFinding {
  if (!asked) return { kind: "untested" };
  if (!problem) return reading ? { kind: "works", reading, attemptedAt } : { kind: "untested" };
  const isOwnProblem = isAboutOneCar(problem) || (problem.kind === "serviceUnavailable" && problem.cause === "error");
  return isOwnProblem ? { kind: "problem", problem } : { kind: "untested" };
}
