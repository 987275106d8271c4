import assert from "node:assert/strict";
import fc from "fast-check";
import { createSlots } from "../../../src/volvo/requestSlots";
import { neverAborted } from "../../support/builders/transport";
import { settle } from "../../support/fakeClock";

describe("slots", () => {
  it("are granted in the order of the requests", async () => {
    const slots = createSlots(1);
    const order: number[] = [];
    const release = await slots.take(neverAborted);
    const waiting = [1, 2, 3].map(async (number) => {
      const done = await slots.take(neverAborted);
      order.push(number);
      done();
    });
    await settle();
    assert.deepEqual(order, []);
    release();
    await Promise.all(waiting);
    assert.deepEqual(order, [1, 2, 3]);
  });

  it("are not granted to callers that canceled while they waited", async () => {
    const slots = createSlots(1);
    const release = await slots.take(neverAborted);
    const abort = new AbortController();
    const canceled = slots.take(abort.signal);
    const patient = slots.take(neverAborted);
    const reason = new Error("went away");
    abort.abort(reason);
    await assert.rejects(canceled, reason);
    release();
    (await patient)();
    await slots.take(neverAborted);
  });

  it("reject a caller with an aborted signal, and stay free", async () => {
    const slots = createSlots(1);
    const abort = new AbortController();
    abort.abort(new Error("too late"));
    await assert.rejects(async () => slots.take(abort.signal), /too late/);
    await slots.take(neverAborted);
  });

  it("never exceed their number and end up free, for any order of requests and cancellations", async () => {
    const visitor = fc.record({ stays: fc.nat(4), leavesAfter: fc.option(fc.nat(4)) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(visitor, { maxLength: 12 }),
        async (count, visitors) => {
          const slots = createSlots(count);
          let inside = 0;
          const turns = async (number: number) => {
            for (let turn = 0; turn < number; turn++) await Promise.resolve();
          };
          const visits = visitors.map(async ({ stays, leavesAfter }) => {
            const abort = new AbortController();
            if (leavesAfter !== null) void turns(leavesAfter).then(() => abort.abort(new Error("left")));
            try {
              const release = await slots.take(abort.signal);
              inside++;
              assert.ok(inside <= count);
              await turns(stays);
              inside--;
              release();
            } catch (error) {
              assert.equal((error as Error).message, "left");
            }
          });
          await Promise.all(visits);
          for (let slot = 0; slot < count; slot++) await slots.take(neverAborted);
        },
      ),
      { numRuns: 60 },
    );
  });
});
