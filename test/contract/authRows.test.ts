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
class Product {
  readonly world: AuthWorld;
  window!: AuthWindow;
  private transport!: Transport;

  private constructor(options: AuthWorldOptions) {
    this.world = new AuthWorld({ cars: [{ vin, model: "EX30", modelYear: 2025 }], ...options });
  }

  static async signedIn(options: AuthWorldOptions = {}): Promise<Product> {
    const product = new Product(options);
    product.world.signIn();
    await product.open();
    return product;
  }

  async open(): Promise<void> {
    const { world } = this;
    this.window = await world.opened();
    this.transport = createTransport({
      fetch: simulatorFetch(world.volvo),
      clock: world.clock,
      log: world.log,
      authorizer: this.window.session,
      baseUrl: () => apiOrigin,
    });
  }

  /** Reads the car once and returns "ok" or the kind of problem. */
  async poll(): Promise<string> {
    const check = checkVin(vin);
    assert.ok(check.kind === "valid");
    if (this.state === "stopped") return "signInEnded";
    const outcome = await this.world.after(
      this.window.turns.take("refresh", (turn) => this.transport.get(energyV2.path(check.vin), energyV2.accept, turn)),
      hourMs,
    );
    if (outcome.kind !== "done") return outcome.kind;
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
    return this.window.session.current.kind;
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
  let product: Product;

  beforeEach(async () => {
    product = await Product.signedIn();
    assert.equal(await product.poll(), "ok");
  });

  for (const name of ["quota-spent", "quota-spent-for-days", "quota-spent-without-time"] as const) {
    it(`1: ${name} does not affect the sign-in`, async () => {
      product.inject(name);
      assert.equal(await product.poll(), "quotaSpent");
      assert.deepEqual([product.state, product.tokenRequests], ["ready", 0]);
    });
  }

  const rateLimits = faultNames.filter((name) => faults[name].row === 2);
  for (const name of rateLimits) {
    it(`2: ${name} at the token endpoint delays the next renewal by at least a minute`, async () => {
      await product.expire();
      product.inject(name, undefined, "token");
      assert.equal(await product.poll(), "rateLimited");
      await product.world.clock.advance(59 * secondMs);
      assert.equal(await product.poll(), "rateLimited");
      assert.equal(product.tokenRequests, 1);
      product.world.volvo.faults.clear();
      await product.world.clock.advance(dayMs);
      assert.equal(await product.poll(), "ok");
      assert.equal(product.state, "ready");
    });
  }

  it("3: a refused API key never triggers a renewal", async () => {
    product.inject("valid-key-refused");
    for (let time = 0; time < 5; time++) assert.equal(await product.poll(), "apiKeyRefused");
    assert.deepEqual([product.state, product.tokenRequests], ["ready", 0]);
  });

  it("5: a 401 that persists after a renewal ends the sign-in after one renewal and one retry", async () => {
    product.inject("consent-withdrawn");
    assert.equal(await product.poll(), "tokenRefused");
    assert.deepEqual([product.tokenRequests, product.apiRequests], [1, 3]);
    assert.deepEqual(
      product.window.session.current.kind === "stopped" && product.window.session.current.cause,
      "signInEnded",
    );
    const before = product.apiRequests;
    await product.pollFor(3 * dayMs);
    assert.ok(product.apiRequests - before < 3 * 24 * 2 + 20);
  });

  it("6: a temporary 401 clears without a new sign-in", async () => {
    product.inject("full-authentication-required", 1);
    assert.equal(await product.poll(), "ok");
    product.inject("full-authentication-required");
    await product.pollFor(10 * minuteMs);
    assert.equal(product.state, "stopped");
    product.world.volvo.faults.clear();
    await product.pollFor(20 * minuteMs);
    assert.deepEqual([await product.poll(), product.state], ["ok", "ready"]);
  });

  it("7: an access token is renewed before it expires, and at once if Volvo ends it early", async () => {
    assert.deepEqual(await product.pollFor(hourMs), ["ok"]);
    assert.ok(product.world.volvo.requests.all.every(({ status }) => status === 200));
    product.inject("access-token-ends-early", 1);
    assert.equal(await product.poll(), "ok");
  });

  it("8, 9: a 403 about one resource or one car does not affect the sign-in", async () => {
    for (const name of ["resource-forbidden", "no-relationship-to-car"] as const) {
      product.inject(name, 1);
      assert.equal(await product.poll(), "forbidden");
    }
    assert.deepEqual([product.state, product.tokenRequests], ["ready", 0]);
  });

  it("10: invalid_grant ends the sign-in once, and the token endpoint is not asked again", async () => {
    await product.expire();
    product.inject("refresh-token-refused");
    assert.equal(await product.poll(), "signInEnded");
    assert.deepEqual(await product.pollFor(hourMs), ["signInEnded"]);
    assert.equal(product.tokenRequests, 1);
  });

  it("11: if two windows renew at the same time, one sends the request and the other uses its tokens", async () => {
    await product.expire();
    const other = await product.world.opened();
    await product.world.after(Promise.all([product.poll(), other.authorize()]));
    assert.equal(product.tokenRequests, 1);
    assert.equal(product.state, "ready");
  });

  it("11: a race lost to a client outside VS Code ends the sign-in, because the next token is unknown here", async () => {
    await product.expire();
    product.inject("refresh-race-lost", 1);
    assert.equal(await product.poll(), "signInEnded");
    assert.equal(product.tokenRequests, 1);
  });

  it("12: if the response to a rotation is lost, the request is repeated once before the sign-in ends", async () => {
    await product.expire();
    product.inject("token-answer-lost", 1);
    assert.equal(await product.poll(), "signInEnded");
    assert.equal(product.tokenRequests, 2);
  });

  it("12: a lost request that had no effect does no harm", async () => {
    await product.expire();
    product.inject("connection-reset", 1, "token");
    assert.equal(await product.poll(), "ok");
  });

  it("12: if a window dies holding the response, the old token is presented once more before the sign-in ends", async () => {
    await product.expire();
    const dying = await product.world.opened({
      fetch: async (url, init) => {
        const response = await simulatorFetch(product.world.volvo)(url, init);
        dying.kill();
        return response;
      },
    });
    void dying.authorize();
    await product.world.clock.advance(secondMs);
    assert.deepEqual(product.world.events, ["signed-in", "refreshed"]);
    await product.pollFor(hourMs);
    assert.deepEqual(product.world.events, ["signed-in", "refreshed", "refresh-token-reused"]);
    assert.equal(product.state, "stopped");
  });

  it("12: a window that dies before its request reaches Volvo does no harm", async () => {
    await product.expire();
    const dying = await product.world.opened({
      fetch: () => {
        dying.kill();
        return new Promise<never>(() => undefined);
      },
    });
    void dying.authorize();
    await product.world.clock.advance(secondMs);
    await product.pollFor(10 * minuteMs);
    assert.equal(await product.poll(), "ok");
    assert.ok(!product.world.events.includes("refresh-token-reused"));
  });

  it("12: a corrupt stored record counts as no sign-in and does not crash", async () => {
    for (const record of ["", "{", "null", "[]", '{"kind":"volvoId"}', '{"kind":"volvoId","refreshToken":7}']) {
      product.world.secrets.disk.set(secretKeys.grant, record);
      await product.open();
      assert.deepEqual(product.window.session.current, { kind: "incomplete", hasApiKey: true, hasGrant: false });
      assert.equal(await product.poll(), "credentialsMissing");
    }
  });

  for (const name of ["refresh-token-missing", "refresh-token-null"] as const) {
    it(`13: the old refresh token is kept after ${name}`, async () => {
      product.inject(name);
      assert.deepEqual(await product.pollFor(hourMs), ["ok"]);
      product.world.volvo.faults.clear();
      assert.deepEqual(await product.pollFor(hourMs), ["ok"]);
    });
  }

  /** With these faults the refresh token, or the whole response, is lost after Volvo has rotated it. */
  const losses: readonly FaultName[] = [
    ...(["reset-in-body", "stalled-body", "trickling-body", "wrong-content-length", "truncated-gzip"] as const),
    ...(["false-gzip", "truncated-json", "token-answer-lost"] as const),
  ];
  const tokenTroubles = faultNames.filter(
    (name) => faults[name].kinds.includes("token") && ![2, 10, 11, 15, 17].includes(faults[name].row),
  );
  for (const name of tokenTroubles) {
    const isLost = losses.includes(name);
    const what = isLost ? "ends a sign-in that loses its only valid token" : "never ends a sign-in";
    it(`${faults[name].row}: ${name} at the token endpoint ${what}, within a limited number of requests`, async () => {
      await product.expire();
      product.inject(name, undefined, "token");
      const before = product.tokenRequests;
      await product.pollFor(hourMs);
      assert.ok(product.tokenRequests - before <= 40, `${product.tokenRequests} requests in an hour`);
      product.world.volvo.faults.clear();
      await product.world.clock.advance(hourMs);
      assert.equal(await product.poll(), isLost ? "signInEnded" : "ok");
      assert.equal(product.state, isLost ? "stopped" : "ready");
    });
  }

  for (const name of ["client-blocked", "client-unauthorized"] as const) {
    it(`15: ${name} keeps the sign-in, retries at growing intervals, up to one hour, and recovers`, async () => {
      await product.expire();
      product.inject(name);
      assert.deepEqual(await product.pollFor(hourMs), ["clientBlocked"]);
      assert.ok(product.tokenRequests <= 6, `${product.tokenRequests} requests in the first hour`);
      const before = product.tokenRequests;
      assert.deepEqual(await product.pollFor(dayMs), ["clientBlocked"]);
      assert.ok(product.tokenRequests - before <= 25, `${product.tokenRequests - before} requests in a day`);
      assert.equal(product.state, "ready");
      product.world.volvo.faults.clear();
      await product.world.clock.advance(hourMs);
      assert.equal(await product.poll(), "ok");
    });
  }

  it("15: invalid_client keeps the sign-in, and retries after a minute, then at intervals of up to one hour", async () => {
    await product.expire();
    product.inject("client-invalid");
    const askedAt: number[] = [];
    const start = product.world.clock.now();
    for (let seen = 0; product.world.clock.now() - start < 6 * hourMs;) {
      assert.equal(await product.poll(), "clientRefused");
      if (product.tokenRequests > seen) askedAt.push((product.world.clock.now() - start) / minuteMs);
      seen = product.tokenRequests;
      await product.world.clock.advance(10 * secondMs);
    }
    const gaps = askedAt.slice(1).map((at, index) => Math.round(at - (askedAt[index] ?? 0)));
    assert.deepEqual(gaps.slice(0, 9), [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert.equal(product.state, "ready");
    product.world.volvo.faults.clear();
    await product.world.clock.advance(hourMs);
    assert.equal(await product.poll(), "ok");
    await product.expire();
    product.inject("client-invalid");
    assert.equal(await product.poll(), "clientRefused");
    await product.world.clock.advance(minuteMs + secondMs);
    product.world.volvo.faults.clear();
    assert.equal(await product.poll(), "ok", "a success starts the count over");
  });

  const oddAnswers = faultNames.filter((name) => faults[name].row === 16);
  for (const name of oddAnswers) {
    it(`16: ${name} does not stop polling`, async () => {
      product.inject(name);
      assert.deepEqual(await product.pollFor(2 * hourMs), ["ok"]);
      assert.ok(product.tokenRequests <= 24, `${product.tokenRequests} renewals in two hours`);
    });
  }

  for (const minutes of [-90, -7, 7, 90]) {
    it(`16: a Volvo clock that is ${minutes} minutes off makes no difference`, async () => {
      const clock = new FakeClock();
      const volvoClock = new FakeClock(clock.now() + minutes * minuteMs);
      product = await Product.signedIn({ volvoClock });
      const advance = product.world.clock.advance.bind(product.world.clock);
      product.world.clock.advance = async (ms) => {
        await volvoClock.advance(ms);
        await advance(ms);
      };
      assert.deepEqual(await product.pollFor(2 * hourMs), ["ok"]);
      assert.ok(product.tokenRequests <= 24);
    });
  }

  it("16: the user's clock may jump in either direction", async () => {
    for (const jump of [-3 * hourMs, 2 * hourMs, -dayMs, 30 * minuteMs]) {
      product.world.clock.jump(jump);
      assert.deepEqual(await product.pollFor(30 * minuteMs), ["ok"]);
    }
  });

  it("no secret is written anywhere under any of these faults", async () => {
    for (const name of [
      "expires-in-zero",
      "client-blocked",
      "server-error",
      "consent-withdrawn",
      "token-answer-lost",
    ] as const) {
      product.inject(name, 2);
      await product.pollFor(hourMs);
    }
    const { requests, volvoId } = product.world.volvo;
    const presented = requests.of("token").map(({ body }) => new URLSearchParams(body).get("refresh_token") ?? "");
    const bearers = requests.of("energy-v2").map(({ headers }) => headers["authorization"]?.split(" ")[1] ?? "");
    const grant = parseGrant(product.world.secrets.disk.get(secretKeys.grant) ?? "");
    const secrets = [
      ...presented,
      ...bearers,
      volvoId.options.clientSecret,
      grant?.kind === "volvoId" ? grant.refreshToken : "",
    ];
    const written = [...product.world.logged, ...product.world.disk.contents.values()].join("\n");
    assert.ok(product.world.logged.length > 20 && presented.length > 3);
    for (const secret of secrets.filter((value) => value !== "")) assert.ok(!written.includes(secret));
    assert.doesNotMatch(written, /driver@example\.com/);
  });
});
