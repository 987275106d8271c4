import assert from "node:assert/strict";
import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { secretKeys } from "../../src/auth/credentialStore";
import { redactingLogger } from "../../src/base/log";
import { Redactor } from "../../src/base/redactor";
import { checkVin } from "../../src/charging/vin";
import { signInFailureText } from "../../src/present/accountText";
import { diagnostics } from "../../src/present/diagnostics";
import { statusBar } from "../../src/present/statusBar";
import { tree } from "../../src/present/tree";
import { viewStateOf } from "../../src/present/viewState";
import { observedFetch } from "../../src/polling/requestStatistics";
import { systemClock } from "../../src/base/clock";
import { connectVolvoId, type SignInHost } from "../../src/auth/volvoId";
import { addToCount } from "../support/counts";
import { assertNoLeak, type Scan, scanFolder, type Secret } from "../support/leakScan";
import { RealCore, testTokenSecrets } from "../support/product/realCore";
import { turnWith } from "../support/turn";

const vin = "YV1TEST0000000001";
const secrets: readonly Secret[] = [
  { kind: "API key", value: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" },
  { kind: "token", value: "opaque-Access_token.0123456789" },
  { kind: "refresh token", value: "rt+odd/chars=and%percent" },
  { kind: "client secret", value: "s1mulat0r+secret/with:odd%characters" },
  { kind: "e-mail address", value: "jan.karlsson@example.com" },
];
const [apiKey, token, refreshToken, clientSecret, email] = secrets.map(({ value }) => value) as [
  string,
  string,
  string,
  string,
  string,
];

/** Every part of a request, in the forms in which services and proxies echo it. */
function echoes(request: http.IncomingMessage, body: string): readonly string[] {
  const { authorization, ...headers } = request.headers;
  const all = [
    request.url ?? "",
    body,
    ...Object.entries({ authorization, ...headers }).map(([name, value]) => `${name}: ${String(value)}`),
  ];
  const text = [...all, email].join("\n");
  return [
    text,
    JSON.stringify({ error: { message: text, description: email } }),
    JSON.stringify({ error: "invalid_request", error_description: text.slice(0, 290) }),
    JSON.stringify({ error: "invalid_request", error_description: [...new URLSearchParams(body).values()].join(" ") }),
    JSON.stringify({ request: JSON.stringify({ headers: request.headers, url: request.url, body }) }),
    `<html><title>${encodeURIComponent(text)}</title>`,
    all.map((line) => `"${line}"`).join(","),
    `token=${encodeURIComponent(request.headers.authorization ?? "")}&vin=${request.url ?? ""}&to=${email}`,
    JSON.stringify({ message: `no car\n${vin}\tBearer ${request.headers.authorization ?? ""}`, ref: `vin${vin}x` }),
    Buffer.from(body).toString("base64"),
  ];
}

class NoRedactor extends Redactor {
  override redact(text: string): string {
    return text;
  }
}

describe("echoed request data", () => {
  let server: http.Server;
  let origin: string;
  let folder: string;
  let asked = 0;
  /** The verifiers of the codes that were presented for exchange. */
  let verifiers: string[] = [];

  before(async () => {
    server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        verifiers.push(...new URLSearchParams(body).getAll("code_verifier"));
        const texts = echoes(request, body);
        const statuses = [500, 401, 403, 404, 400, 200, 503, 429, 410];
        // The log quotes Volvo ID's refusals, and the next request is minutes away.
        const [status, said] =
          request.method === "POST" ? [400, texts[2]] : [statuses[asked % 9], texts[asked % texts.length]];
        response.writeHead(status ?? 500).end(said);
        asked++;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-leaks-"));
    asked = 0;
    verifiers = [];
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  /** Runs the product against the echoing server and collects everything it shows and writes. */
  async function run(grant: Readonly<Record<string, string>>, redactor: Redactor): Promise<Scan> {
    const log: string[] = [];
    const { fetch, requests } = observedFetch((url, init) => globalThis.fetch(url, init), systemClock);
    const real = RealCore.open({
      path: path.join(folder, "state"),
      fetch,
      redactor,
      settings: { vehicles: [{ vin, name: "Karlsson" }], "api.baseUrl": origin, "auth.issuer": origin },
      secrets: grant,
      onLog: (level, line) => log.push(`${level} ${line}`),
    });
    const { core } = real;
    const check = checkVin(vin);
    assert.ok(check.kind === "valid");
    try {
      await real.until("credentials", ({ session }) => session.current.kind === "ready");
      await real.until("a first check", ({ carStore: { current } }) => {
        return current.cars[0]?.attemptedAt !== undefined && current.checking.length === 0;
      });
      const { client } = core;
      const turn = turnWith();
      for (let round = 0; round < 22; round++) {
        await client.read(check.vin, turn, { forced: true });
        await client.listVehicles(turn);
        await client.carModel(check.vin, turn);
      }
      await real.until("a state for the other windows", async () =>
        (await fs.readdir(path.join(folder, "state"))).some((name) => /^state\.\d+\.json$/.test(name)),
      );
      const view = viewStateOf(core, Date.now(), { language: "en" });
      const window = { askedLast: true, intervalMs: core.polling.intervalMs, isDemo: false };
      const set = { vehicles: [vin], "api.baseUrl": origin };
      const history = await core.history.report();
      const result = diagnostics({ view, window, requests, history, set, environment: {}, preface: "" }, real.redactor);
      assert.equal(result.kind, "document", JSON.stringify(result));
      await fs.writeFile(path.join(folder, "shown.txt"), JSON.stringify([statusBar(view), tree(view), result]));
    } finally {
      await real.close();
    }
    await fs.writeFile(path.join(folder, "log.txt"), log.join("\n"));
    assert.ok(log.length > 60 && asked > 60, `${log.length} lines, ${asked} requests`);
    return scanFolder(folder, secrets, () => false);
  }

  const volvoId = () => ({
    [secretKeys.apiKey]: JSON.stringify({ origin, value: apiKey }),
    [secretKeys.grant]: JSON.stringify({
      kind: "volvoId",
      issuer: origin,
      clientId: "dc-client",
      clientSecret,
      signInId: "one",
      generation: 1,
      origin,
      signedInAt: Date.now(),
      refreshedAt: Date.now(),
      scopes: ["openid", "energy:state:read"],
      label: "j…@example.com",
      accessToken: token,
      expiresAt: Date.now() + 600_000,
      refreshToken,
    }),
  });

  const ofRequests = ["API key", "token", "e-mail address", "VIN"] as const;
  for (const [title, grant, kinds] of [
    ["a test token", () => testTokenSecrets(origin, apiKey, token), ofRequests],
    ["a sign-in with Volvo ID", volvoId, [...ofRequests, "refresh token", "client secret"]],
  ] as const) {
    it(`is kept out of log, state, diagnostics and texts, with ${title}`, async () => {
      const scan = await run(grant(), new Redactor());
      assertNoLeak(scan);
      addToCount("Bytes scanned for leaks", scan.bytes);
    });

    it(`would be found there without the redactor, with ${title}`, async () => {
      const { leaks } = await run(grant(), new NoRedactor());
      const found = new Set(leaks.map(({ kind }) => kind));
      for (const kind of kinds) assert.ok(found.has(kind), kind);
      assert.deepEqual([...new Set(leaks.map(({ file }) => file))], ["log.txt"]);
    });
  }

  /** Signs in with a new code each time, and collects all messages and texts. */
  async function signIn(redactor: Redactor): Promise<Scan> {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const log = redactingLogger({ trace: write, debug: write, info: write, warn: write, error: write }, redactor);
    const connection = connectVolvoId({ fetch: (url, init) => fetch(url, init), clock: systemClock, redactor, log });
    const client = { issuer: origin, clientId: "dc-client", clientSecret };
    const options = { client, redirectUri: "https://example.com/done", scopes: ["openid"], storedAs: () => undefined };
    const used: Secret[] = [];
    for (let round = 0; round < 72; round++) {
      const code = `code.${crypto.randomUUID()}`;
      const host: SignInHost = {
        relay: { expect: () => ({ dispose: () => undefined }) },
        openBrowser: () => Promise.resolve(),
        showPasteBox: ({ url, offer }) => {
          const stated = new URL(url).searchParams.get("state") ?? "";
          used.push({ kind: "code", value: code }, { kind: "code", value: stated });
          const said = `${clientSecret} ${email} ${stated}`;
          const refusal = new URLSearchParams({ error: "server_error", error_description: said, state: stated });
          assert.equal(offer(round % 9 === 0 ? refusal.toString() : code), "taken");
          return { dispose: () => undefined };
        },
        onProgress: () => undefined,
        pages: { title: "", language: "en", arrived: "", refused: "" },
      };
      const result = await connection.signIn(host, options, new AbortController().signal);
      assert.ok(result.kind === "failed", JSON.stringify(result));
      lines.push(JSON.stringify(result));
      const { sentence } = signInFailureText(result.failure, options.redirectUri, Date.now(), { language: "en" });
      lines.push(sentence);
    }
    assert.equal(verifiers.length, 64);
    used.push(...verifiers.map((value): Secret => ({ kind: "code", value })));
    await fs.writeFile(path.join(folder, "said.txt"), lines.join("\n"));
    return scanFolder(folder, [...secrets, ...used], () => false);
  }

  it("is kept out of log and messages during sign-in", async () => {
    const scan = await signIn(new Redactor());
    assertNoLeak(scan);
    addToCount("Bytes scanned for leaks", scan.bytes);
  });

  it("would be found there without the redactor during sign-in", async () => {
    const { leaks } = await signIn(new NoRedactor());
    const found = new Set(leaks.map(({ kind }) => kind));
    for (const kind of ["client secret", "code", "e-mail address"] as const) assert.ok(found.has(kind), kind);
  });
});
