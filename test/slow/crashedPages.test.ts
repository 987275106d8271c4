import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { extensionHostPids } from "../../scripts/headless/extensionHosts";
import { secondMs } from "../../src/base/clock";
import { until } from "../ui/scene";
import { assertCostOfOne, FrontDoorWindows } from "./frontDoorWindows";

/** Crashes a page: it unloads nothing, and its extension host waits for it to return. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

describe("windows whose pages crashed while their extension hosts run on", () => {
  let windows: FrontDoorWindows;

  before(async () => {
    windows = await FrontDoorWindows.start();
    await windows.open();
    await windows.connect();
  });

  after(() => windows.close());

  it("hand the checks over to the remaining window, at the cost of one window", async () => {
    const { session } = windows;
    const crashedAsker = await windows.lastAsker();
    const remaining = windows.products.find((product) => product !== crashedAsker)!;
    const { length } = await extensionHostPids(session.server.pid);
    const before = windows.requests.length;
    // A window whose page crashed may send one more request before it detects that VS Code does not respond.
    const limitMs = windows.dueAt() + 66 * secondMs + 30 * secondMs - Date.now();
    for (const { workbench } of windows.products.filter((product) => product !== remaining))
      await crash(workbench.page);
    windows.products = [remaining];
    const isTakenOver = async () => (await windows.askersFrom(before)).has(remaining);
    await until("a request of the remaining window", isTakenOver, limitMs);
    assert.equal((await extensionHostPids(session.server.pid)).length, length);
    const takenOver = windows.requests.length - 1;
    const asked = () => windows.requests.slice(takenOver);
    await until("two requests for each car", () => asked().length >= 4, 160 * secondMs);
    assertCostOfOne(asked());
    assert.deepEqual([...(await windows.askersFrom(takenOver))], [remaining]);
    await windows.untilAllShow("AC", secondMs);
  });
});
