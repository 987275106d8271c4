import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import type { Disposable } from "../../../src/base/disposable";
import { Emitter } from "../../../src/base/event";
import type { CarModel } from "../../../src/charging/carModel";
import type { Vin } from "../../../src/charging/vin";
import { Garage } from "../../../src/sync/garage";
import { createNamer } from "../../../src/sync/namer";
import { NotPermittedError } from "../../../src/sync/permission";
import { utcDay } from "../../../src/sync/quota";
import { failed, type Result } from "../../../src/volvo/failure";
import { aReading, RecordingLog, vinNumber } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";

const [first, second, third] = [vinNumber(1), vinNumber(2), vinNumber(3)];
const limited = failed({ kind: "rateLimited", waitMs: hourMs }, "as told");

describe("The namer", () => {
  let clock: FakeClock;
  let garage: Garage;
  let log: RecordingLog;
  let batchDone: Emitter<void>;
  let isOn: boolean;
  let asked: Vin[];
  let answer: (vin: Vin) => Promise<Result<CarModel>>;
  let namer: Disposable;

  const modelOf = (vin: Vin) => garage.car(vin)?.model?.model;

  async function finishBatch(): Promise<void> {
    batchDone.fire();
    await clock.advance(0);
  }

  beforeEach(() => {
    clock = new FakeClock();
    garage = new Garage();
    log = new RecordingLog();
    batchDone = new Emitter();
    isOn = true;
    asked = [];
    answer = () => Promise.resolve({ ok: true, value: { model: "EX30", year: 2024 } });
    garage.configure([{ vin: first }, { vin: second, name: "Company car" }, { vin: third }]);
    for (const vin of [first, second, third]) garage.succeeded(vin, aReading({ fetchedAt: clock.now() }));
    namer = createNamer({
      clock,
      garage,
      log,
      client: {
        carModel: (vin) => {
          asked.push(vin);
          return answer(vin);
        },
      },
      poller: {
        get isOn() {
          return isOn;
        },
        onDidFinishBatch: batchDone.event,
      },
      dailyCallBudget: () => 5000,
      random: () => 0,
    });
  });

  afterEach(() => namer.dispose());

  it("asks for the cars that the user has given no name, once they have been read", async () => {
    garage.configure([{ vin: first }, { vin: second, name: "Company car" }, { vin: vinNumber(4) }]);
    await finishBatch();
    assert.deepEqual(asked, [first]);
    assert.deepEqual(garage.car(first)?.model, { model: "EX30", year: 2024 });
  });

  it("asks once a day, whatever comes of it", async () => {
    answer = (vin) =>
      Promise.resolve(vin === first ? failed({ kind: "notFound" }, "") : { ok: true, value: { model: "EX30" } });
    await finishBatch();
    clock.jump(dayMs - 1);
    await finishBatch();
    assert.deepEqual(asked, [first, third]);
    clock.jump(1);
    await finishBatch();
    assert.deepEqual(asked, [first, third, first, third]);
  });

  it("asks for the others where one car's name cannot be had, and keeps the name that was known", async () => {
    await finishBatch();
    clock.jump(dayMs);
    answer = (vin) =>
      Promise.resolve(
        vin === first ? failed({ kind: "unavailable", status: 500 }, "") : { ok: true, value: { model: "EX90" } },
      );
    await finishBatch();
    assert.deepEqual([modelOf(first), modelOf(third)], ["EX30", "EX90"]);
    assert.equal(garage.current.account.hold, undefined);
  });

  it("stops where Volvo asks to wait, lets everybody wait, and goes on later with the next car", async () => {
    answer = () => Promise.resolve(limited);
    await finishBatch();
    assert.deepEqual(asked, [first]);
    assert.deepEqual(garage.current.account.hold, { kind: "rateLimited", until: clock.now() + hourMs });
    await finishBatch();
    assert.deepEqual(asked, [first]);
    clock.jump(hourMs + minuteMs);
    await finishBatch();
    assert.deepEqual(asked, [first, third]);
  });

  it("does not ask while polling is off or the calls of the day are spent", async () => {
    isOn = false;
    await finishBatch();
    isOn = true;
    garage.called({ day: utcDay(clock.now()), calls: 5000 });
    await finishBatch();
    assert.deepEqual(asked, []);
  });

  it("leaves it for another time where it may not ask, and says so where something unexpected happens", async () => {
    answer = () => Promise.reject(new NotPermittedError("notLeading"));
    await finishBatch();
    assert.deepEqual(log.lines, []);
    answer = () => Promise.reject(new Error("out of order"));
    await finishBatch();
    assert.deepEqual(asked, [first, first]);
    assert.match(log.lines.join("\n"), /^error .*out of order$/);
  });
});
