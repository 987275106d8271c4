import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { secretKeys } from "../../src/auth/credentialStore";
import { scopesFor } from "../../src/auth/scopes";
import { returnLimitMs, type SignInResult } from "../../src/auth/signInFlow";
import { dayMs } from "../../src/base/clock";
import { signInFailureText } from "../../src/present/accountText";
import { connectVolvoId } from "../../src/auth/volvoId";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import type { Fetch } from "../../src/volvo/transport";
import { freePort, SignInScene, visit } from "../support/auth/browser";
import { settle } from "../support/fakeClock";

const scopes = ["openid", "conve:vehicle_relation", "energy:state:read"];
const storedKey = "0123456789abcdef0123456789abcdef";

describe("signing in with Volvo ID", () => {
  let scene: SignInScene;
  let volvo: SimulatedVolvo;
  let server: SimulatorServer;
  let redirectUri: string;

  beforeEach(async () => {
    scene = new SignInScene();
    redirectUri = `http://localhost:${await freePort()}/callback`;
    volvo = new SimulatedVolvo(scene.clock, { volvoId: { redirectUris: [redirectUri, "https://example.com/done"] } });
    volvo.volvoId.decision = "approve";
    server = await startSimulatorServer(volvo);
  });

  afterEach(async () => {
    await server.close();
    scene.assertPagesWentWell();
  });

  function attempt(
    changes: Partial<{
      redirectUri: string;
      scopes: readonly string[];
      clientId: string;
      clientSecret: string;
      issuer: string;
    }> = {},
    signal = new AbortController().signal,
    request: Fetch = (url, init) => fetch(url, init),
  ): Promise<SignInResult> {
    const { clientId, clientSecret } = volvo.volvoId.options;
    const client = {
      issuer: changes.issuer ?? server.origin,
      clientId: changes.clientId ?? clientId,
      clientSecret: changes.clientSecret ?? clientSecret,
    };
    const connection = connectVolvoId({ ...scene.ports(), fetch: request });
    const options = {
      client,
      redirectUri: changes.redirectUri ?? redirectUri,
      scopes: changes.scopes ?? scopes,
      storedAs: (value: string) => (value === storedKey ? ("apiKey" as const) : undefined),
    };
    const { listen: _, clock: __, log: ___, redactor: ____, ...host } = scene.ports();
    return connection.signIn(host, options, signal);
  }

  const failure = (result: SignInResult) => (result.kind === "failed" ? result.failure : result);

  function assertSignedIn(result: SignInResult): void {
    assert.ok(result.kind === "signedIn", JSON.stringify(result));
    const { signIn } = result;
    assert.match(signIn.refreshToken, /^rt-/);
    assert.deepEqual([signIn.label, signIn.scopes], ["d…@example.com", scopes]);
    assert.equal(signIn.expiresAt, scene.clock.now() + 299_000);
  }

  it("receives the response on the port of the redirect URI and shows a page", async () => {
    let page = { status: 0, text: "", location: "" };
    scene.onPage = async (url) => {
      page = await visit((await visit(url)).location);
    };
    assertSignedIn(await attempt());
    await settle();
    assert.equal(page.status, 200);
    assert.match(page.text, /Done &#38; &#60;ready&#62;/);
    assert.deepEqual(scene.progress, ["waiting", "exchanging"]);
    assert.equal(scene.isBoxOpen, false);
    await assert.rejects(visit(redirectUri), /fetch failed/);
  });

  it("accepts the response over 127.0.0.1 and over ::1", async () => {
    for (const host of ["127.0.0.1", "[::1]"]) {
      scene.onPage = async (url) => visit((await visit(url)).location.replace("localhost", host));
      assertSignedIn(await attempt());
    }
  });

  it("accepts a pasted response: a whole address, a query or a bare code", async () => {
    const ways: ((answer: URL) => string)[] = [
      (answer) => answer.href,
      (answer) => answer.search,
      (answer) => answer.searchParams.get("code") ?? "",
    ];
    for (const way of ways) {
      scene.onPage = async (url, box) => {
        assert.equal(box.offer(way(new URL((await visit(url)).location))), "taken");
      };
      assertSignedIn(await attempt({ redirectUri: "https://example.com/done" }));
      assert.deepEqual(scene.box?.wayBack, { kind: "elsewhere" });
    }
  });

  it("accepts the response at a VS Code address, in this window or another", async () => {
    scene.onPage = async (url) => {
      assert.equal(await scene.relay.receive(new URL((await visit(url)).location).searchParams), true);
    };
    assertSignedIn(await attempt());
    const other = scene.openRelay(scene.ports().log);
    let received: Promise<boolean> | undefined;
    scene.onPage = async (url) => {
      received = other.receive(new URL((await visit(url)).location).searchParams);
      for (let step = 0; step < 20; step++) await scene.clock.advance(100);
    };
    assertSignedIn(await attempt());
    assert.equal(await received, true);
    assert.deepEqual([...scene.secrets.disk.keys()], []);
  });

  it("rejects a response if no sign-in is waiting for one", async () => {
    const unknown = scene.relay.receive(new URLSearchParams({ code: "c", state: "s" }));
    for (let step = 0; step < 40; step++) await scene.clock.advance(100);
    assert.equal(await unknown, false);
    await scene.clock.advance(1000);
    assert.deepEqual([...scene.secrets.disk.keys()], []);
    assert.equal(await scene.relay.receive(new URLSearchParams({ code: "c" })), false);
  });

  it("stores no response that no window waits for or that is too long, and only a few of a flood of responses", async () => {
    const other = scene.openRelay(scene.ports().log);
    let stores = 0;
    const count = scene.secrets.open();
    count.onDidChange((key) => void (stores += key === secretKeys.callback ? 1 : 0));
    const send = async (state: string, more = "") => {
      const received = other.receive(new URLSearchParams({ code: `c${more}`, state }));
      for (let step = 0; step < 40; step++) await scene.clock.advance(100);
      return received;
    };
    assert.equal(await send("a-state"), false, "no sign-in is waiting");
    assert.equal(stores, 0);

    const offers: string[] = [];
    const waiting = scene.relay.expect("a-state", (parameters) => {
      offers.push(parameters.get("code") ?? "");
      return "taken";
    });
    await scene.clock.advance(100);
    assert.equal(await send("another-state"), false, "another's state");
    assert.equal(await send("a-state", "x".repeat(4_096)), false, "too long");
    assert.equal(stores, 0);
    assert.equal(await send("a-state"), true);
    assert.deepEqual(offers, ["c"]);

    const flood = Array.from({ length: 50 }, (_, index) =>
      other.receive(new URLSearchParams({ code: `flood-${index}`, state: "a-state" })),
    );
    for (let step = 0; step < 100; step++) await scene.clock.advance(100);
    const taken = (await Promise.all(flood)).filter(Boolean).length;
    assert.ok(taken >= 1 && taken <= 4, String(taken));
    assert.ok(offers.length <= 5, offers.join());

    waiting.dispose();
    await scene.clock.advance(2 * 60_000);
    stores = 0;
    assert.equal(await send("a-state"), false, "the sign-in is over");
    assert.equal(stores, 0);
    assert.deepEqual([...scene.secrets.disk.keys()], []);
    assert.deepEqual([...scene.disk.contents.keys()], []);
  });

  it("rejects a response if the waiting window was killed half an hour ago", async () => {
    scene.relay.expect("a-state", () => "taken");
    await scene.clock.advance(31 * 60_000);
    const other = scene.openRelay(scene.ports().log);
    assert.equal(await other.receive(new URLSearchParams({ code: "c", state: "a-state" })), false);
    assert.deepEqual([...scene.secrets.disk.keys()], []);
  });

  it("deletes leftover responses at the next attempt, but keeps one still in transit", async () => {
    const key = secretKeys.callback;
    const answer = (at: number) => JSON.stringify({ query: "code=c&state=s", at });
    const now = scene.clock.now();
    for (const [stored, isKept] of [
      [answer(now - 60_000), false],
      [answer(now + 60_000), false],
      ["of another version", false],
      [answer(now - 1_000), true],
    ] as const) {
      scene = new SignInScene();
      scene.secrets.disk.set(key, stored);
      const relay = scene.openRelay(scene.ports().log);
      relay.expect("state", () => "taken");
      await scene.clock.advance(1_000);
      assert.equal(scene.secrets.disk.has(key), isKept, stored);
    }
  });

  it("falls back to the other return paths if the port is taken, and names them", async () => {
    const port = Number(new URL(redirectUri).port);
    const other: Server = createServer((_, response) => response.end("other"));
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    try {
      scene.onPage = async (url, box) => {
        assert.deepEqual(box.wayBack, { kind: "portTaken", port });
        assert.equal(box.offer((await visit(url)).location), "taken");
      };
      assertSignedIn(await attempt());
    } finally {
      other.close();
    }
  });

  it("accepts only the registered path with the correct state, and keeps waiting otherwise", async () => {
    scene.onPage = async (url) => {
      const { location } = await visit(url);
      const elsewhere = location.replace("/callback", "/callback/");
      assert.equal((await visit(elsewhere)).status, 404);
      assert.equal((await visit(new URL("/favicon.ico", location).href)).status, 404);
      assert.equal((await fetch(location, { method: "POST" })).status, 404);
      assert.equal((await visit(location.replace(/state=[^&]+/, "state=other"))).status, 400);
      assert.equal((await visit(location.replace(/&?state=[^&]+/, ""))).status, 400);
      assert.match((await visit(redirectUri)).text, /Not yours/);
      assert.equal((await visit(location)).status, 200);
    };
    assertSignedIn(await attempt());
  });

  it("17: refuses a pasted response with a wrong or missing state, and keeps waiting", async () => {
    scene.onPage = async (url, box) => {
      const { location } = await visit(url);
      assert.equal(box.offer(location.replace(/state=[^&]+/, "state=other")), "wrongState");
      assert.equal(box.offer(location.replace(/&?state=[^&]+/, "")), "wrongState");
      assert.equal(box.offer(url), "signInPage");
      assert.equal(box.offer("https://example.com/"), "page");
      assert.equal(box.offer(location), "taken");
      assert.equal(box.offer(location), "over");
    };
    assertSignedIn(await attempt());
  });

  it("17: uses each code, state and verifier only once", async () => {
    let first = "";
    scene.onPage = async (url, box) => {
      first = (await visit(url)).location;
      box.offer(first);
    };
    assertSignedIn(await attempt());
    scene.onPage = (_, box) => Promise.resolve(box.offer(new URL(first).searchParams.get("code") ?? ""));
    assert.deepEqual(failure(await attempt()), { kind: "codeRefused" });
    const [one, two] = volvo.requests.of("authorize").map(({ query }) => new URLSearchParams(query));
    assert.notEqual(one?.get("state"), two?.get("state"));
    assert.notEqual(one?.get("code_challenge"), two?.get("code_challenge"));
    assert.equal(one?.get("code_challenge_method"), "S256");
  });

  it("17: reports that the user declined", async () => {
    volvo.volvoId.decision = "access_denied";
    scene.onPage = async (url) => visit((await visit(url)).location);
    assert.deepEqual(failure(await attempt()), { kind: "accessDenied" });
    assert.equal(volvo.requests.of("token").length, 0);
  });

  it("17: names the scope that Volvo has not approved", async () => {
    scene.onPage = async (url) => visit((await visit(url)).location);
    const result = await attempt({ scopes: [...scopes, "energy:secret"] });
    assert.deepEqual(failure(result), { kind: "invalidScope", scope: "energy:secret" });
  });

  const waysOn = [
    ["without the car list", ["openid", "energy:state:read"], scopesFor({ version: "v2", carList: false })],
    [
      "Energy v1 instead",
      ["openid", "energy:charging_connection_status"],
      scopesFor({ version: "v1", carList: false }),
    ],
    ["with the user's own choice", ["openid", "energy:capability:read"], ["openid", "energy:capability:read"]],
  ] as const;
  for (const [way, approved, asked] of waysOn) {
    it(`17: continues after an unapproved scope: ${way}`, async () => {
      await server.close();
      volvo = new SimulatedVolvo(scene.clock, { volvoId: { redirectUris: [redirectUri], scopes: approved } });
      volvo.volvoId.decision = "approve";
      server = await startSimulatorServer(volvo);
      scene.onPage = async (url) => visit((await visit(url)).location);
      const refused = failure(await attempt());
      assert.ok(refused.kind === "invalidScope");
      const { ways } = signInFailureText(refused, redirectUri, dayMs, { language: "en" });
      assert.deepEqual(ways, ["withoutCarList", "energyV1", "chooseScopes"]);
      const result = await attempt({ scopes: asked });
      assert.ok(result.kind === "signedIn", JSON.stringify(result));
      assert.deepEqual(result.signIn.scopes, asked);
    });
  }

  it("17: keeps waiting after the page loses its session, and accepts the response of the reopened page", async () => {
    volvo.faults.inject({ name: "sign-in-invalid-session", times: 1 });
    scene.onPage = async (url) => {
      const lost = await visit(url);
      assert.deepEqual([lost.status, lost.location], [400, ""]);
      assert.match(lost.text, /Invalid Session/);
      await visit((await visit(url)).location);
    };
    assertSignedIn(await attempt());
  });

  it("17: distinguishes a wrong client from a refused code", async () => {
    scene.onPage = async (url) => visit((await visit(url)).location);
    assert.deepEqual(failure(await attempt({ clientSecret: "wrong" })), { kind: "invalidClient" });
    volvo.faults.inject({ name: "authorization-code-refused", times: 1 });
    assert.deepEqual(failure(await attempt()), { kind: "codeRefused" });
  });

  it("17: recognizes a pasted address of Volvo ID's page about the redirect URI", async () => {
    scene.onPage = async (url, box) => {
      box.offer((await visit(url)).text);
    };
    assert.deepEqual(failure(await attempt({ redirectUri: "https://example.com/unknown" })), {
      kind: "redirectUriRefused",
    });
  });

  it("17: recognizes the stored API key pasted in place of the code, and keeps waiting", async () => {
    scene.onPage = async (url, box) => {
      assert.equal(box.offer(` ${storedKey}\n`), "apiKey");
      box.offer((await visit(url)).location);
    };
    assertSignedIn(await attempt({ redirectUri: "https://example.com/done" }));
  });

  it("17: recognizes the pasted text of Volvo ID's page about the client ID", async () => {
    scene.onPage = async (url, box) => {
      box.offer((await visit(url)).text);
    };
    assert.deepEqual(failure(await attempt({ clientId: "mistyped" })), { kind: "invalidClient" });
  });

  it("ends where the user wants to correct the client ID", async () => {
    scene.onPage = (_, box) => Promise.resolve(void box.reenterClient());
    assert.deepEqual(await attempt(), { kind: "reenterClient" });
    assert.deepEqual([scene.isBoxOpen, scene.clock.pendingTimers], [false, 0]);
  });

  it("17: waits ten minutes for a response, then reports that none arrived", async () => {
    const result = attempt();
    while (!scene.isBoxOpen) await settle();
    await scene.clock.advance(returnLimitMs - 1);
    assert.equal(scene.isBoxOpen, true);
    await scene.clock.advance(1);
    assert.deepEqual(failure(await result), { kind: "neverReturned" });
    assert.equal(scene.isBoxOpen, false);
    assert.equal(scene.clock.pendingTimers, 0);
  });

  it("can be canceled while waiting, from the progress notification and from the box", async () => {
    const abort = new AbortController();
    const byProgress = attempt({}, abort.signal);
    while (!scene.isBoxOpen) await settle();
    abort.abort();
    assert.deepEqual(await byProgress, { kind: "cancelled" });
    scene.onPage = (_, box) => Promise.resolve(void box.cancel());
    assert.deepEqual(await attempt(), { kind: "cancelled" });
    assert.equal(scene.clock.pendingTimers, 0);
  });

  it("revokes tokens that arrive after cancellation", async () => {
    const abort = new AbortController();
    scene.onPage = async (url) => visit((await visit(url)).location);
    const result = await attempt({}, abort.signal, (url, init) => {
      abort.abort();
      return fetch(url, init);
    });
    assert.deepEqual(result, { kind: "cancelled" });
    while (volvo.requests.of("revoke").length === 0) await settle();
    assert.equal(volvo.volvoId.events.at(-1)?.kind, "revoked");
  });

  it("reports that Volvo ID is down", async () => {
    volvo.faults.inject({ name: "server-error-page", kind: "token" });
    scene.onPage = async (url) => visit((await visit(url)).location);
    assert.deepEqual(failure(await attempt()), {
      kind: "endpointDown",
      problem: { kind: "serviceUnavailable", cause: "error", status: 500 },
    });
    scene.onPage = (_, box) => Promise.resolve(box.offer("a-code-from-somewhere"));
    assert.deepEqual(failure(await attempt({ issuer: `http://127.0.0.1:${await freePort()}` })), {
      kind: "endpointDown",
      problem: { kind: "offline", certificate: false },
    });
  });

  it("continues if the browser does not open", async () => {
    scene.onPage = async (url, box) => {
      box.offer((await visit(url)).location);
    };
    scene.opens = false;
    assertSignedIn(await attempt());
  });

  it("does not treat a response without a refresh token as a sign-in", async () => {
    volvo.faults.inject({ name: "refresh-token-missing" });
    scene.onPage = async (url) => visit((await visit(url)).location);
    assert.deepEqual(failure(await attempt()), { kind: "noRefreshToken" });
  });

  it("offers first the retry option that avoids the refused scope", () => {
    const first = (scope: string | undefined) =>
      signInFailureText({ kind: "invalidScope", scope }, redirectUri, dayMs, { language: "en" }).ways[0];
    assert.deepEqual([undefined, "conve:vehicle_relation", "energy:state:read", "energy:secret"].map(first), [
      "withoutCarList",
      "withoutCarList",
      "energyV1",
      "chooseScopes",
    ]);
  });

  it("has a message and a next step for every failure", () => {
    const failures = [
      { kind: "accessDenied" },
      { kind: "invalidScope", scope: "energy:state:read" },
      { kind: "invalidScope", scope: undefined },
      { kind: "invalidClient" },
      { kind: "codeRefused" },
      { kind: "redirectUriRefused" },
      { kind: "neverReturned" },
      { kind: "endpointDown", problem: { kind: "timeout" } },
      { kind: "noRefreshToken" },
      { kind: "refused", error: "server_error", description: "" },
    ] as const;
    for (const entry of failures) {
      const { sentence, ways } = signInFailureText(entry, redirectUri, dayMs, { language: "en" });
      assert.match(sentence, /^[A-Z].{20,}$/);
      assert.ok(ways.length > 0 && ways.length <= 3);
    }
  });

  it("writes no secret to the browser's address or the log", async () => {
    scene.onPage = async (url) => visit((await visit(url)).location);
    volvo.faults.inject({ name: "server-error", kind: "token", times: 1 });
    await attempt();
    assertSignedIn(await attempt());
    const addresses = volvo.requests.of("authorize").map(({ path, query }) => `${path}?${decodeURIComponent(query)}`);
    assert.ok(addresses.every((address) => !address.includes(volvo.volvoId.options.clientSecret)));
    const codes = volvo.requests.of("token").map(({ body }) => new URLSearchParams(body).get("code") ?? "");
    assert.ok(scene.logged.length > 0 && codes.length > 0 && !codes.includes(""));
    for (const secret of [...codes, volvo.volvoId.options.clientSecret])
      assert.ok(!scene.logged.join().includes(secret), secret);
  });
});
