import assert from "node:assert/strict";
import type { SessionState } from "../../../src/auth/sessionState";
import { Emitter } from "../../../src/base/event";
import type { Core } from "../../../src/core/core";
import { createViewState } from "../../../src/present/viewState";
import { parseSettings } from "../../../src/settings/settings";
import { CarStore } from "../../../src/charging/carStore";
import type { ContextKeys } from "../../../src/views/contextKeys";
import { Painter } from "../../../src/views/painter";
import type { StatusBarView } from "../../../src/views/statusBarView";
import type { TreeView } from "../../../src/views/treeView";
import { readingOf, vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";

describe("The painter", () => {
  const vins = Array.from({ length: 12 }, (_, index) => vinNumber(index + 1));
  let clock: FakeClock;
  let carStore: CarStore;
  let painted: (readonly string[])[];
  let items: string[];
  let painter: Painter;
  let focus: { isFocused: boolean };
  let session: SessionState;
  let focusChanged: Emitter<void>;

  beforeEach(() => {
    clock = new FakeClock();
    carStore = new CarStore();
    carStore.configure(vins.map((vin) => ({ vin })));
    painted = [];
    items = [];
    focus = { isFocused: false };
    focusChanged = new Emitter();
    session = { kind: "ready", credentials: "", account: { kind: "testToken" } };
    const settings = parseSettings((key) => (key === "vehicles" ? vins : undefined));
    const viewState = () =>
      createViewState({
        carStore: carStore.current,
        session,
        settings,
        now: clock.now(),
        locale: { language: "en" },
      });
    const ports = {
      clock,
      viewState,
      isChecking: () => carStore.current.checking.length > 0,
      focus,
      own: {
        session: { current: session },
        settings: { current: settings },
        carStore,
      } as unknown as Core,
      statusBar: {
        show: (item: Parameters<StatusBarView["show"]>[0]) =>
          items.push(item ? `${item.text}${item.tooltip === undefined ? "" : ", with hover"}` : "none"),
      } as unknown as StatusBarView,
      tree: {
        show: ({ rows }: Parameters<TreeView["show"]>[0]) =>
          painted.push(rows().map(({ spoken, description = "" }) => `${spoken} | ${description}`)),
      } as unknown as TreeView,
      keys: { set: () => undefined } as unknown as ContextKeys,
    };
    painter = new Painter(ports, [carStore.onDidChange, focusChanged.event]);
  });

  /** Skips the first paintings of a window. */
  async function pastTheStart(): Promise<void> {
    focusChanged.fire();
    await clock.advance(100);
    painted.length = 0;
  }

  afterEach(() => {
    painter.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  async function answerAll(everyMs: number): Promise<void> {
    carStore.started(vins, 0);
    await clock.advance(0);
    for (const vin of vins) {
      carStore.attempted(vin, clock.now());
      await clock.advance(everyMs);
      carStore.succeeded(vin, readingOf("connectedAc", clock.now()));
      await clock.advance(0);
    }
    carStore.finished(vins);
    await clock.advance(0);
  }

  it("assigns nothing before there is a change, and everything with the first one", async () => {
    const [first = vinNumber(1)] = vins;
    await clock.advance(1_000);
    assert.deepEqual([items, painted], [[], []]);
    carStore.succeeded(first, readingOf("connectedAc", clock.now()));
    await clock.advance(0);
    assert.deepEqual([items.length, painted.length], [1, 1]);
    assert.match(items[0] ?? "", / AC .*\+11, with hover$/);
  });

  it("paints everything at once without cars", async () => {
    carStore.configure([]);
    await clock.advance(0);
    assert.equal(painted.length, 1);
    assert.match(items.join(), /^\$\(volvo-charging-car\) Add Your Volvo, with hover$/);
  });

  it("paints everything after each later change", async () => {
    await pastTheStart();
    carStore.configure(vins.map((vin) => ({ vin })));
    await clock.advance(0);
    assert.equal(painted.length, 1);
  });

  it("paints the beginning and the end of a check at once, but not each answer in between", async () => {
    await pastTheStart();
    await answerAll(0);
    assert.equal(painted.length, 2);
    assert.ok(painted.at(-1)?.every((spoken) => spoken.includes("AC")));
  });

  it("shows the progress of a slow check", async () => {
    await pastTheStart();
    await answerAll(150);
    assert.ok(painted.length >= vins.length, `${painted.length} paintings`);
  });

  it("delays no answer by more than 100 ms", async () => {
    await pastTheStart();
    const [first = vinNumber(1)] = vins;
    carStore.started(vins, 0);
    await clock.advance(0);
    carStore.succeeded(first, readingOf("connectedAc", clock.now()));
    await clock.advance(0);
    assert.equal(painted.length, 1);
    await clock.advance(100);
    assert.equal(painted.length, 2);
    assert.match(painted[1]?.[0] ?? "", /AC/);
  });

  it("paints each change at once while there is no check", async () => {
    await pastTheStart();
    for (const [index, vin] of vins.entries()) {
      carStore.succeeded(vin, readingOf("connectedDc", clock.now()));
      await clock.advance(0);
      assert.equal(painted.length, index + 1);
    }
  });

  describe("between changes", () => {
    const [first = vinNumber(1)] = vins;
    const age = () => / \| .*?(\d+ min ago|just now)/.exec(painted.at(-1)?.at(-1) ?? "")?.[1];

    beforeEach(async () => {
      await pastTheStart();
      carStore.configure([{ vin: first }]);
      const at = clock.now() - 30_000;
      carStore.succeeded(first, readingOf("connectedAc", at, { fetchedAt: at }));
      focus.isFocused = true;
      focusChanged.fire();
      await clock.advance(0);
      painted.length = 0;
    });

    it("repaints a focused window exactly when a shown age changes", async () => {
      await clock.advance(29_999);
      assert.equal(painted.length, 0);
      await clock.advance(1);
      assert.deepEqual([painted.length, age()], [1, "1 min ago"]);
      await clock.advance(3 * 60_000);
      assert.deepEqual([painted.length, age()], [4, "4 min ago"]);
    });

    it("keeps the ages in the rows up to date while the item shows an invitation", async () => {
      session = { kind: "incomplete", hasApiKey: true, hasGrant: false };
      await clock.advance(90_000);
      assert.deepEqual([painted.length, age()], [2, "2 min ago"]);
    });

    it("repaints a window without focus every five minutes, and catches up once it has focus again", async () => {
      focus.isFocused = false;
      focusChanged.fire();
      await clock.advance(0);
      painted.length = 0;
      await clock.advance(5 * 60_000 - 1);
      assert.equal(painted.length, 0);
      await clock.advance(1);
      assert.deepEqual([painted.length, age()], [1, "5 min ago"]);
      await clock.advance(2 * 60_000);
      focus.isFocused = true;
      focusChanged.fire();
      await clock.advance(0);
      assert.deepEqual([painted.length, age()], [2, "7 min ago"]);
    });

    it("starts no timer if no car has an age to show", async () => {
      carStore.configure([{ vin: vinNumber(2) }]);
      await clock.advance(0);
      assert.equal(clock.pendingTimers, 0);
    });
  });
});
