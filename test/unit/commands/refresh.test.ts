import assert from "node:assert/strict";
import "../../support/product/standInEditor";
import { createRefresh } from "../../../src/commands/refresh";
import { apiOrigin } from "../../support/auth/world";
import { CommandScene } from "../../support/product/commandScene";
import { turnWith } from "../../support/turn";

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
});
