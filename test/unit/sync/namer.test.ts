import assert from "node:assert/strict";
import { dayMs, hourMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import type { CarModel } from "../../../src/charging/carModel";
import type { Vin } from "../../../src/charging/vin";
import { Garage } from "../../../src/sync/garage";
import { createNamer } from "../../../src/sync/namer";
import { NotPermittedError } from "../../../src/sync/permission";
import { utcDay } from "../../../src/sync/quota";
import { failed, type Result } from "../../../src/volvo/failure";
import { aReading, vinNumber } from "../../support/builders";
import { FakeClock, settle } from "../../support/fakeClock";

const [named, first, second] = [vinNumber(0), vinNumber(1), vinNumber(2)];

describe("The names of the cars", () => {
  const budget = 100;
  let clock: FakeClock;
  let garage: Garage;
  let asked: Vin[];
  let answers: (vin: Vin) => Promise<Result<CarModel>>;
  let batchDone: Emitter<void>;
  let isOn: boolean;
  let namer: ReturnType<typeof createNamer>;

  /** A check of all cars has ended; the cars whose names were asked for after it. */
  async function check(): Promise<readonly Vin[]> {
    batchDone.fire();
    await settle();
    return asked.splice(0);
  }

  const modelOf = (vin: Vin) => garage.car(vin)?.model?.model;

  beforeEach(() => {
    clock = new FakeClock();
    garage = new Garage();
    asked = [];
    answers = () => Promise.resolve({ ok: true, value: { model: "EX30", year: 2025 } });
    batchDone = new Emitter<void>();
    isOn = true;
    garage.configure([{ vin: named, name: "Ours" }, { vin: first }, { vin: second }]);
    for (const vin of [named, first, second]) garage.succeeded(vin, aReading({ fetchedAt: clock.now() }));
    namer = createNamer({
      clock,
      garage,
      client: {
        carModel: (vin) => {
          asked.push(vin);
          return answers(vin);
        },
      },
      poller: {
        get isOn() {
          return isOn;
        },
        onDidFinishBatch: batchDone.event,
      },
      dailyCallBudget: () => budget,
    });
  });

  afterEach(() => namer.dispose());

  it("are asked for once a day each, of the cars that the user has given none", async () => {
    assert.deepEqual(await check(), [first, second]);
    assert.deepEqual([modelOf(named), modelOf(first), modelOf(second)], [undefined, "EX30", "EX30"]);
    for (let hour = 0; hour < 23; hour++) {
      await clock.advance(hourMs);
      assert.deepEqual(await check(), []);
    }
    await clock.advance(hourMs);
    assert.deepEqual(await check(), [first, second]);
  });

  it("are asked for a day later also where none came, and what was known stays", async () => {
    await check();
    await clock.advance(dayMs);
    answers = () => Promise.resolve(failed({ kind: "unavailable", status: 500 }, ""));
    assert.deepEqual(await check(), [first, second]);
    await clock.advance(hourMs);
    assert.deepEqual(await check(), []);
    assert.equal(modelOf(first), "EX30");
  });

  it("do not keep one another: neither the name nor anything else of a car depends on another's", async () => {
    const before = garage.car(first);
    answers = (vin) =>
      Promise.resolve(vin === first ? failed({ kind: "malformed" }, "") : { ok: true, value: { model: "EX90" } });
    assert.deepEqual(await check(), [first, second]);
    assert.deepEqual(garage.car(first), { ...before, modelAskedAt: clock.now() });
    assert.deepEqual([modelOf(second), garage.car(second)?.problem], ["EX90", undefined]);
  });

  it("are never worth the first request of a car", async () => {
    garage.configure([{ vin: vinNumber(3) }]);
    assert.deepEqual(await check(), []);
  });

  it("are not asked for while polling is off, Volvo asks to wait or the budget is spent", async () => {
    isOn = false;
    assert.deepEqual(await check(), []);
    isOn = true;
    garage.held({ kind: "quotaSpent", until: clock.now() + hourMs }, []);
    assert.deepEqual(await check(), []);
    await clock.advance(hourMs);
    garage.called({ day: utcDay(clock.now()), calls: budget });
    assert.deepEqual(await check(), []);
    garage.called({ day: utcDay(clock.now()), calls: budget - 1 });
    assert.deepEqual(await check(), [first, second]);
  });

  it("are asked for at the next check where another window has taken over in between", async () => {
    answers = () => Promise.reject(new NotPermittedError("notLeading"));
    assert.deepEqual(await check(), [first]);
    answers = () => Promise.resolve({ ok: true, value: { model: "EX30" } });
    assert.deepEqual(await check(), [first, second]);
  });
});
