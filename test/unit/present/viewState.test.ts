import assert from "node:assert/strict";
import { dayMs, hourMs } from "../../../src/base/clock";
import { type Account, emptyAccount } from "../../../src/charging/account";
import { vinTail } from "../../../src/charging/vin";
import { accountLabel } from "../../../src/present/accountText";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import { createViewState } from "../../../src/present/viewState";
import { carOf, chargingDetails, now, viewStateOf, readingOf } from "./viewStates";
import * as scenes from "./scenes";

const everyScene = Object.values(scenes)
  .filter((group) => !Array.isArray(group))
  .flatMap((group) => Object.values(group as scenes.Scenes))
  .filter((view) => "carStore" in view);

describe("The screen", () => {
  it("shows no full VIN in any scene", () => {
    for (const view of everyScene) {
      if (view.settings.showFullVins) continue;
      const painted = JSON.stringify([statusBar(view), tree(view)]);
      for (const { vin } of view.carStore.cars) assert.ok(!painted.includes(vin), painted);
    }
  });

  it("shows no name and no part of a VIN in presenter mode in any scene", () => {
    assert.ok(everyScene.length > 80);
    const hostile = Object.values(scenes.hostile);
    for (const view of everyScene.filter((scene) => !hostile.includes(scene))) {
      const settings = { ...view.settings, presenterMode: true, showFullVins: true };
      const presented = createViewState({ ...view, settings });
      const painted = JSON.stringify([statusBar(presented), tree(presented)]);
      for (const { vin, name, model } of view.carStore.cars) {
        assert.ok(!painted.includes(`…${vinTail(vin)}`) && !painted.includes(vin), painted);
        for (const shown of [name, model?.model]) {
          if (shown !== undefined && shown.length > 5 && shown.length < 50) assert.ok(!painted.includes(shown), shown);
        }
      }
    }
  });
});

