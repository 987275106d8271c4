import assert from "node:assert/strict";
import { secondMs } from "../../../src/base/clock";
import { type FaultName } from "../../../src/simulator/faults/faults";
import { defaultApiKey, SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import { simulatorFetch, type SimulatorFetch } from "../../../src/simulator/simulatorFetch";
import { FakeClock, settle } from "../../support/fakeClock";

const vin = "YV1S1MEX30A000001";
const url = `https://api.invalid/energy/v2/vehicles/${vin}/state`;

describe("the simulator's fetch", () => {
  let clock: FakeClock;
  let volvo: SimulatedVolvo;
  let fetch: SimulatorFetch;
  let init: RequestInit;

  beforeEach(() => {
    clock = new FakeClock();
    volvo = new SimulatedVolvo(clock, { cars: [{ vin, model: "EX30", modelYear: 2025 }] });
    fetch = simulatorFetch(volvo);
    const authorization = `Bearer ${volvo.issueTestToken().value}`;
    init = { headers: { authorization, "vcc-api-key": defaultApiKey } };
  });

  it("reaches Volvo at every origin, by string, URL or Request", async () => {
    for (const input of [url, new URL(url), new Request(url.replace("api", "other"))]) {
      const response = await fetch(input, init);
      assert.equal(response.status, 200);
      assert.match(await response.text(), /"chargerConnectionStatus"/);
    }
  });

  it("sends bodies", async () => {
    const { refresh_token } = volvo.volvoId.signIn();
    const { clientId: client_id, clientSecret: client_secret } = volvo.volvoId.options;
    const form = { grant_type: "refresh_token", refresh_token, client_id, client_secret };
    const response = await fetch("https://id.invalid/as/token.oauth2", {
      method: "POST",
      body: new URLSearchParams(form),
    });
    assert.equal(response.status, 200);
  });

  it("handles redirects as requested", async () => {
    volvo.faults.inject("redirected-to-portal");
    assert.equal((await fetch(url, { ...init, redirect: "manual" })).status, 301);
    await assert.rejects(fetch(url, { ...init, redirect: "error" }), TypeError);
    await assert.rejects(fetch(url, init), { name: "TypeError", message: "fetch failed" });
  });

  it("fails like the network, with a code in the cause", async () => {
    for (const [name, code] of [
      ["host-unknown", "ENOTFOUND"],
      ["connection-refused", "ECONNREFUSED"],
      ["certificate-expired", "CERT_HAS_EXPIRED"],
      ["connection-reset", "ECONNRESET"],
    ] as const) {
      volvo.faults.inject({ name, times: 1 });
      await assert.rejects(fetch(url, init), (error: TypeError & { cause: { code: string } }) => {
        assert.deepEqual([error.message, error.cause.code], ["fetch failed", code]);
        return true;
      });
    }
  });

  it("fails while the body is read if it breaks there", async () => {
    for (const name of ["reset-in-body", "wrong-content-length", "false-gzip"] as const) {
      volvo.faults.inject({ name, times: 1 });
      const response = await fetch(url, init);
      await assert.rejects(response.text(), { name: "TypeError", message: "terminated" });
    }
  });

  it("rejects with the signal's reason before, during and after the response", async () => {
    const reason = new Error("enough");
    await assert.rejects(fetch(url, { ...init, signal: AbortSignal.abort(reason) }), reason);
    for (const name of ["slow-20-s", "black-hole"] as const) {
      volvo.faults.inject({ name, times: 1 });
      const abort = new AbortController();
      const answer = fetch(url, { ...init, signal: abort.signal });
      abort.abort(reason);
      await assert.rejects(answer, reason);
    }
    for (const name of ["stalled-body", "trickling-body", "endless-body"] as const) {
      volvo.faults.inject({ name, times: 1 });
      const abort = new AbortController();
      const text = (await fetch(url, { ...init, signal: abort.signal })).text();
      setImmediate(() => abort.abort(reason));
      await assert.rejects(text, reason);
    }
    assert.equal(clock.pendingTimers, 0);
  });

  it("returns a slow response when its time has come", async () => {
    volvo.faults.inject("slow-20-s");
    let status = 0;
    void fetch(url, init).then((response) => (status = response.status));
    await clock.advance(20 * secondMs - 1);
    assert.equal(status, 0);
    await clock.advance(1);
    assert.equal(status, 200);
  });

  it("stops a trickling response when its reader cancels it", async () => {
    volvo.faults.inject("trickling-body" satisfies FaultName);
    const { body } = await fetch(url, init);
    assert.ok(body);
    const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    await clock.advance(2 * secondMs);
    assert.equal((await reader.read()).value?.length, 1);
    await reader.cancel();
    await settle();
    assert.equal(clock.pendingTimers, 0);
  });
});
