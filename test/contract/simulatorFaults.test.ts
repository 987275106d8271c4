import assert from "node:assert/strict";
import { secondMs } from "../../src/base/clock";
import { type FaultName, faultNames, faults } from "../../src/simulator/faults/faults";
import type { PathKind } from "../../src/simulator/route";
import { faultExpectations } from "./simulatorFaultExpectations";
import { SimulatorWorld, v1Connection, v2State, vin } from "./simulatorWorld";

const mebibyte = 1_048_576;

describe("A fault of the simulator", () => {
  let world: SimulatorWorld;

  beforeEach(async () => {
    world = await SimulatorWorld.start();
    world.volvo.car(vin).set("ac");
  });

  afterEach(() => world.close());

  /** Asserts that the fault changed the last request, which was of `kind`. */
  function assertShaped(name: FaultName, kind: PathKind): void {
    const last = world.volvo.requests.all.at(-1);
    assert.deepEqual([last?.kind, last?.fault], [kind, name]);
  }

  async function assertOver(kind: PathKind): Promise<void> {
    const response = await world.ask(kind);
    assert.ok([200, 302].includes(response.status), `${kind} answers ${response.status} after the fault`);
    await response.text();
    assert.equal(world.volvo.requests.all.at(-1)?.fault, undefined);
  }

  for (const name of faultNames) {
    const { kinds, description, row } = faults[name];
    const expected = faultExpectations[name];
    if ("misbehaves" in expected) continue;
    it(`${name} (${row}) produces: ${description}`, async () => {
      for (const kind of kinds) {
        world.volvo.faults.inject({ name, times: 1, kind });
        const response = await askAptly(name, kind);
        assert.equal(response.status, expected.status ?? (kind === "authorize" ? 302 : 200), kind);
        assertShaped(name, kind);
        const text = await response.text();
        const looksAtBody = expected.kind === undefined || expected.kind === kind;
        if (looksAtBody && expected.body) assert.match(text, expected.body);
        if (looksAtBody && expected.parses === false) assert.throws(() => JSON.parse(text), SyntaxError);
        if (expected.idToken) assertIdToken(text, expected.idToken);
        for (const [header, pattern] of Object.entries(expected.headers ?? {})) {
          assert.match(response.headers.get(header) ?? "", pattern);
        }
        world.volvo.faults.clear();
        if (name !== "access-token-ends-early") await assertOver(kind);
      }
      // Bodies of 20 MiB take a slow machine more than the usual two seconds.
    }).timeout(20_000);
  }

  function assertIdToken(text: string, expected: { readonly iat?: number; readonly iss?: string }): void {
    const { id_token } = JSON.parse(text) as { id_token: string };
    const payload = Buffer.from(id_token.split(".")[1] ?? "", "base64url").toString("utf8");
    const { iat, iss } = JSON.parse(payload) as { iat: number; iss: string };
    if (expected.iat !== undefined) assert.equal(iat - world.clock.now() / secondMs, expected.iat);
    if (expected.iss !== undefined) assert.equal(iss, expected.iss);
  }

  /** Sends the request that the fault can affect. */
  async function askAptly(name: FaultName, kind: PathKind): Promise<Response> {
    return name === "authorization-code-refused" ? world.exchange(await world.code()) : world.ask(kind);
  }

  for (const name of faultNames) {
    const expected = faultExpectations[name];
    if (!("misbehaves" in expected) || expected.misbehaves === "for ever") continue;
    it(`${name} (${faults[name].row}) produces: ${faults[name].description}`, async () => {
      for (const kind of faults[name].kinds) {
        world.volvo.faults.inject({ name, times: 1, kind });
        const answer = world.ask(kind);
        if (expected.misbehaves === "in the body") await assert.rejects((await answer).text(), TypeError);
        else await assert.rejects(answer, TypeError);
        assertShaped(name, kind);
        await assertOver(kind);
      }
    });
  }

  for (const [name, delay] of [
    ["slow-20-s", 20],
    ["slow-90-s", 90],
  ] as const) {
    it(`${name} produces a valid but late response`, async () => {
      world.volvo.faults.inject({ name, times: 1 });
      const received = world.volvo.requests.next();
      let arrived = false;
      const answer = world.ask("energy-v1").finally(() => (arrived = true));
      await received;
      await world.clock.advance(delay * secondMs - 1);
      assert.equal(arrived, false);
      await world.clock.advance(1);
      assert.equal((await answer).status, 200);
    });
  }

  it("black-hole produces a response that never begins", async () => {
    world.volvo.faults.inject("black-hole");
    const abort = new AbortController();
    const received = world.volvo.requests.next();
    const answer = world.ask("energy-v2", abort.signal);
    await received;
    abort.abort();
    await assert.rejects(answer, { name: "AbortError" });
  });

  it("stalled-body produces a response that stops in the middle", async () => {
    world.volvo.faults.inject("stalled-body");
    const abort = new AbortController();
    const { reader, length } = await begin(abort.signal);
    const first = await reader.read();
    assert.ok(length > 0 && first.value && first.value.length < length);
    const second = reader.read();
    abort.abort();
    await assert.rejects(second, { name: "AbortError" });
  });

  it("endless-body produces a response that continues for megabytes", async () => {
    world.volvo.faults.inject("endless-body");
    const abort = new AbortController();
    const { reader } = await begin(abort.signal);
    let received = 0;
    while (received < 2 * mebibyte) received += (await reader.read()).value?.length ?? 0;
    abort.abort();
    await assert.rejects(reader.read(), { name: "AbortError" });
  });

  it("trickling-body produces a response of one byte a second", async () => {
    world.volvo.faults.inject("trickling-body");
    const abort = new AbortController();
    const { reader } = await begin(abort.signal);
    for (let second = 0; second < 3; second += 1) {
      await world.clock.advance(secondMs);
      assert.equal((await reader.read()).value?.length, 1);
    }
    abort.abort();
    await assert.rejects(reader.read(), { name: "AbortError" });
  });

  async function begin(signal: AbortSignal) {
    const response = await world.ask("energy-v2", signal);
    assert.ok(response.body);
    const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    return { reader, length: Number(response.headers.get("content-length")) };
  }

  it("affects the next matching responses and no others", async () => {
    world.volvo.faults.inject({ name: "server-error", times: 2, kind: "energy-v1", vin });
    const statuses: number[] = [];
    for (const path of [
      v2State,
      v1Connection,
      v1Connection.replace("30A000001", "90A000002"),
      v1Connection,
      v1Connection,
    ])
      statuses.push((await world.get(path)).status);
    assert.deepEqual(statuses, [200, 500, 200, 500, 200]);
  });

  it("waits behind a fault that was injected earlier", async () => {
    world.volvo.faults.inject({ name: "server-error", times: 1 });
    world.volvo.faults.inject({ name: "quota-spent", times: 1 });
    const statuses = [await world.get(v2State), await world.get(v2State), await world.get(v2State)];
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [500, 403, 200],
    );
  });

  it("is not used up by a response that it cannot affect", async () => {
    world.volvo.faults.inject({ name: "floats-for-integers", times: 1 });
    assert.equal((await world.get(v2State, { authorization: null })).status, 401);
    assert.match(await (await world.get(v2State)).text(), /"value":\d+\.0/);
  });

  it("at the token endpoint rotates the refresh token exactly if documented", async () => {
    const cases: readonly (readonly [FaultName, number])[] = [
      ["refresh-token-refused", 200],
      ["refresh-race-lost", 400],
      ["token-answer-lost", 400],
      ["refresh-token-missing", 200],
      ["refresh-token-null", 200],
      ["server-error", 200],
      ["connection-reset", 200],
      ["reset-in-body", 400],
    ];
    for (const [name, afterwards] of cases) {
      const { refresh_token } = world.volvo.volvoId.signIn();
      world.volvo.faults.inject({ name, times: 1, kind: "token" });
      await world
        .refresh(refresh_token)
        .then((response) => response.text())
        .catch(() => undefined);
      assert.equal((await world.refresh(refresh_token)).status, afterwards, name);
    }
  });
});
