import { type Clock, minuteMs } from "../base/clock";
import type { Turn } from "../base/turn";
import { excerpt, type Logger } from "../base/log";
import type { Redactor } from "../base/redactor";
import type { CarModel } from "../charging/carModel";
import { type ApiVersionSetting, type EnergyApiVersion, type Reading, withTimesMoved } from "../charging/reading";
import type { Vin } from "../charging/vin";
import { connectedVehicle, readCarModel, readVehicleList } from "./connectedVehicle";
import { energyV1, readEnergyV1 } from "./energyV1";
import { energyV2, readEnergyV2 } from "./energyV2";
import { failed, type Failure, type Result } from "../charging/failure";
import { mapRawWords } from "./rawWords";
import { createSlots } from "./requestSlots";
import type { GetOptions, Transport } from "./transport";
import { type VersionChoice, VersionKnowledge, type VersionMemory } from "./versionKnowledge";

/** The settings and the grant that decide which version is asked. Read again for each reading. */
export interface ApiChoice extends VersionChoice {
  readonly setting: ApiVersionSetting;
}

export interface ReadOptions extends Pick<GetOptions, "onSend"> {
  /** Asks even if neither version was available a moment ago. */
  readonly forced?: boolean;
}

export interface VolvoClient {
  /**
   * Reads one car with one request. A second request is needed to find the working version: once a day, every half hour
   * while a version is in doubt, and once a check if neither works. When the service comes back after a failure, each
   * car in flight may need one. Rejects only when the turn's signal aborts.
   */
  read(vin: Vin, turn: Turn, options?: ReadOptions): Promise<Result<Reading>>;
  /** The account's cars. An empty list is a valid answer, for example because of the region or market. */
  listVehicles(turn: Turn): Promise<Result<readonly Vin[]>>;
  carModel(vin: Vin, turn: Turn): Promise<Result<CarModel>>;
}

/** One car to read, in one turn. */
interface Question extends ReadOptions {
  readonly vin: Vin;
  readonly turn: Turn;
}

export interface ClientPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  /** Redacts Volvo's free texts, which are stored and shown. */
  readonly redactor: Pick<Redactor, "redact">;
  readonly currentChoice: () => ApiChoice;
  readonly memory: VersionMemory;
}

/** A version's answer that it is not available to this application. */
type VersionRefusal = Extract<Result<never>, { ok: false }> & { readonly failure: Failure };

const noneGranted: VersionRefusal = {
  ok: false,
  failure: { kind: "forbidden", what: "scope" },
  note: "no version granted",
};

/** Names and the list of cars come from another API, which an Energy token may not cover. */
const optional = { essential: false } as const;

const versions = {
  v1: { api: energyV1, parse: readEnergyV1 },
  v2: { api: energyV2, parse: readEnergyV2 },
} as const;

/** Longer than any word or model name. The rest is cut off. */
const longestText = 60;
/** A longer text is cut to this length before it is redacted. */
const longestRedacted = 2_000;

/** Limits memory and log if the words change with each answer. */
const mostLoggedWords = 100;

/** For this time after a failure of the whole service, cars do not wait for one of them to find the working version. */
const troubleMs = minuteMs;

