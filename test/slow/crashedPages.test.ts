import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { extensionHostPids } from "../../scripts/headless/extensionHosts";
import { secondMs } from "../../src/base/clock";
import { until } from "../ui/scene";
import { assertCostOfOne, FrontDoorWindows } from "./frontDoorWindows";

/** Ends a page as a crash does: nothing is unloaded, and its extension host waits for it to come back. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

describe("windows of which the pages are gone and the extension hosts are not", () => {
  let windows: FrontDoorWindows;

  before(async () => {
    windows = await FrontDoorWindows.start();
    await windows.open();
    await windows.connect();
  });

  after(() => windows.close());

  it("leave the checks to the one that is left, which costs what one costs", async () => {
    const { session } = windows;
    const gone = await windows.lastAsker();
    const left = windows.products.find((product) => product !== gone)!;
    const { length } = await extensionHostPids(session.server.pid);
    const before = windows.requests.length;
    // A window of which the page is gone may ask once more before VS Code was found to give no answer.
    const limitMs = windows.dueAt() + 66 * secondMs + 30 * secondMs - Date.now();
    for (const { workbench } of windows.products.filter((product) => product !== left)) await crash(workbench.page);
    windows.products = [left];
    const isTakenOver = async () => (await windows.askersFrom(before)).has(left);
    await until("a request of the window that is left", isTakenOver, limitMs);
    assert.equal((await extensionHostPids(session.server.pid)).length, length);
    const takenOver = windows.requests.length - 1;
    const asked = () => windows.requests.slice(takenOver);
    await until("two requests for each car", () => asked().length >= 4, 160 * secondMs);
    assertCostOfOne(asked());
    assert.deepEqual([...(await windows.askersFrom(takenOver))], [left]);
    await windows.untilAllShow("AC", secondMs);
  });
});
