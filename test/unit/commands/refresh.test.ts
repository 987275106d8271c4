import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { createRefresh } from "../../../src/commands/refresh";
import type { Problem } from "../../../src/charging/problem";
import type { DemoSwitch } from "../../../src/demo/demoSwitch";
import type { RefreshOutcome } from "../../../src/polling/polling";
import { apiOrigin } from "../../support/auth/world";
import { CommandScene } from "../../support/product/commandScene";
import { turnWith } from "../../support/turn";
import { carOf, now, readingOf, viewStateOf } from "../present/viewStates";

describe("The manual refresh", () => {
  it("retries with a sign-in that Volvo has refused even after a renewal", async () => {
    const vin = "YV1S1MEX30A000001";
    const scene = new CommandScene(
      { vehicles: [vin] },
      { signIn: {}, cars: [{ vin, model: "EX30", modelYear: 2025 }] },
    );
    await scene.start();
    const held = await scene.session.authorize(apiOrigin, turnWith());
    assert.ok("accessToken" in held);
    scene.session.refusedAgain(held);
    await scene.auth.clock.advance(20_000);
    const asked = () => scene.auth.volvo.requests.of("energy-v2").length;
    assert.deepEqual([scene.session.current.kind, asked()], ["stopped", 1]);
    const refresh = createRefresh(scene.demoSwitch, () => scene.viewState);
    await scene.auth.after(refresh());
    assert.deepEqual([scene.session.current.kind, asked()], ["ready", 2]);
    scene.close();
  });

  it("names a car only where not all of them have the problem, or where the sentence is about a car", async () => {
    const offline: Problem = { kind: "timeout" };
    const messageAfter = async (problems: readonly (Problem | undefined)[]) => {
      editor.begin();
      const reading = readingOf("connectedAc");
      const cars = problems.map((problem, index) => carOf(index + 1, { reading, ...(problem && { problem }) }));
      const outcome = { kind: "checked", vins: cars.map(({ vin }) => vin) } as const;
      const polling = { refresh: () => Promise.resolve(outcome) };
      const demoSwitch = { current: { session: { tryAgain: () => undefined }, polling } } as unknown as DemoSwitch;
      await createRefresh(demoSwitch, () => viewStateOf({ cars }))();
      return editor.texts[0];
    };
    const sentence = await messageAfter([offline]);
    assert.equal(await messageAfter([offline, offline]), sentence);
    assert.equal(await messageAfter([undefined, offline]), `Volvo …0002: ${sentence ?? ""}`);
    const foreign: Problem = { kind: "forbidden", what: "car" };
    assert.match((await messageAfter([foreign])) ?? "", /^Volvo …0001: This car doesn't belong/);
  });

  it("reports a problem without a remedy in a message that disappears by itself, with the time of the next check", async () => {
    const after = async (outcome: RefreshOutcome, cars = [carOf(1, { reading: readingOf("connectedAc") })]) => {
      editor.begin();
      const polling = { refresh: () => Promise.resolve(outcome) };
      const demoSwitch = { current: { session: { tryAgain: () => undefined }, polling } } as unknown as DemoSwitch;
      await createRefresh(demoSwitch, () => viewStateOf({ cars }))();
      assert.deepEqual(editor.texts, []);
      return editor.statusBar[0];
    };
    const problem: Problem = { kind: "serviceUnavailable", cause: "error", status: 503 };
    const cars = [carOf(1, { reading: readingOf("connectedAc"), problem })];
    assert.equal(
      await after({ kind: "checked", vins: cars.map(({ vin }) => vin) }, cars),
      "$(warning) Volvo's service reported an error (HTTP 503). Next check 8:44 AM",
    );
    const hold = { kind: "rateLimited", until: now + 60_000 } as const;
    assert.equal(await after({ kind: "held", hold }), "$(warning) Volvo asked us to wait until 8:41 AM.");
  });
});
