import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import type { Refusal, Turn } from "../../../src/base/turn";
import type { CarModel } from "../../../src/charging/carModel";
import type { Vin } from "../../../src/charging/vin";
import { CarStore } from "../../../src/charging/carStore";
import { learnModels } from "../../../src/polling/modelLookup";
import { failed, type Result } from "../../../src/charging/failure";
import { aReading, vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";

const [first, second, third] = [vinNumber(1), vinNumber(2), vinNumber(3)];
const limited = failed({ kind: "rateLimited", waitMs: hourMs }, "as told");

describe("The model of a car", () => {
  let clock: FakeClock;
  let carStore: CarStore;
  let asked: Vin[];
  let answer: (vin: Vin) => Promise<Result<CarModel>>;
  let turn: Turn;

  const modelOf = (vin: Vin) => carStore.car(vin)?.model?.model;

  /** Looks up the models as the poller does after a batch of readings. */
  const learn = () =>
    learnModels({
      clock,
      carStore,
      turn,
      client: {
        carModel: (vin) => {
          asked.push(vin);
          return answer(vin);
        },
      },
      random: () => 0,
    });

  beforeEach(() => {
    clock = new FakeClock();
    carStore = new CarStore();
    turn = turnWith();
    asked = [];
    answer = () => Promise.resolve({ ok: true, value: { model: "EX30", year: 2024 } });
    carStore.configure([{ vin: first }, { vin: second, name: "Company car" }, { vin: third }]);
    for (const vin of [first, second, third]) carStore.succeeded(vin, aReading({ fetchedAt: clock.now() }));
  });

  it("is requested for cars without a name once they were read", async () => {
    carStore.configure([{ vin: first }, { vin: second, name: "Company car" }, { vin: vinNumber(4) }]);
    await learn();
    assert.deepEqual(asked, [first]);
    assert.deepEqual(carStore.car(first)?.model, { model: "EX30", year: 2024 });
  });

  it("is requested once a day, with or without success", async () => {
    answer = (vin) =>
      Promise.resolve(vin === first ? failed({ kind: "notFound" }, "") : { ok: true, value: { model: "EX30" } });
    await learn();
    clock.jump(dayMs - 1);
    await learn();
    assert.deepEqual(asked, [first, third]);
    clock.jump(1);
    await learn();
    assert.deepEqual(asked, [first, third, first, third]);
  });

  it("is requested again a day after the computer's clock was set back by a year", async () => {
    answer = () => Promise.resolve(failed({ kind: "notFound" }, ""));
    await learn();
    clock.jump(-365 * dayMs);
    carStore.clockSetBack(clock.now());
    await learn();
    assert.deepEqual(asked, [first, third]);
    clock.jump(dayMs);
    await learn();
    assert.deepEqual(asked, [first, third, first, third]);
  });

  it("is requested even if that of another car fails, and stays known if a later request fails", async () => {
    await learn();
    clock.jump(dayMs);
    answer = (vin) =>
      Promise.resolve(
        vin === first ? failed({ kind: "unavailable", status: 500 }, "") : { ok: true, value: { model: "EX90" } },
      );
    await learn();
    assert.deepEqual([modelOf(first), modelOf(third)], ["EX30", "EX90"]);
    assert.equal(carStore.current.account.hold, undefined);
  });

  it("is not requested once Volvo asks to wait, which applies to all requests; later the next car comes first", async () => {
    answer = () => Promise.resolve(limited);
    await learn();
    assert.deepEqual(asked, [first]);
    assert.deepEqual(carStore.current.account.hold, { kind: "rateLimited", until: clock.now() + hourMs });
    await learn();
    assert.deepEqual(asked, [first]);
    clock.jump(hourMs + minuteMs);
    await learn();
    assert.deepEqual(asked, [first, third]);
  });

  it("is requested later if no request is permitted", async () => {
    for (const reason of ["turnOver", "budgetSpent", "minuteSpent"] as const satisfies readonly Refusal[]) {
      answer = () => Promise.resolve(failed({ kind: "notSent", reason }, ""));
      asked = [];
      await learn();
      assert.deepEqual(asked, [first]);
      assert.equal(carStore.car(first)?.modelAskedAt, undefined);
    }
    answer = () => Promise.resolve({ ok: true, value: { model: "EX30" } });
    await learn();
    assert.equal(modelOf(third), "EX30");
  });

  it("is not requested late in a turn", async () => {
    let starts = 0;
    turn = turnWith(undefined, { mayStart: () => starts++ < 1 });
    await learn();
    assert.deepEqual(asked, [first]);
    turn = turnWith();
    await learn();
    assert.deepEqual(asked, [first, third]);
  });

  it("is requested again in the next turn if the turn has ended before the answer", async () => {
    turn = turnWith(undefined, { remainingMs: () => 0 });
    answer = () => Promise.resolve(failed({ kind: "timeout" }, ""));
    await learn();
    assert.deepEqual([asked, carStore.car(first)?.modelAskedAt], [[first], undefined]);
    turn = turnWith();
    answer = () => Promise.resolve({ ok: true, value: { model: "EX30" } });
    await learn();
    assert.deepEqual(asked, [first, first, third]);
  });

  it("is announced to all windows before its request is sent, until it is known", async () => {
    const written: (readonly Vin[])[] = [];
    turn = turnWith(undefined, { write: () => Promise.resolve(void written.push(carStore.current.checking)) });
    const during: (readonly Vin[])[] = [];
    answer = () => {
      during.push(carStore.current.checking);
      return Promise.resolve({ ok: true, value: { model: "EX30" } });
    };
    await learn();
    assert.deepEqual(written, [[first, third]]);
    assert.deepEqual(during, [[first, third], [third]]);
    assert.deepEqual(carStore.current.checking, []);
    await learn();
    assert.equal(written.length, 1, "nothing to announce");
  });

  it("leaves no car marked as being checked if the request is aborted or cannot be announced", async () => {
    answer = () => Promise.reject(new DOMException("Polling was stopped", "AbortError"));
    await assert.rejects(learn(), { name: "AbortError" });
    assert.deepEqual(carStore.current.checking, []);
    turn = turnWith(undefined, { write: () => Promise.reject(new Error("out of order")) });
    await assert.rejects(learn(), /out of order/);
    assert.deepEqual([carStore.current.checking, asked], [[], [first]]);
  });
});
