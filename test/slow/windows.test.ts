import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { minuteMs, secondMs } from "../../src/base/clock";
import { extensionId } from "../../src/contributions";
import { until, untilAskable, vins } from "../ui/scene";
import { assertCostOfOne, FrontDoorWindows } from "./frontDoorWindows";

const [first, second] = vins;

describe("three windows of one user, behind the front door", () => {
  let windows: FrontDoorWindows;
  let killedAt: number;

  before(async () => {
    windows = await FrontDoorWindows.start();
    await windows.open();
  });

  after(() => windows.close());

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await windows.session.keepEvidence(this.currentTest.title);
  });

  /** The extension's files on disk. */
  async function ownFiles(): Promise<readonly string[]> {
    const folder = path.join("globalStorage", extensionId) + path.sep;
    return (await windows.session.writtenFiles()).filter((file) => file.includes(folder));
  }

  it("have no files and send no requests before they are set up", async () => {
    await windows.products[0]!.item.waitFor(({ text }) => text.includes("Set Up"));
    await delay(6 * secondMs);
    assert.deepEqual(await ownFiles(), []);
    assert.deepEqual(windows.requests, []);
  });

  it("all show the reading of the window with the pasted token", async () => {
    await windows.connect();
    assert.equal(windows.requests.length, 2, "opening a window causes no request for a fresh reading");
  });

  it("send as many requests in two minutes as one window", async () => {
    const before = windows.requests.length;
    await delay(2 * minuteMs);
    const calls = windows.requests.length - before;
    assert.ok(calls >= 2 && calls <= 4, `${calls} calls for two cars, every 60 to 66 s`);
    assertCostOfOne(windows.requests);
  });

  it("all show within two seconds the result of a refresh in a window that has not asked before", async () => {
    const { volvo, products } = windows;
    assert.ok(!(await windows.askersFrom(0)).has(products[2]!));
    await untilAskable({ volvo });
    for (const vin of [first, second]) volvo.car(vin).set({ state: "dc", measuredAtMs: Date.now() });
    const before = windows.requests.length;
    await products[2]!.run("Refresh");
    await windows.untilAllShow("DC", 2 * secondMs);
    assert.equal(windows.requests.length, before + 2);
  });

  it("ask at most 30 s after the check is due if the last asker's extension host is killed", async () => {
    const before = windows.requests.length;
    const limitMs = windows.dueAt() + 30 * secondMs - Date.now();
    killedAt = Date.now();
    const pid = await windows.killLastAsker();
    await until("the next request", () => windows.requests.length > before, limitMs);
    assert.notEqual(await windows.senders[before], pid);
  });

  it("show a later fault once", async () => {
    const { volvo, products } = windows;
    // The killed host restarts and may become the asker. Its first reading is no event.
    const isAsked = (vin: string) => windows.requests.some((request) => request.vin === vin && request.at > killedAt);
    await until("a check of both cars", () => isAsked(first) && isAsked(second), 90 * secondMs);
    volvo.car(second).set({ state: "fault", measuredAtMs: Date.now() });
    await windows.untilAllShow("Fault", 80 * secondMs);
    await delay(3 * secondMs);
    const told = products.flatMap(({ workbench }, index) =>
      workbench.notifications
        .shown()
        .filter(({ message }) => message.includes("fault"))
        .map(({ message }) => ({ index, message })),
    );
    assert.deepEqual(
      told.map(({ message }) => message),
      ["Sixten reports a fault with the charging connection."],
    );
    const { notifications } = products[told[0]!.index]!.workbench;
    await notifications.click("Sixten reports a fault", "Show Car");
    await products[told[0]!.index]!.tree.row("Sixten").waitFor(({ description }) => description.startsWith("Fault"));
  });
});
