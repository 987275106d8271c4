import assert from "node:assert/strict";
import { minuteMs, secondMs, sleep } from "../../../src/base/clock";
import { CarStore } from "../../../src/charging/carStore";
import { failed, type Failure } from "../../../src/charging/failure";
import type { Vin } from "../../../src/charging/vin";
import { type BatchResult, readBatch } from "../../../src/polling/batch";
import type { VolvoClient } from "../../../src/volvo/client";
import { aReading, vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";

const elsewhere: Failure = { kind: "noCredentials", problem: { kind: "signedInElsewhere" } };

describe("A batch of readings", () => {
  let clock: FakeClock;
  let carStore: CarStore;
  let abort: AbortController;
  let asked: Vin[];
  /** The answer to the n-th request, after one second: this failure, or a reading if undefined. */
  let failures: readonly (Failure | undefined)[];
  let announced: () => Promise<void>;

  const read = (cars: number): Promise<BatchResult> => {
    const client: Pick<VolvoClient, "read"> = {
      // It ignores the turn's signal, like a request whose answer is already in transit.
      read: async (vin, _, { onSend } = {}) => {
        const failure = failures[asked.length];
        asked.push(vin);
        onSend?.();
        await sleep(clock, secondMs);
        return failure ? failed(failure, "") : { ok: true, value: aReading({ fetchedAt: clock.now() }) };
      },
    };
    const turn = turnWith(abort.signal, { write: () => announced() });
    const ports = { clock, client, carStore, turn };
    const vins = Array.from({ length: cars }, (_, index) => vinNumber(index));
    return readBatch({ ...ports, forced: false, longestGapMs: Infinity, jitter: 0, onSend: () => undefined }, vins);
  };
  const refusals = () => [carStore.current.account.keyRefusals, carStore.current.account.tokenRefusals];

  beforeEach(() => {
    clock = new FakeClock();
    carStore = new CarStore();
    carStore.configure(Array.from({ length: 9 }, (_, index) => ({ vin: vinNumber(index) })));
    abort = new AbortController();
    asked = [];
    failures = [];
    announced = () => Promise.resolve();
  });

  it("ends if another window has the sign-in, and makes the requested cars due again", async () => {
    failures = Array.from({ length: 9 }, () => elsewhere);
    const batch = read(9);
    await clock.advance(minuteMs);
    const { answered, isUnauthorized } = await batch;
    assert.deepEqual([answered.size, isUnauthorized, asked.length], [0, true, 4]);
    const [first, , , , fifth] = carStore.current.cars;
    assert.deepEqual([first?.recheck, first?.attemptedAt, first?.problem], [true, clock.now() - minuteMs, undefined]);
    assert.deepEqual([fifth?.recheck, fifth?.attemptedAt], [undefined, undefined]);
  });

  it("reports missing credentials as a problem of the car if no other window has them", async () => {
    failures = [{ kind: "noCredentials", problem: { kind: "signInEnded" } }];
    const batch = read(1);
    await clock.advance(minuteMs);
    const { answered, isUnauthorized } = await batch;
    assert.deepEqual([answered.size, isUnauthorized], [1, false]);
    assert.equal(carStore.current.cars[0]?.problem?.kind, "signInEnded");
  });

  it("counts a refusal of key or token only if no car could be read with them", async () => {
    failures = [{ kind: "apiKeyRefused" }, undefined, { kind: "tokenRefused" }];
    const mixed = read(3);
    await clock.advance(minuteMs);
    await mixed;
    assert.deepEqual(refusals(), [0, 0]);
    asked = [];
    failures = [{ kind: "apiKeyRefused" }, { kind: "apiKeyRefused" }, { kind: "timeout" }];
    const refused = read(3);
    await clock.advance(minuteMs);
    await refused;
    assert.deepEqual(refusals(), [1, 0]);
  });

  it("does not count refusals of previous credentials against those that were entered during the batch", async () => {
    failures = Array.from({ length: 6 }, () => ({ kind: "tokenRefused" as const }));
    const batch = read(6);
    await clock.advance(1.5 * secondMs);
    assert.equal(asked.length, 6);
    carStore.credentialsChanged("others");
    await clock.advance(minuteMs);
    await batch;
    assert.deepEqual(refusals(), [0, 0]);
    assert.deepEqual(
      carStore.current.cars.slice(4, 6).map(({ recheck, problem }) => [recheck, problem]),
      [
        [true, undefined],
        [true, undefined],
      ],
    );
  });

  it("sends no request if the credentials were replaced before it began, and leaves its cars due", async () => {
    carStore.failed(vinNumber(0), { kind: "tokenEnded" }, clock.now() - minuteMs, false);
    let proceed: () => void = () => undefined;
    announced = () => new Promise((resolve) => (proceed = resolve));
    const batch = read(1);
    await clock.advance(secondMs);
    carStore.credentialsChanged("others");
    carStore.attempted(vinNumber(0), clock.now());
    proceed();
    await batch;
    const { recheck, attemptedAt } = carStore.car(vinNumber(0)) ?? {};
    assert.deepEqual([asked, recheck, attemptedAt], [[], true, undefined]);
  });

  it("ignores answers that arrive after its turn was aborted", async () => {
    const batch = read(1);
    batch.catch(() => undefined);
    await clock.advance(secondMs / 2);
    abort.abort(new Error("polling is off"));
    await clock.advance(minuteMs);
    await assert.rejects(batch, /polling is off/);
    assert.deepEqual([carStore.current.cars[0]?.reading, carStore.current.checking], [undefined, []]);
  });
});
