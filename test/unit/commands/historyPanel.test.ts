import assert from "node:assert/strict";
import { editor, StandInPanel } from "../../support/product/standInEditor";
import type * as vscode from "vscode";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { carKey } from "../../../src/charging/carKey";
import { HistoryPanel } from "../../../src/commands/historyPanel";
import type { CarHistory } from "../../../src/history/model";
import { type PageContent } from "../../../src/historyPage/content";
import { parseContent } from "../../../src/historyPage/parseContent";
import { RecordingLog } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { commuterHistory } from "../../support/history/commuter";
import { carOf, viewStateOf, vinOf } from "../present/viewStates";

const today = Date.UTC(2026, 10, 28);
const earlier = { kind: "step", by: -1 };
const keys = [carKey(vinOf(1)), carKey(vinOf(2))] as const;

describe("the panel of the history", () => {
  let clock: FakeClock;
  let log: RecordingLog;
  let changed: Emitter<void>;
  let histories: readonly CarHistory[];
  let isPresenting: boolean;
  let pinned: number | undefined;
  let panel: HistoryPanel;
  let fail: Error | undefined;

  beforeEach(() => {
    editor.begin();
    clock = new FakeClock(today + 12 * hourMs + minuteMs / 2);
    log = new RecordingLog();
    changed = new Emitter<void>();
    histories = keys.map(() => commuterHistory(today, 20));
    isPresenting = false;
    pinned = undefined;
    fail = undefined;
    panel = new HistoryPanel({
      ...{ clock, log, demoSwitch: { onDidChange: changed.event } },
      history: () => ({ read: () => (fail ? Promise.reject(fail) : Promise.resolve(histories)) }),
      viewState: () =>
        viewStateOf({
          cars: [carOf(1, { name: "Elsa" }), carOf(2, { name: "Olaf" })],
          settings: {
            "privacy.presenterMode": isPresenting,
            ...(pinned !== undefined && { "statusBar.vehicle": vinOf(pinned) }),
          },
          now: clock.now(),
        }),
    });
  });

  const page = () => editor.panels.at(-1)!;
  /** The content of the page, which accepts valid content only. */
  const shown = (): PageContent => parseContent(page().received.at(-1))!;

  async function say(message: unknown): Promise<void> {
    page().post(message);
    await clock.advance(1);
  }

  async function open(argument?: string): Promise<void> {
    await panel.show(argument);
    await say({ kind: "ready" });
  }

  it("exists once per window: a second command brings it to the front, with the requested car", async () => {
    await open();
    assert.equal(shown().view.car, keys[0]);
    await panel.show(keys[1]);
    assert.deepEqual([editor.panels.length, page().reveals], [1, 1]);
    assert.equal(shown().view.car, keys[1]);
    await panel.show(undefined);
    assert.equal(shown().view.car, keys[1], "without a requested car it keeps its car");
    page().dispose();
    await open();
    assert.equal(editor.panels.length, 2, "a new one after it was closed");
  });

  it("opens with the car that the status-bar item shows", async () => {
    pinned = 2;
    await open();
    assert.equal(shown().view.car, keys[1]);
    pinned = 1;
    changed.fire();
    await clock.advance(secondMs);
    assert.equal(shown().view.car, keys[1], "an open panel keeps its car");
    for (const change of [{ kind: "unit", unit: "day" }, earlier, earlier]) await say(change);
    assert.equal(shown().range, "Thursday, November 26, 2026");
    page().dispose();
    await open();
    assert.equal(shown().view.car, keys[0]);
    assert.equal(shown().range, "Saturday, November 28, 2026", "of the same length, but the present");
  });

  it("opens with a day while only today is recorded, and keeps the range from then on, as one that was chosen", async () => {
    histories = keys.map(() => ({ ...commuterHistory(today, 20), keptSince: today + hourMs }));
    await open();
    assert.equal(shown().range, "Saturday, November 28, 2026");
    histories = keys.map(() => commuterHistory(today, 20));
    changed.fire();
    await clock.advance(secondMs);
    assert.equal(shown().view.unit, "day", "an open panel keeps its range");
    await say({ kind: "unit", unit: "month" });
    page().dispose();
    histories = keys.map(() => ({ ...commuterHistory(today, 20), keptSince: today + hourMs }));
    await open();
    assert.equal(shown().view.unit, "month");
  });

  it("sends nothing before its page is loaded, and everything again after the page is reloaded", async () => {
    await panel.show(undefined);
    changed.fire();
    await clock.advance(secondMs);
    assert.deepEqual(page().received, []);
    await say({ kind: "ready" });
    await say({ kind: "ready" });
    assert.equal(page().received.length, 2);
  });

  it("follows the page's requests and ignores all other messages", async () => {
    await open();
    await say({ kind: "unit", unit: "month" });
    assert.equal(shown().range, "November 2026");
    const { length } = page().received;
    for (const message of [null, "show", { kind: "unit", unit: "year" }, { kind: "command", id: "x" }]) {
      await say(message);
    }
    assert.equal(page().received.length, length);
    assert.deepEqual(editor.executed, []);
    await say({ kind: "openSetting" });
    assert.deepEqual(editor.executed, ["workbench.action.openSettings"]);
  });

  it("keeps the last chosen car if the next change is made before the answer has arrived", async () => {
    await open();
    for (const change of [{ kind: "car", car: keys[1] }, earlier, { kind: "unit", unit: "day" }]) page().post(change);
    await clock.advance(1);
    assert.deepEqual([shown().view.car, shown().range], [keys[1], "Saturday, November 21, 2026"]);
  });

  it("steps neither before the first row nor past the present, even if the steps follow each other quickly", async () => {
    await open();
    for (let step = 0; step < 9; step++) page().post(earlier);
    await clock.advance(1);
    assert.deepEqual([shown().range, shown().hasEarlier], ["November 8 – 14, 2026", false]);
    for (let step = 0; step < 9; step++) page().post({ kind: "step", by: 1 });
    await clock.advance(1);
    assert.deepEqual([shown().range, shown().hasLater], ["November 22 – 28, 2026", false]);
  });

  it("is restored after a reload with its car and its range", async () => {
    const kept = new StandInPanel("volvoCharging.history");
    editor.panels.push(kept);
    panel.restore(kept as unknown as vscode.WebviewPanel, { car: keys[1], unit: "day", at: today - 1, page: 0 });
    await say({ kind: "ready" });
    assert.deepEqual([shown().view.car, shown().range], [keys[1], "Friday, November 27, 2026"]);
    panel.restore(new StandInPanel("volvoCharging.history") as unknown as vscode.WebviewPanel, "damaged");
    assert.ok(kept.isDisposed, "one panel a window");
  });

  it("follows the cars, and sends nothing without a change or while it is hidden", async () => {
    await open();
    changed.fire();
    await clock.advance(secondMs);
    assert.equal(page().received.length, 1);
    isPresenting = true;
    changed.fire();
    changed.fire();
    await clock.advance(secondMs);
    assert.deepEqual(
      shown().cars.map(({ name }) => name),
      ["Car 1", "Car 2"],
    );
    assert.doesNotMatch(JSON.stringify(shown()), /Elsa|Olaf/);
    assert.equal(page().received.length, 2);
    page().setVisible(false);
    isPresenting = false;
    changed.fire();
    await clock.advance(secondMs);
    assert.equal(page().received.length, 2);
  });

  it("leaves nothing running after it is closed", async () => {
    await open();
    changed.fire();
    page().dispose();
    assert.equal(clock.pendingTimers, 0);
    changed.fire();
    assert.equal(clock.pendingTimers, 0);
  });

  it("loads files from its own folder only, and logs the reason if the history cannot be shown", async () => {
    await open();
    assert.deepEqual(page().webview.options, {
      enableScripts: true,
      localResourceRoots: ["/extension/dist/historyPage"],
    });
    assert.match(page().webview.html, /default-src 'none'/);
    fail = new Error("no such folder");
    await say({ kind: "ready" });
    assert.match(JSON.stringify(log.lines), /could not be shown: no such folder/);
  });
});
