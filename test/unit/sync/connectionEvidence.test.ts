import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
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
      polling: { refresh: () => Promise.resolve(outcome) },
      obstacle: () => undefined,
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
