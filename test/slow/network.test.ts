import assert from "node:assert/strict";
import { secondMs, systemClock } from "../../src/base/clock";
import type { FaultName } from "../../src/simulator/faults/faults";
import { startSimulatorServer } from "../../src/simulator/server";
import { aVolvo, NetworkProduct } from "../support/network/product";

const faults = ["black-hole", "slow-90-s", "stalled-body"] as const satisfies FaultName[];

/** The time (ms) that the product waits for an answer with `fault`, and the problem it then shows. */
async function waitedFor(fault: FaultName): Promise<{ readonly tookMs: number; readonly problem: string | undefined }> {
  const volvo = aVolvo(systemClock);
  volvo.faults.inject(fault);
  const server = await startSimulatorServer(volvo);
  const token = volvo.issueTestToken().value;
  const product = new NetworkProduct(server.origin, (url, init) => fetch(url, init), systemClock, token);
  const startedAt = Date.now();
  const { problem } = await product.firstCheck();
  const tookMs = Date.now() - startedAt;
  product.dispose();
  await server.close();
  return { tookMs, problem };
}

describe("a request to a service that does not answer, in real time", () => {
  it("is aborted after 15 s, at the end of its turn", async () => {
    for (const { tookMs, problem } of await Promise.all(faults.map(waitedFor))) {
      assert.equal(problem, "timeout");
      assert.ok(tookMs >= 15 * secondMs - 50 && tookMs < 20 * secondMs, `${tookMs} ms`);
    }
  });
});
