import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Turns } from "../../../src/base/turn";
import type { Problem } from "../../../src/charging/problem";
import type { Vin } from "../../../src/charging/vin";
import { createEvidenceTaker } from "../../../src/connectionTest/evidence";
import { CarStore } from "../../../src/charging/carStore";
import type { RefreshOutcome } from "../../../src/polling/polling";
import { failed, type Result } from "../../../src/charging/failure";
import { aReading, vinNumber } from "../../support/builders/builders";
import { neverAborted } from "../../support/builders/transport";
import { FakeClock } from "../../support/fakeClock";
import { turnsWith } from "../../support/turn";

const vin = vinNumber(1);

describe("The evidence of a connection test", () => {
  let clock: FakeClock;
  let carStore: CarStore;
  let outcome: RefreshOutcome;
  let list: Result<readonly Vin[]>;
  let lists: number;
  let turns: Turns;
  let checkDue: () => Promise<void>;
  let obstacle: Problem | undefined;

  const take = () => taker()(neverAborted);

  function taker() {
    return createEvidenceTaker({
      clock,
      carStore,
      turns: { take: (...of) => turns.take(...of) },
      client: {
        listVehicles: () => {
          lists++;
          return Promise.resolve(list);
        },
      },
      polling: { refresh: () => Promise.resolve(outcome), checkDue: () => checkDue() },
      obstacle: () => obstacle,
      credentials: () => "new",
      hasApiKey: () => true,
      grant: () => "testToken",
    });
  }

  beforeEach(() => {
    clock = new FakeClock();
    carStore = new CarStore();
    carStore.configure([{ vin }]);
    carStore.attempted(vin, clock.now());
    carStore.succeeded(vin, aReading({ fetchedAt: clock.now() }));
    outcome = { kind: "recent", at: clock.now() };
    list = { ok: true, value: [vin] };
    lists = 0;
    turns = turnsWith();
    checkDue = () => Promise.resolve();
    obstacle = undefined;
  });

  it("includes readings of the last ten seconds, and no older ones", async () => {
    assert.equal((await take()).cars[0]?.asked, true);
    clock.jump(10 * secondMs);
    assert.equal((await take()).cars[0]?.asked, false);
  });

  it("includes no reading with other credentials", async () => {
    carStore.credentialsChanged("new");
    assert.equal((await take()).cars[0]?.asked, false);
  });

  it("includes a check that is due within ten seconds, as with new credentials", async () => {
    carStore.credentialsChanged("new");
    checkDue = () => {
      clock.jump(9 * secondMs);
      carStore.attempted(vin, clock.now());
      carStore.failed(vin, { kind: "tokenEnded" }, clock.now(), false);
      return Promise.resolve();
    };
    const [car] = (await take()).cars;
    assert.equal(car?.asked, true);
    assert.equal(car.problem?.kind, "tokenEnded");
  });

  it("lists the cars as not asked if no request is possible", async () => {
    obstacle = { kind: "apiKeyMissing" };
    const { cars } = await take();
    assert.deepEqual(
      cars.map((car) => [car.vin, car.asked]),
      [[vin, false]],
    );
  });

  it("includes no request for the car list while Volvo asks to wait", async () => {
    await take();
    carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("makes all requests wait if Volvo answers the request for the car list with a wait", async () => {
    list = failed({ kind: "rateLimited", waitMs: hourMs }, "as told");
    assert.equal((await take()).list.kind, "failed");
    assert.deepEqual(carStore.current.account.hold, { kind: "rateLimited", until: clock.now() + hourMs });
    clock.jump(minuteMs);
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("includes no car list if another window has the turn or has taken it over", async () => {
    list = failed({ kind: "notSent", reason: "turnOver" }, "");
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    turns = { take: () => Promise.resolve(undefined) };
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("includes a car list from the last ten seconds, and requests one again that could not be requested", async () => {
    const sharedTaker = taker();
    turns = { take: () => Promise.resolve(undefined) };
    assert.deepEqual((await sharedTaker(neverAborted)).list, { kind: "notAsked" });
    turns = turnsWith();
    for (const seconds of [0, 9]) {
      clock.jump(seconds * secondMs);
      assert.deepEqual((await sharedTaker(neverAborted)).list, { kind: "listed", vins: [vin] });
      assert.equal(lists, 1);
    }
    clock.jump(secondMs);
    await sharedTaker(neverAborted);
    assert.equal(lists, 2);
  });

  it("contains the end of the budget if that prevents the request for the car list", async () => {
    for (const [reason, kind] of [
      ["budgetSpent", "held"],
      ["minuteSpent", "notAsked"],
    ] as const) {
      list = failed({ kind: "notSent", reason }, "");
      assert.equal((await take()).list.kind, kind);
    }
    list = failed({ kind: "notSent", reason: "budgetSpent" }, "");
    const found = (await take()).list;
    const midnight = Date.UTC(2026, 10, 24);
    assert.deepEqual(found, { kind: "held", hold: { kind: "budgetSpent", until: midnight } });
  });

  it("is collected in a turn that does not wait for other windows", async () => {
    const purposes: string[] = [];
    const granted = turnsWith();
    turns = { take: (purpose, ...rest) => (purposes.push(purpose), granted.take(purpose, ...rest)) };
    await take();
    assert.deepEqual(purposes, ["change"]);
  });
});