/** The API behind the product: both Energy versions as one, and the car list. */
export function createVolvoClient(ports: ClientPorts): VolvoClient {
  const { transport, clock, log } = ports;
  const versionsKnown = new VersionKnowledge(ports);
  const loggedWords = new Set<string>();
  const finding = createSlots(1);
  let troubleAt = -Infinity;

  async function readBy(version: EnergyApiVersion, { vin, turn, ...options }: Question): Promise<Result<Reading>> {
    const { api, parse } = versions[version];
    const answer = await transport.get(api.path(vin), api.accept, turn, options);
    if (!answer.ok) return answer;
    const { volvoAheadMs } = transport;
    const reading = parse(answer.value, clock.now() + volvoAheadMs);
    if (!reading.ok) return reading;
    return { ok: true, value: mapRawWords(withTimesMoved(reading.value, -volvoAheadMs), keptWord) };
  }

  function keptText(text: string): string {
    return ports.redactor.redact(excerpt(text, longestRedacted)).slice(0, longestText);
  }

  function keptWord(raw: string): string {
    const word = keptText(raw);
    if (loggedWords.has(word) || loggedWords.size > mostLoggedWords) return word;
    loggedWords.add(word);
    if (loggedWords.size <= mostLoggedWords) {
      log.warn(`Volvo uses a word that this version does not know: ${JSON.stringify(word)}`);
    } else log.warn(`Volvo uses more than ${mostLoggedWords} such words; no more of them are logged`);
    return word;
  }

  async function readAvailable(question: Question, choice: ApiChoice): Promise<Result<Reading>> {
    const working = versionsKnown.working(choice);
    if (working?.failure && !question.forced)
      return failed(working.failure, "not available a short while ago, not asked again yet");
    const first = working && !working.failure ? working.version : "v2";
    // The version in the setting is asked even if its scope was not granted.
    const order = choice.setting === "auto" ? versionsKnown.order(choice, first) : [choice.setting];
    const refusals = new Map<EnergyApiVersion, VersionRefusal>();
    /** The version that was refused although it has worked, and is not written off: the refusal may be temporary. */
    let doubted: EnergyApiVersion | undefined;
    for (const version of order) {
      const result = await readBy(version, question);
      // If this version has worked with this token, a refusal of the token means that it has expired.
      const tokenMayBeForOther = choice.tokenIsForOneApi && (working?.version !== version || !!working.failure);
      const failure = result.ok ? undefined : result.failure;
      if (failure?.kind === "notSent") return result;
      if (result.ok || !failure || !isUnavailable(failure, tokenMayBeForOther)) {
        if (!failure || isAboutCar(failure)) versionsKnown.recordAnswer(choice, version, doubted);
        else if (refusals.size > 0 && !doubted) versionsKnown.recordOnlyVersion(choice, version);
        else if (isServiceTrouble(failure)) troubleAt = clock.now();
        return result;
      }
      log.info(`Energy API ${version} is not available to this application (${failure.kind})`);
      refusals.set(version, { ...result, failure });
      if (failure.kind !== "tokenRefused" && !versionsKnown.recordRefusal(choice, version)) doubted ??= version;
    }
    const doubtedRefusal = doubted && refusals.get(doubted);
    if (doubtedRefusal) {
      const { status, note } = doubtedRefusal;
      return failed({ kind: "unavailable", status: status ?? 404 }, note, status);
    }
    const shown = refusals.get("v2") ?? refusals.get("v1") ?? noneGranted;
    // A refused token says nothing about the versions and has a pause of its own. A version in the setting leaves
    // nothing to find.
    const isFinding = choice.setting === "auto" && shown.failure.kind !== "tokenRefused";
    if (isFinding) versionsKnown.recordUnavailable(choice, shown.failure, order[0]);
    return shown;
  }

  /** True if no search is needed: a version is known to work, or both are known to be unavailable. */
  function isSettled(choice: ApiChoice, forced = false): boolean {
    const working = versionsKnown.working(choice);
    return working !== undefined && !(working.failure && forced);
  }

  /**
   * While no version is known to work, one car is read alone, so that only this car needs the extra request. The others
   * follow together. After a failure of the service all cars are read together: nothing can be found out then, and
   * twelve cars would wait for twelve time-outs one after the other.
   */
  async function readFinding(question: Question): Promise<Result<Reading>> {
    const release = await finding.take(question.turn.signal);
    const choice = ports.currentChoice();
    const isAlone = !isSettled(choice, question.forced) && Math.abs(clock.now() - troubleAt) >= troubleMs;
    if (!isAlone) release();
    try {
      return await readAvailable(question, choice);
    } finally {
      if (isAlone) release();
    }
  }

  return {
    async read(vin, turn, options = {}) {
      const choice = ports.currentChoice();
      const question = { vin, turn, ...options };
      return choice.setting !== "auto" || isSettled(choice, options.forced)
        ? readAvailable(question, choice)
        : readFinding(question);
    },
    async listVehicles(turn) {
      const answer = await transport.get(connectedVehicle.listPath, connectedVehicle.accept, turn, optional);
      return answer.ok ? readVehicleList(answer.value) : answer;
    },
    async carModel(vin, turn) {
      const answer = await transport.get(connectedVehicle.detailsPath(vin), connectedVehicle.accept, turn, optional);
      const result = answer.ok ? readCarModel(answer.value) : answer;
      return result.ok ? { ok: true, value: { ...result.value, model: keptText(result.value.model) } } : result;
    },
  };
}

/** True if the version itself is not available to this application, so that the other one is worth asking. */
function isUnavailable(failure: Failure, tokenMayBeForOther: boolean): boolean {
  if (failure.kind === "routeGone") return true;
  if (failure.kind === "forbidden") return failure.what === "scope";
  return failure.kind === "tokenRefused" && tokenMayBeForOther;
}

/** True if the version works and the failure is about this one car. */
function isAboutCar({ kind }: Failure): boolean {
  return kind === "notFound" || kind === "notSupported";
}

/** True if the failure says nothing about this car or this version: the next car would fail in the same way. */
function isServiceTrouble({ kind }: Failure): boolean {
  const kinds = ["offline", "timeout", "unavailable", "rateLimited", "quotaSpent", "apiKeyRefused"];
  return [...kinds, "intercepted", "proxyLogin"].includes(kind);
}
