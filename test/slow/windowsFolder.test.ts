import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { extensionHostPids } from "../../scripts/headless/extensionHosts";
import { secondMs } from "../../src/base/clock";
import { extensionId } from "../../src/contributions";
import { minimumGapMs } from "../../src/polling/schedule";
import { MountedDisk } from "../support/disk/mountedDisk";
import { Product, SimulatorScene, until, untilAskable, vin } from "../ui/scene";
import { UiSession } from "../ui/session";

const wakeLimitMs = 10 * secondMs;
/** The last asker asks again after 60 to 66 s, another window up to 10 s later. */
const nextCheckLimitMs = 80 * secondMs;
/** Large enough to show the complete diagnostics. */
const viewport = { width: 1280, height: 1800 };

/** One car, a simulated Volvo and VS Code behind the front door. */
class Scene {
  readonly products: Product[] = [];

  private constructor(
    readonly simulator: SimulatorScene,
    readonly session: UiSession,
  ) {}

  static async start(): Promise<Scene> {
    const simulator = await SimulatorScene.start();
    const settings = {
      ...simulator.settings,
      "volvoCharging.apiVersion": "v2",
      "volvoCharging.refreshInterval": 60,
      "volvoCharging.adaptivePolling": false,
      "volvoCharging.vehicles": [{ vin, name: "Ebba" }],
    };
    const scene = new Scene(simulator, await UiSession.start({ frontDoor: true, settings }));
    scene.put("ac");
    return scene;
  }

  /** The folder that the windows share. */
  get folder(): string {
    return path.join(this.session.profile, "data", "data", "User", "globalStorage", extensionId);
  }

  /** The time of each request for the car (ms). */
  get requests(): readonly number[] {
    return this.simulator.volvo.requests.of("energy-v2").map(({ at }) => at);
  }

  put(state: "ac" | "dc"): void {
    this.simulator.volvo.car(vin).set({ state, measuredAtMs: Date.now() });
  }

  async open(): Promise<Product> {
    const product = new Product(await this.session.open({ viewport }));
    this.products.push(product);
    return product;
  }

  async connect(product: Product): Promise<void> {
    await product.connectByHand(this.simulator.volvo.issueTestToken().value);
    await shows(product, "AC");
  }

  /** Refreshes in `product` as soon as another request for the car is allowed. */
  async refresh(product: Product): Promise<void> {
    await untilAskable(this.simulator);
    await product.run("Refresh");
  }

  async allShow(word: string, limitMs?: number): Promise<void> {
    await Promise.all(this.products.map((product) => shows(product, word, limitMs)));
  }

  assertGaps(): void {
    const gaps = this.requests.slice(1).map((at, index) => at - this.requests[index]!);
    assert.ok(
      gaps.every((gapMs) => gapMs >= minimumGapMs),
      `${gaps.join()} ms between requests for the car`,
    );
  }

  /** The line about the shared folder in the diagnostics of `product`. */
  async sharing(product: Product): Promise<string> {
    const { workbench } = product;
    await product.run("Show Diagnostics");
    const line = /Windows share what they know: (.*)/;
    let found: RegExpExecArray | null = null;
    await until("the diagnostics", async () => {
      found = line.exec(await workbench.editors.text());
      return found !== null;
    });
    await workbench.run("View: Close All Editors");
    return found![1]!.trim();
  }

  /** The number of the extension's logs, one per window, that contain `text`. */
  async logsWith(text: string): Promise<number> {
    const files = (await this.session.writtenFiles()).filter((name) => name.endsWith("Volvo Charging.log"));
    const logs = await Promise.all(files.map((file) => fs.readFile(file, "utf8")));
    return logs.filter((log) => log.includes(text)).length;
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.simulator.close();
  }
}

async function shows({ item }: Product, word: string, limitMs?: number): Promise<void> {
  await item.waitFor(({ text }) => text.includes(word), limitMs);
}

type Recorded = readonly ({ readonly text: string } | undefined)[];

function assertAllShow(states: Recorded, pattern: RegExp): void {
  for (const state of states) assert.match(state?.text ?? "", pattern, JSON.stringify(states));
}

/** Fails if a state with the text `older` follows one with `newer`. */
function assertNothingOlder(states: Recorded, older: string, newer: string): void {
  const first = states.findIndex((state) => state?.text.includes(newer));
  assert.ok(first >= 0, JSON.stringify(states));
  assertAllShow(states.slice(0, first), new RegExp(older));
  assertAllShow(states.slice(first), new RegExp(newer));
}

async function keepEvidence(this: Mocha.Context): Promise<void> {
  if (this.currentTest?.state === "failed") await scene.session.keepEvidence(this.currentTest.title);
}

let scene: Scene;

