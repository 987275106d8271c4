import assert from "node:assert/strict";
import { secondMs, systemClock } from "../../src/base/clock";
import type { FaultName } from "../../src/simulator/faults/faults";
import { startSimulatorServer } from "../../src/simulator/server";
import { aVolvo, NetworkProduct } from "../support/network/product";

const faults = ["black-hole", "slow-90-s", "stalled-body"] as const satisfies FaultName[];

/** How long (ms) the product waits for an answer that `fault` befalls, and what it makes of it. */
async function waitedFor(fault: FaultName): Promise<{ readonly took: number; readonly problem: string | undefined }> {
  const volvo = aVolvo(systemClock);
  volvo.faults.inject(fault);
  const server = await startSimulatorServer(volvo);
  const token = volvo.issueTestToken().value;
  const product = new NetworkProduct(server.origin, (url, init) => fetch(url, init), systemClock, token);
  const startedAt = Date.now();
  const { problem } = await product.firstCheck();
  const took = Date.now() - startedAt;
  product.dispose();
  await server.close();
  return { took, problem };
}

describe("a service that does not answer, with nothing but real time", () => {
  it("is given up after 15 s, with the turn", async () => {
    for (const { took, problem } of await Promise.all(faults.map(waitedFor))) {
      assert.equal(problem, "timeout");
      assert.ok(took >= 15 * secondMs - 50 && took < 20 * secondMs, `${took} ms`);
    }
  });
});
