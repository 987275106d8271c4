import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { createTryOut, type TryOutDeps } from "../../../src/commands/tryOut";
import { createViewState } from "../../../src/present/viewState";
import { FakeClock } from "../../support/fakeClock";
import { carOf, now, readingOf, settingsWith, viewStateOf } from "../present/viewStates";

describe("Trying newly stored credentials with Volvo", () => {
  it("reports only the newest credentials if others are stored before the result", async () => {
    editor.begin();
    const view = viewStateOf({ cars: [carOf(1, { reading: readingOf("connectedAc"), attemptedAt: now })] });
    const finishChecks: (() => void)[] = [];
    const polling = { checkDue: () => new Promise<void>((resolve) => finishChecks.push(resolve)) };
    const deps = {
      demoSwitch: { real: { session: { current: view.session }, carStore: { current: view.carStore }, polling } },
      settings: { current: settingsWith() },
      viewState: () => createViewState(view),
      clock: new FakeClock(),
    } as unknown as TryOutDeps;
    const tryOut = createTryOut(deps);
    const first = tryOut({ since: now, untried: "" });
    const second = tryOut({ since: now, untried: "" });
    await first;
    assert.deepEqual(editor.texts, [], "nothing is reported about replaced credentials");
    for (const resolve of finishChecks) resolve();
    await second;
    assert.equal(editor.texts.length, 1);
    assert.match(editor.texts.join(), /^It works\./);
  });
});