describe("a window with a stopped extension host", () => {
  let stopped: Product;
  let other: Product;
  let host: number;

  before(async () => {
    scene = await Scene.start();
    stopped = await scene.open();
    [host] = (await extensionHostPids(scene.session.server.pid)) as [number];
    await scene.connect(stopped);
    other = await scene.open();
    await shows(other, "AC");
  });

  after(() => scene.close());

  afterEach(keepEvidence);

  /** Stops the host for `ms` and runs `meanwhile`. Resolves when the host runs again. */
  async function stop(ms: number, meanwhile: () => Promise<void>): Promise<void> {
    process.kill(host, "SIGSTOP");
    try {
      await Promise.all([delay(ms), meanwhile()]);
    } finally {
      process.kill(host, "SIGCONT");
    }
  }

  it("shows the other window's reading within 10 s after the stop, and nothing older after that", async () => {
    const { length } = scene.requests;
    const recorded = await stopped.item.record();
    await stop(40 * secondMs, async () => {
      scene.put("dc");
      await scene.refresh(other);
      await shows(other, "DC");
      await delay(3 * secondMs);
      await shows(stopped, "AC");
    });
    await shows(stopped, "DC", wakeLimitMs);
    assertNothingOlder(await recorded(), "AC", "DC");
    assert.equal(scene.requests.length, length + 1);
  });

  it("does the same after a stop during its own check, and ignores the late answer", async () => {
    const { length } = scene.requests;
    const recordedInOther = await other.item.record();
    const recorded = await stopped.item.record();
    // The answer says DC, and arrives 20 s later.
    scene.simulator.volvo.faults.inject({ name: "slow-20-s", times: 1 });
    await scene.refresh(stopped);
    await until("a request", () => scene.requests.length > length);
    await stop(30 * secondMs, async () => {
      scene.put("ac");
      await other.run("Refresh");
      await shows(other, "AC", 27 * secondMs);
    });
    await shows(stopped, "AC", wakeLimitMs);
    await delay(secondMs);
    for (const states of [await recorded(), await recordedInOther()]) assertNothingOlder(states, "DC", "AC");
    assert.equal(scene.requests.length, length + 2);
    scene.assertGaps();
  });

  it("does the next check after the other window is closed, and shows nothing older", async () => {
    const { length } = scene.requests;
    const recorded = await stopped.item.record();
    await other.workbench.close();
    await until("the next check", () => scene.requests.length > length, nextCheckLimitMs);
    await delay(3 * secondMs);
    assertAllShow(await recorded(), /AC/);
    assert.equal(scene.requests.length, length + 1);
    scene.assertGaps();
  });
});

describe("two windows with folders and links in place of shared files", () => {
  before(async () => {
    scene = await Scene.start();
    const { folder } = scene;
    for (const turn of ["2", "4"]) await fs.mkdir(path.join(folder, "refresh", turn), { recursive: true });
    await fs.symlink(path.join(folder, "nowhere"), path.join(folder, "refresh", "1"));
    await fs.mkdir(path.join(folder, "state.7.json"));
  });

  after(() => scene.close());

  afterEach(keepEvidence);

  it("show the car after one of them was connected", async () => {
    await scene.connect(await scene.open());
    await shows(await scene.open(), "AC");
    assert.equal(scene.requests.length, 1);
    assert.equal(await scene.logsWith("cannot be used"), 0);
  });

  it("show the next reading, and skip the turn numbers that folders occupy", async () => {
    scene.put("dc");
    await scene.refresh(scene.products[1]!);
    await scene.allShow("DC");
    const turns = (await fs.readdir(path.join(scene.folder, "refresh"))).map(Number).filter(Number.isSafeInteger);
    assert.ok(Math.max(...turns) >= 8, `turns ${turns.join()}`);
    assert.equal(scene.requests.length, 2);
    scene.assertGaps();
  });

  it("show the car after the shared folder is deleted, and the next reading after one request", async () => {
    const { length } = scene.requests;
    const recordings = await Promise.all(scene.products.map(({ item }) => item.record()));
    await fs.rm(scene.folder, { recursive: true });
    scene.put("ac");
    await until("the next check", () => scene.requests.length > length, nextCheckLimitMs);
    // A window finds the new folder at the next tick of its timer: within 15 s if it has focus.
    await scene.allShow("AC", 17 * secondMs);
    await delay(secondMs);
    for (const recorded of recordings) assertNothingOlder(await recorded(), "DC", "AC");
    assert.equal(scene.requests.length, length + 1);
    scene.assertGaps();
  });
});

describe("two windows on a small disk", () => {
  const notShared = "no, the folder cannot be used";
  let disk: MountedDisk | undefined;
  let freeSpace: () => void;
  let first: Product;
  let second: Product;

  before(async function () {
    scene = await Scene.start();
    disk = await MountedDisk.mount(scene.folder, 32);
    if (disk) return;
    console.log("    skipped: this system does not allow mounting a disk");
    this.skip();
  });

  after(async () => {
    for (const { workbench } of scene.products) await workbench.close();
    await disk?.unmount();
    await scene.close();
  });

  afterEach(keepEvidence);

  it("show the car while it is full, and report that each asks on its own", async () => {
    freeSpace = disk!.fill();
    await assert.rejects(fs.writeFile(path.join(scene.folder, "more"), "more"), /ENOSPC/);
    first = await scene.open();
    await scene.connect(first);
    second = await scene.open();
    await shows(second, "AC");
    for (const product of [first, second]) assert.equal(await scene.sharing(product), notShared);
    assert.equal(await scene.logsWith("The shared folder cannot be used, so this window asks on its own"), 2);
    assert.equal(scene.requests.length, 2);
  });

  it("share readings again once there is space", async () => {
    freeSpace();
    await assertShared("dc");
  });

  it("show the car while it is read-only, and report that each asks on its own", async () => {
    await disk!.allowWrites(false);
    const { length } = scene.requests;
    scene.put("ac");
    await scene.refresh(first);
    await shows(first, "AC");
    await second.run("Refresh");
    await shows(second, "AC");
    for (const product of [first, second]) assert.equal(await scene.sharing(product), notShared);
    assert.equal(scene.requests.length, length + 2);
  });

  it("share readings again once it is writable", async () => {
    await disk!.allowWrites(true);
    await assertShared("dc");
  });

  async function assertShared(state: "ac" | "dc"): Promise<void> {
    const { length } = scene.requests;
    scene.put(state);
    await scene.refresh(first);
    await scene.allShow(state.toUpperCase());
    assert.equal(await scene.sharing(first), "yes");
    assert.equal(scene.requests.length, length + 1);
  }
});
