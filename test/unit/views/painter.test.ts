import assert from "node:assert/strict";
import type { SessionState } from "../../../src/auth/sessionState";
import { Emitter } from "../../../src/base/event";
import type { Core } from "../../../src/core";
import type { Picture } from "../../../src/present/picture";
import { parseSettings } from "../../../src/settings";
import { Garage } from "../../../src/sync/garage";
import type { ContextKeys } from "../../../src/views/contextKeys";
import { Painter } from "../../../src/views/painter";
import type { StatusBarView } from "../../../src/views/statusBarView";
import type { TreeView } from "../../../src/views/treeView";
import { readingOf, vinNumber } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";

describe("The painter", () => {
  const vins = Array.from({ length: 12 }, (_, index) => vinNumber(index + 1));
  let clock: FakeClock;
  let garage: Garage;
  let painted: (readonly string[])[];
  let painter: Painter;

  beforeEach(() => {
    clock = new FakeClock();
    garage = new Garage();
    garage.configure(vins.map((vin) => ({ vin })));
    painted = [];
    const session: SessionState = { kind: "ready", credentials: "", account: { kind: "testToken" } };
    const settings = parseSettings((key) => (key === "vehicles" ? vins : undefined));
    const picture = (): Picture => ({
      garage: garage.current,
      session,
      settings,
      now: clock.now(),
      locale: { language: "en" },
    });
    const ports = {
      clock,
      picture,
      focus: { isFocused: false },
      own: { session: { current: session }, settings: { current: settings } } as unknown as Core,
      statusBar: { show: () => undefined } as unknown as StatusBarView,
      tree: {
        show: ({ rows }: Parameters<TreeView["show"]>[0]) => painted.push(rows.map(({ spoken }) => spoken)),
      } as unknown as TreeView,
      keys: { set: () => undefined } as unknown as ContextKeys,
    };
    painter = new Painter(ports, [garage.onDidChange, new Emitter<void>().event]);
    painted.length = 0;
  });

  afterEach(() => {
    painter.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  async function answerAll(everyMs: number): Promise<void> {
    garage.started(vins);
    await clock.advance(0);
    for (const vin of vins) {
      garage.attempted(vin, clock.now());
      await clock.advance(everyMs);
      garage.succeeded(vin, readingOf("connectedAc", clock.now()));
      await clock.advance(0);
    }
    garage.finished(vins);
    await clock.advance(0);
  }

  it("paints the beginning and the end of a check at once, and not each of the answers in between", async () => {
    await answerAll(0);
    assert.equal(painted.length, 2);
    assert.ok(painted.at(-1)?.every((spoken) => spoken.includes("AC")));
  });

  it("lets one watch a check that takes its time", async () => {
    await answerAll(150);
    assert.ok(painted.length >= vins.length, `${painted.length} paintings`);
  });

  it("keeps no answer back for more than 100 ms", async () => {
    const [first = vinNumber(1)] = vins;
    garage.started(vins);
    await clock.advance(0);
    garage.succeeded(first, readingOf("connectedAc", clock.now()));
    await clock.advance(0);
    assert.equal(painted.length, 1);
    await clock.advance(100);
    assert.equal(painted.length, 2);
    assert.match(painted[1]?.[0] ?? "", /AC/);
  });

  it("paints each change at once while nothing is being asked for", async () => {
    for (const [index, vin] of vins.entries()) {
      garage.succeeded(vin, readingOf("connectedDc", clock.now()));
      await clock.advance(0);
      assert.equal(painted.length, index + 1);
    }
  });
});
