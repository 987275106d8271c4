import assert from "node:assert/strict";
import { DisposableStore } from "../../../src/base/disposable";
import { Emitter } from "../../../src/base/event";
import { viewStateOf } from "../../../src/present/viewState";
import { treeModel } from "../../../src/present/tree";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import { DemoSwitch, type StartableCore } from "../../../src/demo/demoSwitch";
import { CarStore } from "../../../src/charging/carStore";
import { vinNumber } from "../../support/builders/builders";
import { settle } from "../../support/fakeClock";

/** A core of one car that shows whether it is polling. */
class FakeCore {
  readonly carStore = new CarStore();
  readonly session = { current: { kind: "starting" as const }, onDidChange: new Emitter<unknown>().event };
  readonly history = {
    onDidChange: new Emitter<unknown>().event,
    hasHistory: false,
    lastCharge: () => undefined,
    observedFinish: () => undefined,
  };
  readonly settings: { readonly current: Settings; readonly onDidChange: Emitter<Settings>["event"] };
  readonly polling = { on: () => (this.isAsking = true), off: () => (this.isAsking = false) };
  isAsking = false;
  isDisposed = false;

  constructor(
    readonly isDemo: boolean,
    settings: FakeCore["settings"],
  ) {
    this.settings = settings;
    this.carStore.configure([{ vin: vinNumber(1), name: isDemo ? "Simulated" : "Real" }]);
  }

  start(): void {
    this.polling.on();
  }

  dispose(): void {
    this.isDisposed = true;
    this.isAsking = false;
  }

  get asCore(): StartableCore {
    return this as unknown as StartableCore;
  }
}

describe("The switch between the user's own cars and the demo", () => {
  let store: DisposableStore;
  let wish: Settings;
  let wished: Emitter<Settings>;
  let real: FakeCore;
  let demo: FakeCore;
  let starts: { readonly arrive: () => void; readonly fail: () => void }[];
  let failures: number;
  let logged: string[];
  let demoSwitch: DemoSwitch;

  beforeEach(() => {
    wish = parseSettings(() => undefined);
    wished = new Emitter();
    store = new DisposableStore();
    const settings = {
      get current() {
        return wish;
      },
      onDidChange: wished.event,
    };
    [real, demo] = [new FakeCore(false, settings), new FakeCore(true, settings)];
    [starts, failures, logged] = [[], 0, []];
    const quiet = () => undefined;
    demoSwitch = new DemoSwitch(real.asCore, {
      settings,
      createDemo: () =>
        new Promise((resolve, reject) => {
          starts.push({ arrive: () => resolve(demo.asCore), fail: () => reject(new Error("not there")) });
        }),
      demoFailed: () => failures++,
      log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: (line) => logged.push(line) },
    });
    demoSwitch.start();
  });

  afterEach(() => {
    demoSwitch.dispose();
    store.dispose();
    assert.ok(real.isDisposed);
  });

  async function want(on: boolean): Promise<void> {
    wish = { ...wish, demo: on };
    wished.fire(wish);
    await settle();
  }

  /** The view's message and the cars that are shown below it. */
  function shown(): readonly string[] {
    const { rows, message } = treeModel(viewStateOf(demoSwitch.current, 0, { language: "en" }));
    return [message, ...rows().map(({ label }) => label)];
  }

  it("shows the demo while the setting is on, and pauses polling of the own cars", async () => {
    assert.deepEqual(shown(), ["", "Real"]);
    await want(true);
    starts[0]?.arrive();
    await settle();
    assert.deepEqual(
      [shown(), real.isAsking, demo.isAsking],
      [["Demo: these cars are simulated.", "Simulated"], false, true],
    );
    await want(false);
    assert.deepEqual([shown(), real.isAsking, demo.isDisposed], [["", "Real"], true, true]);
  });

  it("does not call the own cars simulated before the demo has started", async () => {
    const labels: (readonly string[])[] = [];
    store.add(demoSwitch.onDidChange(() => labels.push(shown())));
    await want(true);
    assert.ok(labels.length > 0);
    for (const label of labels) assert.deepEqual(label, ["", "Real"]);
  });

  it("continues with the own cars if the demo cannot be started, reports that once, and can be turned on again", async () => {
    await want(true);
    starts[0]?.fail();
    await settle();
    assert.deepEqual([shown(), real.isAsking], [["", "Real"], true]);
    await want(true);
    assert.deepEqual([starts.length, failures, logged], [1, 1, ["The demo could not be started: not there"]]);
    await want(false);
    await want(true);
    starts[1]?.arrive();
    await settle();
    assert.deepEqual([shown(), real.isAsking], [["Demo: these cars are simulated.", "Simulated"], false]);
  });

  for (const outcome of ["arrive", "fail"] as const) {
    it(`keeps the own cars when the demo would ${outcome} after it was stopped`, async () => {
      await want(true);
      await want(false);
      starts[0]?.[outcome]();
      await settle();
      assert.deepEqual([shown(), real.isAsking, demo.isAsking, failures], [["", "Real"], true, false, 0]);
    });
  }
});
