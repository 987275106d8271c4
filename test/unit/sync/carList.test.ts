import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import type { Vin } from "../../../src/charging/vin";
import { listText } from "../../../src/present/listText";
import { type CarList, listCars } from "../../../src/sync/carList";
import { Garage } from "../../../src/sync/garage";
import { NotPermittedError } from "../../../src/sync/permission";
import { failed, type Failure, type Result } from "../../../src/volvo/failure";
import { vinNumber } from "../../support/builders";
import { neverAborted } from "../../support/buildersTransport";

const now = Date.UTC(2026, 10, 23, 8);
const locale = { language: "en", timeZone: "UTC" };

describe("Find My Vehicles", () => {
  let garage: Garage;
  let asked: number;
  let list: () => Promise<Result<readonly Vin[]>>;
  let models: () => Promise<Result<{ model: string }>>;

  const find = () =>
    listCars(
      {
        listVehicles: () => {
          asked++;
          return list();
        },
        carModel: () => models(),
        read: () => Promise.reject(new Error("not used")),
      },
      garage,
      () => now,
      neverAborted,
    );
  const sentenceOf = (result: CarList) =>
    result.kind === "found" ? undefined : listText(result, now, locale).sentence;

  beforeEach(() => {
    garage = new Garage();
    asked = 0;
    list = () => Promise.resolve({ ok: true, value: [vinNumber(1), vinNumber(2)] });
    models = () => Promise.resolve({ ok: true, value: { model: "EX30" } });
  });

  it("lists the account's cars, with their models as far as they can be had", async () => {
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

  it("says when it can be asked again where the budget of calls is spent, before the list or within it", async () => {
    // As it comes from another entry point, which has a class of its own for it.
    const error = Object.assign(new Error("spent"), { name: "NotPermittedError", reason: "budgetSpent" });
    const spent = () => Promise.reject(error);
    models = spent;
    const found = await find();
    assert.deepEqual(found.kind === "found" && found.cars.map(({ model }) => model), [undefined, undefined]);
    list = spent;
    assert.equal(
      sentenceOf(await find()),
      "Today's budget of calls is spent; it starts again at Nov 24, 2026, 12:00 AM.",
    );
  });

  it("asks for nothing while Volvo asks to wait, and says until when", async () => {
    garage.held({ kind: "quotaSpent", until: now + hourMs }, []);
    assert.equal(sentenceOf(await find()), "Volvo's quota of calls is spent until 9:00 AM.");
    assert.equal(asked, 0);
  });

  it("asks for nothing more once Volvo asks to wait, for the list or for a model, and lets everybody wait", async () => {
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
    assert.equal(garage.current.account.hold?.until, now + hourMs);

    garage = new Garage();
    list = () => Promise.resolve(limited);
    assert.equal(sentenceOf(await find()), "Volvo asks to wait until 9:00 AM.");
    assert.equal(garage.current.account.hold?.until, now + hourMs);
  });

  it("says so where another window has just become the one that asks", async () => {
    list = () => Promise.reject(new NotPermittedError("notLeading"));
    assert.equal(sentenceOf(await find()), "Another window has just begun to ask Volvo. Try it once more.");
  });

  it("says that a test token is for another API, or that the application may not ask: neither is about the cars", async () => {
    const byToken = "This token is not for the Connected Vehicle API. Add the car by its VIN instead.";
    const byApplication = "This application may not list cars. Add the car by its VIN instead.";
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
    assert.deepEqual([garage.current.account.tokenRefusals, garage.current.account.keyRefusals], [0, 0]);
  });

  it("ends as the user wants when it is cancelled", async () => {
    const cancelled = new DOMException("cancelled", "AbortError");
    list = () => Promise.reject(cancelled);
    await assert.rejects(find(), cancelled);
  });
});
