import { Redactor } from "../../../src/base/redactor";
import type { Problem } from "../../../src/charging/problem";
import type { EnergyApiVersion } from "../../../src/charging/reading";
import { type ApiChoice, createVolvoClient, type VolvoClient } from "../../../src/volvo/client";
import type { VersionMemory } from "../../../src/volvo/versionKnowledge";
import { type WorkingVersion } from "../../../src/charging/workingApiVersion";
import {
  type Authorization,
  type Authorizer,
  createTransport,
  type Fetch,
  type Transport,
} from "../../../src/volvo/transport";
import { RecordingLog } from "./builders";
import { FakeClock } from "../fakeClock";

export const apiOrigin = "https://api.volvo.test";
export const anApiKey = "5e1f00d5ca1ab1e0ca75a2e51ec7a1c0";
export const anAccessToken = "an-access-token-1";

/** A signal that never aborts. */
export const neverAborted = new AbortController().signal;

/** Credentials for {@link apiOrigin} that record all calls. */
export class FakeAuthorizer implements Authorizer {
  /** The answer to the next calls. */
  answer: Authorization | Problem;
  renewal: Authorization | Problem = { kind: "tokenEnded" };
  readonly origins: string[] = [];
  readonly renewed: Authorization[] = [];
  readonly refusals: Authorization[] = [];

  constructor(origin = apiOrigin) {
    this.answer = { apiKey: anApiKey, accessToken: anAccessToken, origin };
  }

  authorize(origin: string): Promise<Authorization | Problem> {
    this.origins.push(origin);
    return Promise.resolve(this.answer);
  }

  renew(refused: Authorization): Promise<Authorization | Problem> {
    this.renewed.push(refused);
    return Promise.resolve(this.renewal);
  }

  refusedAgain(refused: Authorization): void {
    this.refusals.push(refused);
  }
}

export interface SentRequest {
  readonly url: string;
  readonly path: string;
  readonly init: RequestInit;
  readonly headers: Headers;
}

/** The product's real transport on top of the test's `fetch`. */
export class TransportRig {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly authorizer: FakeAuthorizer;
  readonly sent: SentRequest[] = [];
  readonly transport: Transport;
  baseUrl: string;

  constructor(respond: (request: SentRequest) => Response | Promise<Response>, baseUrl = apiOrigin) {
    this.baseUrl = baseUrl;
    this.authorizer = new FakeAuthorizer(new URL(baseUrl).origin);
    const fetch: Fetch = async (url, init) => {
      const request = { url, path: new URL(url).pathname, init, headers: new Headers(init.headers) };
      this.sent.push(request);
      return respond(request);
    };
    this.transport = createTransport({
      fetch,
      clock: this.clock,
      log: this.log,
      authorizer: this.authorizer,
      baseUrl: () => this.baseUrl,
    });
  }
}

/** A memory that lasts as long as the test. */
export class FakeMemory implements VersionMemory {
  working: WorkingVersion | undefined;
  get = () => this.working;
  set = (working: WorkingVersion) => void (this.working = working);
}

export type Answers = Record<EnergyApiVersion, (request: SentRequest) => Response | Promise<Response>>;

/** The client on top of a transport to two scripted versions of the Energy API. */
export class ClientRig {
  readonly memory = new FakeMemory();
  readonly redactor = new Redactor();
  readonly edge: TransportRig;
  readonly client: VolvoClient;
  choice: ApiChoice = { setting: "auto", scope: "a grant", granted: ["v2", "v1"], tokenIsForOneApi: false };

  constructor(readonly answers: Answers) {
    this.edge = new TransportRig((request) => answers[versionOf(request)](request));
    this.client = createVolvoClient({
      transport: this.edge.transport,
      clock: this.edge.clock,
      log: this.edge.log,
      redactor: this.redactor,
      currentChoice: () => this.choice,
      memory: this.memory,
    });
  }

  /** The versions requested since the last call, in order. */
  takeAsked(): EnergyApiVersion[] {
    return this.edge.sent.splice(0).map(versionOf);
  }
}

function versionOf({ path }: SentRequest): EnergyApiVersion {
  return path.startsWith("/energy/v1/") ? "v1" : "v2";
}

export function jsonResponse(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}