describe("The problem of all cars", () => {
  const hold = { kind: "rateLimited", until: now + 1 } as const;
  const held = { account: { ...viewStateOf().carStore.account, hold } };
  const cars = [
    carOf(1, { reading: readingOf("connectedAc", { details: chargingDetails }), problem: { kind: "timeout" } }),
  ];

  it("is the outdated window before any other, and the last readings stay", () => {
    const carStore = { ...held, sharing: "newer" } as const;
    const view = viewStateOf({ cars, carStore, settings: { "api.baseUrl": "ftp://x" } });
    const [car] = view.cars;
    const kinds = [view.problem?.kind, car?.problem?.kind, car?.reading?.connection.value.kind];
    assert.deepEqual(kinds, ["outdatedWindow", "outdatedWindow", "connectedAc"]);
  });

  it("is a wrong setting, else missing credentials, else Volvo's wait, else the car's own problem", () => {
    const wrong = { "api.baseUrl": "ftp://x" };
    const out = { kind: "incomplete", hasApiKey: false, hasGrant: false } as const;
    const kinds = [
      viewStateOf({ cars, carStore: held, settings: wrong, session: out }),
      viewStateOf({ cars, carStore: held, session: out }),
      viewStateOf({ cars, carStore: held }),
      viewStateOf({ cars }),
    ].map((view) => view.cars[0]?.problem?.kind);
    assert.deepEqual(kinds, ["misconfigured", "apiKeyMissing", "rateLimited", "timeout"]);
  });

  it("is not the sign-in address while a test token works", () => {
    const settings = { "auth.issuer": "http://example.com" };
    const kinds = [
      viewStateOf({ settings }),
      viewStateOf({ settings, session: { kind: "incomplete", hasApiKey: true, hasGrant: false } }),
    ].map((view) => view.problem?.kind);
    assert.deepEqual(kinds, [undefined, "misconfigured"]);
  });

  it("is the problem that all cars have", () => {
    const problem = { kind: "offline", certificate: false } as const;
    const common = (...own: readonly object[]) =>
      viewStateOf({
        cars: own.map((changes, index) => carOf(index, { reading: readingOf("connectedAc"), ...changes })),
      }).problem;
    assert.deepEqual(common({ problem }, { problem: { ...problem } }), problem);
    assert.equal(common({ problem }, {}), undefined);
  });

  it("ends with Volvo's wait", () => {
    assert.equal(viewStateOf({ carStore: held }).problem?.kind, "rateLimited");
    assert.equal(viewStateOf({ carStore: held, now: now + 1 }).problem, undefined);
  });

  it("has one time for the end of the wait and for the next check", () => {
    const later = { account: { ...held.account, hold: { ...hold, until: now + 60_000 } }, nextCheckAt: now + hourMs };
    const view = viewStateOf({ cars, carStore: later });
    assert.deepEqual(view.problem, { kind: "rateLimited", until: now + hourMs });
    const item = statusBar(view);
    assert.match(item?.text ?? "", /watch\) retry in 60 min$/);
    const times: readonly string[] = item?.tooltip.replaceAll("\\", "").match(/\d+:\d\d [AP]M(?! \()/g) ?? [];
    assert.ok(times.includes("9:40 AM") && !times.includes("8:41 AM"), times.join());
  });

  it("does not move the end of Volvo's wait to the end of the user's pause", () => {
    const mode = { kind: "paused", since: now, until: now + hourMs } as const;
    const view = viewStateOf({ cars, carStore: { ...held, mode, nextCheckAt: now + hourMs } });
    assert.deepEqual(view.problem, hold);
  });

  it("stays with each car after the wait, with a clock, until a check succeeds", () => {
    const car = carOf(1, { reading: readingOf("connectedAc"), problem: hold, attemptedAt: now - 60_000 });
    const view = viewStateOf({ cars: [car], carStore: { nextCheckAt: now + 60_000 }, now: now + 60_000 });
    assert.equal(view.cars[0]?.problem?.kind, "rateLimited");
    const item = statusBar(view);
    assert.match(item?.text ?? "", /AC \$\(watch\)$/);
    assert.match(item?.tooltip ?? "", /asked us to wait\\\./);
  });

  it("is an expired test token, even while Volvo asks to wait", () => {
    const shown = (tokenRefusals: number) => {
      const account = { ...held.account, tokenRefusals };
      return [now, now + 1].map((at) => viewStateOf({ cars, carStore: { account }, now: at }).problem?.kind);
    };
    assert.deepEqual(shown(1), ["rateLimited", "timeout"]);
    assert.deepEqual(shown(2), ["tokenEnded", "tokenEnded"]);
  });

  it("is a missing token after a sign-out in another window, as if this one had no copy of the secrets", () => {
    const session = { kind: "ready", credentials: "own", account: { kind: "testToken" } } as const;
    const shown = (account: Partial<Account>, shownCars = cars) => {
      const carStore = { account: { ...emptyAccount, ...account } };
      return viewStateOf({ cars: shownCars, carStore, session }).problem?.kind;
    };
    assert.equal(shown({ signedOut: true, credentials: "own" }), "credentialsMissing");
    assert.equal(shown({ signedOut: true }), "credentialsMissing");
    assert.equal(shown({ signedOut: true, credentials: "other" }), "timeout");
    assert.equal(shown({ credentials: "own" }), "timeout");
    assert.equal(shown({ signedOut: true }, []), undefined, "connected again, but without a car yet");
  });

  it("is not a wait from before the clock was set back", () => {
    assert.equal(viewStateOf({ carStore: held, now: now - 400 * dayMs }).problem, undefined);
  });
});

describe("The shown mode", () => {
  it("disappears at its end, and if its end is too far ahead for any mode", () => {
    const mode = { kind: "paused", since: now, until: now + hourMs } as const;
    const shown = (at: number) => viewStateOf({ carStore: { mode }, now: at }).mode?.kind;
    assert.deepEqual([now, now + hourMs - 1, now + hourMs, now - 2 * dayMs].map(shown), [
      "paused",
      "paused",
      undefined,
      undefined,
    ]);
  });
});

describe("The account in the hover", () => {
  it("has no name in presenter mode", () => {
    const session = scenes.modes["signed in with Volvo ID"]!.session;
    assert.equal(accountLabel(viewStateOf({ session })), "Volvo ID a…@example.com");
    assert.equal(accountLabel(viewStateOf({ session, settings: { "privacy.presenterMode": true } })), "Volvo ID");
  });
});
