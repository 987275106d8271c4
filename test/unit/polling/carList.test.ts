import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import type { Turns } from "../../../src/base/turn";
import type { Vin } from "../../../src/charging/vin";
import { listText } from "../../../src/present/listText";
import { type CarList, listCars } from "../../../src/polling/carList";
import { CarStore } from "../../../src/charging/carStore";
import { failed, type Failure, type Result } from "../../../src/charging/failure";
import { vinNumber } from "../../support/builders/builders";
import { neverAborted } from "../../support/builders/transport";
import { FakeClock } from "../../support/fakeClock";
import { turnsWith } from "../../support/turn";

const now = Date.UTC(2026, 10, 23, 8);
const locale = { language: "en", timeZone: "UTC" };

describe("Find My Vehicles", () => {
  let carStore: CarStore;
  let asked: number;
  let turns: Turns;
  let list: () => Promise<Result<readonly Vin[]>>;
  let models: () => Promise<Result<{ model: string }>>;

  const find = () =>
    listCars(
      {
        client: {
          listVehicles: () => {
            asked++;
            return list();
          },
          carModel: () => models(),
          read: () => Promise.reject(new Error("not used")),
        },
        carStore,
        turns,
        clock: new FakeClock(now),
      },
      neverAborted,
    );
  const sentenceOf = (result: CarList) =>
    result.kind === "found" ? undefined : listText(result, now, locale).sentence;

  beforeEach(() => {
    carStore = new CarStore();
    asked = 0;
    turns = turnsWith();
    list = () => Promise.resolve({ ok: true, value: [vinNumber(1), vinNumber(2)] });
    models = () => Promise.resolve({ ok: true, value: { model: "EX30" } });
  });

  it("lists the account's cars, with their models if available", async () => {
    let calls = 0;
    models = () =>
      Promise.resolve(
        calls++ === 0 ? { ok: true, value: { model: "EX30" } } : failed({ kind: "unavailable", status: 500 }, ""),
      );
    assert.deepEqual(await find(), {
      kind: "found",
      cars: [
        { vin: vinNumber(1), model: { model: "EX30" } },
        { vin: vinNumber(2), model: undefined },
      ],
    });
  });

  it("makes no call for a known model", async () => {
    carStore.configure([{ vin: vinNumber(1) }]);
    carStore.modelKnown(vinNumber(1), { model: "EX90" }, now);
    const found = await find();
    assert.deepEqual(found.kind === "found" && found.cars.map(({ model }) => model?.model), ["EX90", "EX30"]);
  });

  it("reports a used-up call budget with its end, or lists the cars without models if only these were refused", async () => {
    const spent = () => Promise.resolve(failed({ kind: "notSent", reason: "budgetSpent" }, ""));
    models = spent;
    const found = await find();
    assert.deepEqual(found.kind === "found" && found.cars.map(({ model }) => model), [undefined, undefined]);
    list = spent;
    assert.equal(sentenceOf(await find()), "Your daily call budget is used up until Nov 24, 12:00 AM.");
  });

  it("sends no request while Volvo asks to wait, and reports until when", async () => {
    carStore.held({ kind: "quotaSpent", until: now + hourMs }, []);
    assert.equal(sentenceOf(await find()), "The daily call quota is used up until 9:00 AM.");
    assert.equal(asked, 0);
  });

  it("sends no further request once Volvo asks to wait, and makes all requests wait", async () => {
    const limited = failed({ kind: "rateLimited", waitMs: hourMs }, "");
    list = () => Promise.resolve({ ok: true, value: Array.from({ length: 9 }, (_, index) => vinNumber(index)) });
    let calls = 0;
    models = () => {
      calls++;
      return Promise.resolve(calls === 1 ? limited : { ok: true, value: { model: "EX30" } });
    };
    const found = await find();
    assert.equal(found.kind === "found" && found.cars.length, 9);
    assert.ok(calls <= 4, `${calls}`);
    assert.equal(carStore.current.account.hold?.until, now + hourMs);

    carStore = new CarStore();
    list = () => Promise.resolve(limited);
    assert.equal(sentenceOf(await find()), "Volvo asked us to wait until 9:00 AM.");
    assert.equal(carStore.current.account.hold?.until, now + hourMs);
  });

  it("reports if another window has the turn or has just taken it over", async () => {
    const sentence = "Another window has just started checking with Volvo. Try again.";
    list = () => Promise.resolve(failed({ kind: "notSent", reason: "turnOver" }, ""));
    assert.equal(sentenceOf(await find()), sentence);
    turns = { take: () => Promise.resolve(undefined) };
    assert.equal(sentenceOf(await find()), sentence);
    assert.equal(asked, 1);
  });

  it("takes over the turn of another window, because the user is waiting", async () => {
    const purposes: string[] = [];
    const granted = turnsWith();
    turns = {
      take: (purpose, action, options) => {
        purposes.push(purpose);
        assert.equal(options?.signal, neverAborted);
        return granted.take(purpose, action, options);
      },
    };
    await find();
    assert.deepEqual(purposes, ["change"]);
  });

  it("starts no request for a model late in a turn, and lists the car without one", async () => {
    let starts = 0;
    turns = turnsWith({ mayStart: () => starts++ < 1 });
    const found = await find();
    assert.deepEqual(found.kind === "found" && found.cars.map(({ model }) => model?.model), ["EX30", undefined]);
  });

  it("reports that a test token is for another API, or that the application lacks the permission", async () => {
    const byToken = "This token can't list your cars.";
    const byApplication = "Your application isn't allowed to list cars.";
    const cases: readonly (readonly [Failure, string])[] = [
      [{ kind: "tokenRefused" }, byToken],
      [{ kind: "forbidden", what: "scope" }, byApplication],
      [{ kind: "forbidden", what: "unspecified" }, byApplication],
      [{ kind: "routeGone" }, byApplication],
    ];
    for (const [failure, sentence] of cases) {
      list = () => Promise.resolve(failed(failure, ""));
      const result = await find();
      assert.equal(result.kind, "notPermitted");
      assert.equal(sentenceOf(result), sentence);
    }
    assert.deepEqual([carStore.current.account.tokenRefusals, carStore.current.account.keyRefusals], [0, 0]);
  });

  it("rejects with the reason of its cancellation", async () => {
    const cancellation = new DOMException("canceled", "AbortError");
    list = () => Promise.reject(cancellation);
    await assert.rejects(find(), cancellation);
  });
});
