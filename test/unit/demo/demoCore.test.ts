import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { Redactor } from "../../../src/base/redactor";
import { createDemoCore } from "../../../src/demo/demoCore";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import { createDemoWorld } from "../../../src/simulator/demo";
import type { StartableCore } from "../../../src/demo/demoSwitch";
import { FakeClock } from "../../support/fakeClock";

describe("the demo's core", () => {
  /** The start of a day, which is the worst case for a budget that is spread over the day. */
  const justAfterMidnight = Date.UTC(2026, 10, 23, 0, 0, 1);
  let clock: FakeClock;
  let core: StartableCore;
  let asked: { readonly at: number; readonly path: string }[];

  beforeEach(() => {
    clock = new FakeClock(justAfterMidnight);
    asked = [];
    const world = createDemoWorld(clock);
    const quiet = () => undefined;
    const settings = parseSettings((key) => (key === "dailyCallBudget" ? 100 : undefined));
    core = createDemoCore(
      {
        ...world,
        fetch: (input, init) => {
          asked.push({ at: clock.now(), path: new URL(input instanceof Request ? input.url : input).pathname });
          return world.fetch(input, init);
        },
      },
      {
        clock,
        log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
        redactor: new Redactor(),
        settings: { current: settings, onDidChange: new Emitter<Settings>().event },
        focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
        random: () => 0,
      },
    );
    core.start();
  });

  afterEach(() => {
    core.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it("reads each car every 12 s, regardless of the time of day and the user's own call budget", async () => {
    await clock.advance(5 * minuteMs);
    const { cars } = core.carStore.current;
    assert.equal(cars.length, 5);
    for (const { vin } of cars) {
      const times = asked.flatMap(({ at, path }) => (path.includes(`/energy/v2/vehicles/${vin}`) ? [at] : []));
      assert.equal(times.length, 26, vin);
      for (const [index, at] of times.entries()) assert.equal(at - (times[0] ?? 0), index * 12 * secondMs);
    }
  });

  it("can be paused and resumed", async () => {
    await clock.advance(minuteMs);
    await core.setMode({ kind: "paused", since: clock.now() });
    const before = asked.length;
    await clock.advance(5 * minuteMs);
    assert.equal(asked.length, before);
    await core.setMode(undefined);
    await clock.advance(secondMs);
    assert.equal(asked.length, before + 5);
  });
});
