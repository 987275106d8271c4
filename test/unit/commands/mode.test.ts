import assert from "node:assert/strict";
import { editor, type Shown } from "../../support/product/standInEditor";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { modeCommands } from "../../../src/commands/mode";
import type { Core } from "../../../src/core/core";
import { createViewState } from "../../../src/present/viewState";
import { CarStore } from "../../../src/charging/carStore";
import { type Mode, nextMorning } from "../../../src/charging/mode";
import { RecordingLog, vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { ready, settingsWith } from "../present/viewStates";

describe("The commands that pause the checks and watch the cars closely", () => {
  let clock: FakeClock;
  let log: RecordingLog;
  let carStore: CarStore;
  let commands: ReturnType<typeof modeCommands>;
  /** The error with which setting the mode fails, if any. */
  let failure: Error | undefined;
  let picked: string | undefined;

  beforeEach(() => {
    editor.begin();
    clock = new FakeClock();
    log = new RecordingLog();
    carStore = new CarStore();
    carStore.configure([{ vin: vinNumber(1) }]);
    failure = undefined;
    picked = undefined;
    // The user thinks for a minute. A mode begins when it is chosen.
    editor.answer = async ({ kind, items }: Shown) => {
      if (kind !== "pick") return items[0];
      await clock.advance(minuteMs);
      return picked;
    };
    const setMode = (mode: Mode | undefined) => {
      if (failure) return Promise.reject(failure);
      carStore.modeChanged(mode);
      return Promise.resolve();
    };
    const viewState = () =>
      createViewState({
        carStore: carStore.current,
        session: ready,
        settings: settingsWith({ vehicles: [vinNumber(1)] }),
        now: clock.now(),
        locale: { language: "en", timeZone: "UTC" },
      });
    const demoSwitch = { current: { carStore, setMode } as unknown as Core };
    commands = modeCommands({ demoSwitch, viewState, clock, log });
  });

  async function pause(duration: string): Promise<Mode | undefined> {
    picked = duration;
    await commands.pausePolling();
    return carStore.current.mode;
  }

  it("pause for an hour from the moment of the choice, until tomorrow morning, or until resumed", async () => {
    const since = clock.now() + minuteMs;
    assert.deepEqual(await pause("For 1 hour"), { kind: "paused", since, until: since + hourMs });
    assert.deepEqual(editor.shown[0]?.items, ["For 1 hour", "Until tomorrow morning", "Until resumed"]);
    assert.deepEqual(await pause("Until tomorrow morning"), {
      kind: "paused",
      since: clock.now(),
      until: nextMorning(clock.now()),
    });
    assert.deepEqual(await pause("Until resumed"), { kind: "paused", since: clock.now() });
    assert.equal(editor.statusBar[0], "$(debug-pause) Paused until 9:01 AM");
    assert.match(editor.statusBar[1] ?? "", /^\$\(debug-pause\) Paused until /);
    assert.equal(editor.statusBar[2], "$(debug-pause) Checking paused");
  });

  it("watch closely for one or four hours, in place of a pause", async () => {
    await pause("Until resumed");
    picked = "For 4 hours";
    await commands.watchClosely();
    const since = clock.now();
    assert.deepEqual(carStore.current.mode, { kind: "closely", since, until: since + 4 * hourMs });
    assert.deepEqual(editor.shown[1]?.items, ["For 1 hour", "For 4 hours"]);
    assert.equal(editor.statusBar[1], "$(eye) Watching closely until 12:02 PM");
  });

  it("end either mode, and report if there is none to end", async () => {
    await pause("For 1 hour");
    await commands.resumePolling();
    picked = "For 1 hour";
    await commands.watchClosely();
    await commands.resumePolling();
    assert.equal(carStore.current.mode, undefined);
    await commands.resumePolling();
    const confirmations = editor.statusBar.filter((text) => text.startsWith("$(check)"));
    const resumed = "$(check) Checking as usual";
    assert.deepEqual(confirmations, [resumed, resumed, "$(check) Checking isn't paused"]);
  });

  it("change nothing if the user chooses nothing", async () => {
    await commands.pausePolling();
    await commands.watchClosely();
    assert.equal(carStore.current.mode, undefined);
    assert.deepEqual(editor.statusBar, []);
  });

  it("show one sentence with a link to the log if the mode cannot be shared with the other windows", async () => {
    failure = new Error("EROFS");
    await pause("For 1 hour");
    assert.equal(carStore.current.mode, undefined);
    assert.deepEqual(editor.texts.slice(1), ["This couldn't be saved for all windows, so nothing has changed."]);
    assert.deepEqual(editor.executed, ["volvoCharging.showLog"]);
    assert.deepEqual([editor.statusBar, log.lines], [[], ["warn The mode could not be changed: EROFS"]]);
  });

  it("ask nothing without a car, nor in an outdated window, which they offer to reload", async () => {
    carStore.configure([]);
    await pause("For 1 hour");
    carStore.configure([{ vin: vinNumber(1) }]);
    carStore.sharingChanged("newer");
    await commands.watchClosely();
    assert.deepEqual(editor.texts, [
      "There is no car to check yet.",
      "Another window is running a newer version of this extension. Reload this window.",
    ]);
    assert.deepEqual(editor.executed, ["_volvoCharging.reloadWindow"]);
    assert.equal(carStore.current.mode, undefined);
  });
});
