import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { VolvoClock } from "../../../src/volvo/volvoClock";
import { okMember, RecordingLog, v2Body, vinNumber } from "../../support/builders/builders";
import { ClientRig, jsonResponse } from "../../support/builders/transport";
import { turnWith } from "../../support/turn";

const now = Date.UTC(2026, 10, 23, 8);

describe("Volvo's clock", () => {
  function clockAfter(aheadMinutes: readonly number[], more: Readonly<Record<string, string>> = {}): VolvoClock {
    const clock = new VolvoClock(new RecordingLog());
    for (const minutes of aheadMinutes) {
      clock.answered(new Headers({ date: new Date(now + minutes * minuteMs).toUTCString(), ...more }), now);
    }
    return clock;
  }

  it("is the median of the last three answers if that is more than two minutes off", () => {
    assert.equal(clockAfter([20, 20, 20]).aheadMs, 20 * minuteMs);
    assert.equal(clockAfter([20]).aheadMs, 20 * minuteMs);
    assert.equal(clockAfter([-30, -31, -32]).aheadMs, -31 * minuteMs);
    assert.equal(clockAfter([2, 2, 2]).aheadMs, 0);
    assert.equal(clockAfter([]).aheadMs, 0);
  });

  it("is not moved by one odd answer", () => {
    assert.equal(clockAfter([0, 0, 500]).aheadMs, 0);
    assert.equal(clockAfter([0, 500]).aheadMs, 0);
    assert.equal(clockAfter([20, -500, 20]).aheadMs, 20 * minuteMs);
  });

  it("ignores answers from a cache and invalid dates", () => {
    assert.equal(clockAfter([20, 20, 20], { age: "5" }).aheadMs, 0);
    const clock = new VolvoClock(new RecordingLog());
    clock.answered(new Headers({ date: "soon" }), now);
    clock.answered(new Headers(), now);
    assert.equal(clock.aheadMs, 0);
  });

  it("corrects ages on a computer with a slow clock, and logs that once", async () => {
    const rig: ClientRig = new ClientRig({
      v1: () => jsonResponse({}),
      v2: () => {
        const at = rig.edge.clock.now() + 20 * minuteMs;
        const measuredAt = new Date(at - 5 * minuteMs).toISOString();
        const members = { chargerConnectionStatus: okMember("CONNECTED", undefined, measuredAt) };
        return jsonResponse(v2Body(members), 200, { date: new Date(at).toUTCString() });
      },
    });
    for (let check = 0; check < 4; check++) {
      const result = await rig.client.read(vinNumber(1), turnWith());
      const { connection, fetchedAt } = result.ok ? result.value : assert.fail("no reading");
      assert.equal(fetchedAt, rig.edge.clock.now());
      assert.equal(fetchedAt - (connection.measuredAt ?? 0), 5 * minuteMs);
      await rig.edge.clock.advance(300 * secondMs);
    }
    const logged = rig.edge.log.lines.filter((line) => line.includes("clock"));
    assert.deepEqual(logged, ["warn This computer's clock is about 20 minutes slow"]);
  });
});
