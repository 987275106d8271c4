import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Problem } from "../../../src/charging/problem";
import type { Vin } from "../../../src/charging/vin";
import { createEvidenceTaker } from "../../../src/sync/connectionEvidence";
import { Garage } from "../../../src/sync/garage";
import type { RefreshOutcome } from "../../../src/sync/polling";
import { failed, type Result } from "../../../src/volvo/failure";
import { aReading, vinNumber } from "../../support/builders";
import { neverAborted } from "../../support/buildersTransport";
import { FakeClock } from "../../support/fakeClock";

const vin = vinNumber(1);

describe("What a test of the connection finds out", () => {
  let clock: FakeClock;
  let garage: Garage;
  let outcome: RefreshOutcome;
  let list: Result<readonly Vin[]>;
  let lists: number;
  let checkDue: () => Promise<void>;
  let obstacle: Problem | undefined;

  function take() {
    const taker = createEvidenceTaker({
      clock,
      garage,
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
    return taker(neverAborted);
  }

  beforeEach(() => {
    clock = new FakeClock();
    garage = new Garage();
    garage.configure([{ vin }]);
    garage.attempted(vin, clock.now());
    garage.succeeded(vin, aReading({ fetchedAt: clock.now() }));
    outcome = { kind: "recent", at: clock.now() };
    list = { ok: true, value: [vin] };
    lists = 0;
    checkDue = () => Promise.resolve();
    obstacle = undefined;
  });

  it("is also what was found out within the last ten seconds", async () => {
    assert.equal((await take()).cars[0]?.asked, true);
    clock.jump(10 * secondMs);
    assert.equal((await take()).cars[0]?.asked, false);
  });

  it("is nothing that was found out with other credentials", async () => {
    garage.credentialsChanged("new");
    assert.equal((await take()).cars[0]?.asked, false);
  });

  it("is what comes of a check that is due within ten seconds, as it is with new credentials", async () => {
    garage.credentialsChanged("new");
    checkDue = () => {
      clock.jump(9 * secondMs);
      garage.attempted(vin, clock.now());
      garage.failed(vin, { kind: "tokenEnded" }, clock.now(), false);
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
    garage.held({ kind: "rateLimited", until: clock.now() + hourMs }, []);
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });

  it("is for everybody to obey where the list is answered with a wait", async () => {
    list = failed({ kind: "rateLimited", waitMs: hourMs }, "as told");
    assert.equal((await take()).list.kind, "failed");
    assert.deepEqual(garage.current.account.hold, { kind: "rateLimited", until: clock.now() + hourMs });
    clock.jump(minuteMs);
    assert.deepEqual((await take()).list, { kind: "notAsked" });
    assert.equal(lists, 1);
  });
});
