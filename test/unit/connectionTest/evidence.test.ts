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

describe("What a test of the connection finds out", () => {
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

  it("is also what was found out within the last ten seconds", async () => {
    assert.equal((await take()).cars[0]?.asked, true);
    clock.jump(10 * secondMs);
    assert.equal((await take()).cars[0]?.asked, false);
  });

  it("is nothing that was found out with other credentials", async () => {
    carStore.credentialsChanged("new");
    assert.equal((await take()).cars[0]?.asked, false);
  });

  it("is what comes of a check that is due within ten seconds, as it is with new credentials", async () => {
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

  it("is nothing of the cars where nothing can be asked, which are there all the same", async () => {
    obstacle = { kind: "apiKeyMissing" };
    const { cars } = await take();
    assert.deepEqual(
      cars.map((car) => [car.vin, car.asked]),
      [[vin, false]],
    );
  });

  it("is no list of cars while Volvo asks to wait", async () => {
    await take();
    carStore.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("holds for all requests where the list is answered with a wait", async () => {
    list = failed({ kind: "rateLimited", waitMs: hourMs }, "as told");
    assert.equal((await take()).list.kind, "failed");
    assert.deepEqual(carStore.current.account.hold, { kind: "rateLimited", until: clock.now() + hourMs });
    clock.jump(minuteMs);
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("is no list of cars where another window has the turn or has taken it over", async () => {
    list = failed({ kind: "notSent", reason: "turnOver" }, "");
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    turns = { take: () => Promise.resolve({ kind: "busy" }) };
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("is a list that was asked for within the last ten seconds, and never one that could not be", async () => {
    const same = taker();
    turns = { take: () => Promise.resolve({ kind: "busy" }) };
    assert.deepEqual((await same(neverAborted)).list, { kind: "notAsked" });
    turns = turnsWith();
    for (const seconds of [0, 9]) {
      clock.jump(seconds * secondMs);
      assert.deepEqual((await same(neverAborted)).list, { kind: "listed", vins: [vin] });
      assert.equal(lists, 1);
    }
    clock.jump(secondMs);
    await same(neverAborted);
    assert.equal(lists, 2);
  });

  it("is the end of the budget where that keeps the list from being asked for", async () => {
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

  it("is asked for in a turn that the user does not have to wait for", async () => {
    const purposes: string[] = [];
    const granted = turnsWith();
    turns = { take: (purpose, ...rest) => (purposes.push(purpose), granted.take(purpose, ...rest)) };
    await take();
    assert.deepEqual(purposes, ["change"]);
  });
});
