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

/** What a reading depends on; looked at for each. */
export interface ApiChoice extends VersionChoice {
  readonly setting: ApiVersionSetting;
}

export interface ReadOptions extends Pick<GetOptions, "onSend"> {
  /** Asks even where neither version was available a moment ago. */
  readonly forced?: boolean;
}

export interface VolvoClient {
  /**
   * One reading of one car, by one request. One more finds the version that works: once a day, while a version is in
   * doubt every half hour, where none works once a check; as many as are in flight where the service comes back at that
   * moment from a failure. Rejects only when the turn's signal aborts.
   */
  read(vin: Vin, turn: Turn, options?: ReadOptions): Promise<Result<Reading>>;
  /** The account's cars. An empty list is a valid answer: region or market can be its cause. */
  listVehicles(turn: Turn): Promise<Result<readonly Vin[]>>;
  carModel(vin: Vin, turn: Turn): Promise<Result<CarModel>>;
}

/** What is asked for, and how. */
interface Question extends ReadOptions {
  readonly vin: Vin;
  readonly turn: Turn;
}

export interface ClientPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Logger;
  /** What Volvo says in words of its own is stored and shown: it may hold no more than the log. */
  readonly redactor: Pick<Redactor, "redact">;
  readonly choice: () => ApiChoice;
  readonly memory: VersionMemory;
}

/** A version's answer that it is not there for this application. */
type VersionRefusal = Extract<Result<never>, { ok: false }> & { readonly failure: Failure };

const noneGranted: VersionRefusal = {
  ok: false,
  failure: { kind: "forbidden", what: "scope" },
  note: "no version granted",
};

/** Names and the list of cars are another API, which a token for Energy need not be for. */
const optional = { essential: false } as const;

const versions = {
  v1: { api: energyV1, parse: readEnergyV1 },
  v2: { api: energyV2, parse: readEnergyV2 },
} as const;

/** Longer than any word or model name; what is longer is none. */
const longestText = 60;
/** As much of an endless text is looked through for what must not be kept. */
const longestLookedThrough = 2_000;

/** Words that change with each answer would fill memory and log. */
const mostLoggedWords = 100;

/** For so long after a failure of the whole service no single request goes ahead to find the version that works. */
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
    return ports.redactor.redact(excerpt(text, longestLookedThrough)).slice(0, longestText);
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
    // A version that the setting names is asked even if its scope was not granted.
    const order = choice.setting === "auto" ? versionsKnown.order(choice, first) : [choice.setting];
    const refusals = new Map<EnergyApiVersion, VersionRefusal>();
    /** A version that has worked and is not written off: its refusal is trouble like any other. */
    let doubted: EnergyApiVersion | undefined;
    for (const version of order) {
      const result = await readBy(version, question);
      // Where this version has worked with this token, a refusal of the token means that it has ended.
      const tokenMayBeForOther = choice.tokenIsForOneApi && (working?.version !== version || !!working.failure);
      const failure = result.ok ? undefined : result.failure;
      if (failure?.kind === "notSent") return result;
      if (result.ok || !failure || !isUnavailable(failure, tokenMayBeForOther)) {
        const isAnswer = !failure || isAboutCar(failure);
        // Where the other version is not there, this one is asked, even while it fails.
        if (isAnswer || (refusals.size > 0 && !doubted)) versionsKnown.found(choice, version, isAnswer, doubted);
        else if (isServiceTrouble(failure)) troubleAt = clock.now();
        return result;
      }
      log.info(`Energy API ${version} is not available to this application (${failure.kind})`);
      refusals.set(version, { ...result, failure });
      if (failure.kind !== "tokenRefused" && !versionsKnown.refused(choice, version)) doubted ??= version;
    }
    const troubled = doubted && refusals.get(doubted);
    if (troubled)
      return failed({ kind: "unavailable", status: troubled.status ?? 404 }, troubled.note, troubled.status);
    const shown = refusals.get("v2") ?? refusals.get("v1") ?? noneGranted;
    // A refused token says nothing about the versions: it has its own way to pause and to go on. Where the setting names
    // a version, there is no other to be found.
    const isFinding = choice.setting === "auto" && shown.failure.kind !== "tokenRefused";
    if (isFinding) versionsKnown.neither(choice, order[0], shown.failure);
    return shown;
  }

  /** Whether it is known what to ask: a version that works, or that none does. */
  function isSettled(choice: ApiChoice, forced = false): boolean {
    const working = versionsKnown.working(choice);
    return working !== undefined && !(working.failure && forced);
  }

  /**
   * While no version is known to work, one car is read alone, so that only that one pays for finding it; the others
   * follow together. They do so as well where the service has trouble: nothing is to be found out then, and twelve
   * cars that each wait for a time-out would be told one by one.
   */
  async function readFinding(question: Question): Promise<Result<Reading>> {
    const release = await finding.take(question.turn.signal);
    const choice = ports.choice();
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
      const choice = ports.choice();
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

/** The version itself is not there for this application, so the other one is worth asking. */
function isUnavailable(failure: Failure, tokenMayBeForOther: boolean): boolean {
  if (failure.kind === "routeGone") return true;
  if (failure.kind === "forbidden") return failure.what === "scope";
  return failure.kind === "tokenRefused" && tokenMayBeForOther;
}

/** The version has answered, about this one car. */
function isAboutCar({ kind }: Failure): boolean {
  return kind === "notFound" || kind === "notSupported";
}

/** It says nothing about this car or this version: the next car would meet the same. */
function isServiceTrouble({ kind }: Failure): boolean {
  const kinds = ["offline", "timeout", "unavailable", "rateLimited", "quotaSpent", "apiKeyRefused"];
  return [...kinds, "intercepted", "proxyLogin"].includes(kind);
}
