import assert from "node:assert/strict";
import { parseGrant } from "../../src/auth/credentials";
import { secretKeys } from "../../src/auth/credentialStore";
import { dayMs, hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { energyV2 } from "../../src/volvo/energyV2";
import { createTransport, type Transport } from "../../src/volvo/transport";
import { checkVin } from "../../src/charging/vin";
import { type FaultName, faultNames, faults } from "../../src/simulator/faults/faults";
import { simulatorFetch } from "../../src/simulator/simulatorFetch";
import { apiOrigin, type AuthWindow, AuthWorld, type AuthWorldOptions } from "../support/auth/world";
import { FakeClock } from "../support/fakeClock";

const vin = "YV1S1MEX30A000001";
const lifetimeMs = 299 * secondMs;

/** A window with a sign-in that polls one car, with configurable faults of Volvo and the network. */
class SignedInWindow {
  readonly world: AuthWorld;
  authWindow!: AuthWindow;
  private transport!: Transport;

  private constructor(options: AuthWorldOptions) {
    this.world = new AuthWorld({ cars: [{ vin, model: "EX30", modelYear: 2025 }], ...options });
  }

  static async open(options: AuthWorldOptions = {}): Promise<SignedInWindow> {
    const window = new SignedInWindow(options);
    window.world.signIn();
    await window.reopen();
    return window;
  }

  async reopen(): Promise<void> {
    const { world } = this;
    this.authWindow = await world.opened();
    this.transport = createTransport({
      fetch: simulatorFetch(world.volvo),
      clock: world.clock,
      log: world.log,
      authorizer: this.authWindow.session,
      baseUrl: () => apiOrigin,
    });
  }

  /** Tries to read the car once, through session and transport. Returns "ok" or the kind of problem. */
  async poll(): Promise<string> {
    const check = checkVin(vin);
    assert.ok(check.kind === "valid");
    const outcome = await this.world.after(
      this.authWindow.turns.take("refresh", (turn) =>
        this.transport.get(energyV2.path(check.vin), energyV2.accept, turn),
      ),
      hourMs,
    );
    assert.ok(outcome);
    const { value: result } = outcome;
    if (result.ok) return "ok";
    return result.failure.kind === "noCredentials" ? result.failure.problem.kind : result.failure.kind;
  }

  /** Polls every five minutes for the given time and returns the distinct outcomes in order. */
  async pollFor(ms: number): Promise<readonly string[]> {
    const outcomes: string[] = [];
    for (let passedMs = 0; passedMs < ms; passedMs += 5 * minuteMs) {
      const outcome = await this.poll();
      if (outcome !== outcomes.at(-1)) outcomes.push(outcome);
      await this.world.clock.advance(5 * minuteMs);
    }
    return outcomes;
  }

  get state(): string {
    return this.authWindow.session.current.kind;
  }

  get tokenRequests(): number {
    return this.world.volvo.requests.of("token").length;
  }

  get apiRequests(): number {
    return this.world.volvo.requests.of("energy-v2").length;
  }

  inject(name: FaultName, times?: number, kind?: "token" | "energy-v2"): void {
    this.world.volvo.faults.inject({ name, times, kind });
  }

  expire(): Promise<void> {
    return this.world.clock.advance(lifetimeMs);
  }
}

describe("a Volvo ID sign-in, by the numbered rows of known faults", () => {
  let window: SignedInWindow;

  beforeEach(async () => {
    window = await SignedInWindow.open();
    assert.equal(await window.poll(), "ok");
  });

  for (const name of ["quota-spent", "quota-spent-for-days", "quota-spent-without-time"] as const) {
    it(`1: ${name} does not affect the sign-in`, async () => {
      window.inject(name);
      assert.equal(await window.poll(), "quotaSpent");
      assert.deepEqual([window.state, window.tokenRequests], ["ready", 0]);
    });
  }

  const rateLimits = faultNames.filter((name) => faults[name].row === 2);
  for (const name of rateLimits) {
    it(`2: ${name} at the token endpoint delays the next renewal by at least a minute`, async () => {
      await window.expire();
      window.inject(name, undefined, "token");
      assert.equal(await window.poll(), "rateLimited");
      await window.world.clock.advance(59 * secondMs);
      assert.equal(await window.poll(), "rateLimited");
      assert.equal(window.tokenRequests, 1);
      window.world.volvo.faults.clear();
      await window.world.clock.advance(dayMs);
      assert.equal(await window.poll(), "ok");
      assert.equal(window.state, "ready");
    });
  }

  it("3: a refused API key never triggers a renewal", async () => {
    window.inject("valid-key-refused");
    for (let attempt = 0; attempt < 5; attempt++) assert.equal(await window.poll(), "apiKeyRefused");
    assert.deepEqual([window.state, window.tokenRequests], ["ready", 0]);
  });

  it("5: a 401 that persists after a renewal ends the sign-in after one renewal and one retry", async () => {
    window.inject("consent-withdrawn");
    assert.equal(await window.poll(), "tokenRefused");
    assert.deepEqual([window.tokenRequests, window.apiRequests], [1, 3]);
    assert.deepEqual(
      window.authWindow.session.current.kind === "stopped" && window.authWindow.session.current.cause,
      "signInEnded",
    );
    const before = window.apiRequests;
    const days = 3;
    await window.pollFor(days * dayMs);
    // The retries reach intervals of an hour. Each sends a request and its repeat. The first, shorter intervals add a few.
    assert.ok(window.apiRequests - before < days * 24 * 2 + 20);
  });

  it("6: a temporary 401 clears without a new sign-in", async () => {
    window.inject("full-authentication-required", 1);
    assert.equal(await window.poll(), "ok");
    window.inject("full-authentication-required");
    await window.pollFor(10 * minuteMs);
    assert.equal(window.state, "stopped");
    window.world.volvo.faults.clear();
    await window.pollFor(20 * minuteMs);
    assert.deepEqual([await window.poll(), window.state], ["ok", "ready"]);
  });

  it("7: an access token is renewed before it expires, and at once if Volvo ends it early", async () => {
    assert.deepEqual(await window.pollFor(hourMs), ["ok"]);
    assert.ok(window.world.volvo.requests.all.every(({ status }) => status === 200));
    window.inject("access-token-ends-early", 1);
    assert.equal(await window.poll(), "ok");
  });

  it("8, 9: a 403 about one resource or one car does not affect the sign-in", async () => {
    for (const name of ["resource-forbidden", "no-relationship-to-car"] as const) {
      window.inject(name, 1);
      assert.equal(await window.poll(), "forbidden");
    }
    assert.deepEqual([window.state, window.tokenRequests], ["ready", 0]);
  });

  it("10: invalid_grant ends the sign-in, and later polls do not ask the token endpoint again", async () => {
    await window.expire();
    window.inject("refresh-token-refused");
    assert.equal(await window.poll(), "signInEnded");
    assert.deepEqual(await window.pollFor(hourMs), ["signInEnded"]);
    assert.equal(window.tokenRequests, 1);
  });

  it("11: if two windows renew at the same time, one sends the request and the other uses its tokens", async () => {
    await window.expire();
    const other = await window.world.opened();
    await window.world.after(Promise.all([window.poll(), other.authorize()]));
    assert.equal(window.tokenRequests, 1);
    assert.equal(window.state, "ready");
  });

  it("11: a race lost to a client outside VS Code ends the sign-in, because the next token is unknown here", async () => {
    await window.expire();
    window.inject("refresh-race-lost", 1);
    assert.equal(await window.poll(), "signInEnded");
    assert.equal(window.tokenRequests, 1);
  });

  it("12: if the response to a rotation is lost, the request is repeated once before the sign-in ends", async () => {
    await window.expire();
    window.inject("token-answer-lost", 1);
    assert.equal(await window.poll(), "signInEnded");
    assert.equal(window.tokenRequests, 2);
  });

  it("12: a request that never reaches Volvo does not affect the sign-in", async () => {
    await window.expire();
    window.inject("connection-reset", 1, "token");
    assert.equal(await window.poll(), "ok");
  });

  it("12: if a window dies holding the response, the old token is presented once more before the sign-in ends", async () => {
    await window.expire();
    const dying = await window.world.opened({
      fetch: async (url, init) => {
        const response = await simulatorFetch(window.world.volvo)(url, init);
        dying.kill();
        return response;
      },
    });
    void dying.authorize();
    await window.world.clock.advance(secondMs);
    assert.deepEqual(window.world.events, ["signed-in", "refreshed"]);
    await window.pollFor(hourMs);
    assert.deepEqual(window.world.events, ["signed-in", "refreshed", "refresh-token-reused"]);
    assert.equal(window.state, "stopped");
  });

  it("12: a window that dies before its request reaches Volvo does not affect the sign-in", async () => {
    await window.expire();
    const dying = await window.world.opened({
      fetch: () => {
        dying.kill();
        return new Promise<never>(() => undefined);
      },
    });
    void dying.authorize();
    await window.world.clock.advance(secondMs);
    await window.pollFor(10 * minuteMs);
    assert.equal(await window.poll(), "ok");
    assert.ok(!window.world.events.includes("refresh-token-reused"));
  });

  it("12: a corrupt stored record counts as no sign-in and does not crash", async () => {
    for (const record of ["", "{", "null", "[]", '{"kind":"volvoId"}', '{"kind":"volvoId","refreshToken":7}']) {
      window.world.secrets.disk.set(secretKeys.grant, record);
      await window.reopen();
      assert.deepEqual(window.authWindow.session.current, { kind: "incomplete", hasApiKey: true, hasGrant: false });
      assert.equal(await window.poll(), "credentialsMissing");
    }
  });

  for (const name of ["refresh-token-missing", "refresh-token-null"] as const) {
    it(`13: the old refresh token is kept after ${name}`, async () => {
      window.inject(name);
      assert.deepEqual(await window.pollFor(hourMs), ["ok"]);
      window.world.volvo.faults.clear();
      assert.deepEqual(await window.pollFor(hourMs), ["ok"]);
    });
  }

  /** With these faults the refresh token, or the whole response, is lost after Volvo has rotated it. */
  const losses: readonly FaultName[] = [
    "reset-in-body",
    "stalled-body",
    "trickling-body",
    "wrong-content-length",
    "truncated-gzip",
    "false-gzip",
    "truncated-json",
    "token-answer-lost",
  ];
  /** Rows 2, 10, 11 and 15 have tests in this file, row 17 in authSignIn.test.ts. */
  const rowsWithOwnTests: readonly number[] = [2, 10, 11, 15, 17];
  const tokenTroubles = faultNames.filter(
    (name) => faults[name].kinds.includes("token") && !rowsWithOwnTests.includes(faults[name].row),
  );
  for (const name of tokenTroubles) {
    const isLost = losses.includes(name);
    const what = isLost ? "ends a sign-in that loses its only valid token" : "never ends a sign-in";
    it(`${faults[name].row}: ${name} at the token endpoint ${what}, within a limited number of requests`, async () => {
      await window.expire();
      window.inject(name, undefined, "token");
      const before = window.tokenRequests;
      await window.pollFor(hourMs);
      assert.ok(window.tokenRequests - before <= 40, `${window.tokenRequests} requests in an hour`);
      window.world.volvo.faults.clear();
      await window.world.clock.advance(hourMs);
      assert.equal(await window.poll(), isLost ? "signInEnded" : "ok");
      assert.equal(window.state, isLost ? "stopped" : "ready");
    });
  }

  for (const name of ["client-blocked", "client-unauthorized"] as const) {
    it(`15: ${name} keeps the sign-in, is retried at growing intervals up to one hour, and recovers`, async () => {
      await window.expire();
      window.inject(name);
      assert.deepEqual(await window.pollFor(hourMs), ["clientBlocked"]);
      assert.ok(window.tokenRequests <= 6, `${window.tokenRequests} requests in the first hour`);
      const before = window.tokenRequests;
      assert.deepEqual(await window.pollFor(dayMs), ["clientBlocked"]);
      assert.ok(window.tokenRequests - before <= 25, `${window.tokenRequests - before} requests in a day`);
      assert.equal(window.state, "ready");
      window.world.volvo.faults.clear();
      await window.world.clock.advance(hourMs);
      assert.equal(await window.poll(), "ok");
    });
  }

  it("15: invalid_client keeps the sign-in, and is retried at intervals that grow from one minute to one hour", async () => {
    await window.expire();
    window.inject("client-invalid");
    const requestMinutes: number[] = [];
    const start = window.world.clock.now();
    while (window.world.clock.now() - start < 6 * hourMs) {
      const before = window.tokenRequests;
      assert.equal(await window.poll(), "clientRefused");
      if (window.tokenRequests > before) requestMinutes.push((window.world.clock.now() - start) / minuteMs);
      await window.world.clock.advance(10 * secondMs);
    }
    const gaps = requestMinutes.slice(1).map((minute, index) => Math.round(minute - (requestMinutes[index] ?? 0)));
    assert.deepEqual(gaps.slice(0, 9), [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert.equal(window.state, "ready");
    window.world.volvo.faults.clear();
    await window.world.clock.advance(hourMs);
    assert.equal(await window.poll(), "ok");
    await window.expire();
    window.inject("client-invalid");
    assert.equal(await window.poll(), "clientRefused");
    await window.world.clock.advance(minuteMs + secondMs);
    window.world.volvo.faults.clear();
    assert.equal(await window.poll(), "ok", "a success resets the back-off");
  });

  const oddAnswers = faultNames.filter((name) => faults[name].row === 16);
  for (const name of oddAnswers) {
    it(`16: ${name} does not stop polling`, async () => {
      window.inject(name);
      assert.deepEqual(await window.pollFor(2 * hourMs), ["ok"]);
      assert.ok(window.tokenRequests <= 24, `${window.tokenRequests} renewals in two hours`);
    });
  }

  for (const minutes of [-90, -7, 7, 90]) {
    it(`16: a Volvo clock that is ${minutes} minutes off makes no difference`, async () => {
      const clock = new FakeClock();
      const volvoClock = new FakeClock(clock.now() + minutes * minuteMs);
      window = await SignedInWindow.open({ volvoClock });
      const advance = window.world.clock.advance.bind(window.world.clock);
      window.world.clock.advance = async (ms) => {
        await volvoClock.advance(ms);
        await advance(ms);
      };
      assert.deepEqual(await window.pollFor(2 * hourMs), ["ok"]);
      assert.ok(window.tokenRequests <= 24);
    });
  }

  it("16: the user's clock may jump in either direction", async () => {
    for (const jump of [-3 * hourMs, 2 * hourMs, -dayMs, 30 * minuteMs]) {
      window.world.clock.jump(jump);
      assert.deepEqual(await window.pollFor(30 * minuteMs), ["ok"]);
    }
  });

  it("no secret is written to log or disk under five of these faults", async () => {
    for (const name of [
      "expires-in-zero",
      "client-blocked",
      "server-error",
      "consent-withdrawn",
      "token-answer-lost",
    ] as const) {
      window.inject(name, 2);
      await window.pollFor(hourMs);
    }
    const { requests, volvoId } = window.world.volvo;
    const presented = requests.of("token").map(({ body }) => new URLSearchParams(body).get("refresh_token") ?? "");
    const bearers = requests.of("energy-v2").map(({ headers }) => headers["authorization"]?.split(" ")[1] ?? "");
    const grant = parseGrant(window.world.secrets.disk.get(secretKeys.grant) ?? "");
    const secrets = [
      ...presented,
      ...bearers,
      volvoId.options.clientSecret,
      grant?.kind === "volvoId" ? grant.refreshToken : "",
    ];
    const written = [...window.world.logged, ...window.world.disk.contents.values()].join("\n");
    assert.ok(window.world.logged.length > 20 && presented.length > 3);
    for (const secret of secrets.filter((value) => value !== "")) assert.ok(!written.includes(secret));
    assert.doesNotMatch(written, /driver@example\.com/);
  });
});
