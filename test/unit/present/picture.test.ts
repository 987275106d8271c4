import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs } from "../../../src/base/clock";
import { vinTail } from "../../../src/charging/vin";
import { accountLabel, carNames, carViews, commonProblem, vinText } from "../../../src/present/picture";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import { carOf, chargingDetails, now, pictureOf, readingOf, settingsWith } from "./pictures";
import * as scenes from "./scenes";

const everyScene = Object.values(scenes)
  .filter((group) => !Array.isArray(group))
  .flatMap((group) => Object.values(group as scenes.Scenes))
  .filter((picture) => "garage" in picture);

const someName = fc.oneof(
  fc.constantFrom("Volvo", "EX30 2024", "", "Volvo …1234", "Volvo …1234 (2)", "x".repeat(80), "سيارة"),
  fc.string(),
);
const someCars = fc.uniqueArray(
  fc.record({ tail: fc.integer({ min: 0, max: 99_999 }), name: fc.option(someName), model: fc.option(someName) }),
  { selector: ({ tail }) => tail, maxLength: 15 },
);

describe("the names of cars", () => {
  it("are never equal, in full and shortened", () => {
    fc.assert(
      fc.property(someCars, fc.boolean(), (given, showFullVins) => {
        const cars = given.map(({ tail, name, model }) =>
          carOf(tail, { ...(name !== null && { name }), ...(model !== null && { model: { model, year: 2024 } }) }),
        );
        const settings = settingsWith({ "privacy.showFullVins": showFullVins });
        for (const longest of [60, 24]) assert.equal(new Set(carNames(cars, settings, longest)).size, cars.length);
      }),
    );
  });

  it("hold no whole VIN unless the user asks for it", () => {
    const cars = [carOf(1234), carOf(5678, { name: "EX30" })];
    assert.deepEqual(carNames(cars, settingsWith()), ["Volvo …1234", "EX30"]);
    const full = settingsWith({ "privacy.showFullVins": true });
    assert.deepEqual(carNames(cars, full), ["Volvo YV1TEST0000001234", "EX30"]);
    assert.equal(vinText(cars[0]!, full), "YV1TEST0000001234");
  });
});

describe("what is on the screen", () => {
  it("holds no whole VIN, in any scene, in any member", () => {
    for (const picture of everyScene) {
      if (picture.settings.showFullVins) continue;
      const painted = JSON.stringify([statusBar(picture), tree(picture)]);
      for (const { vin } of picture.garage.cars) assert.ok(!painted.includes(vin), painted);
    }
  });

  it("holds no name and no part of a VIN in presenter mode, in any scene, in any member", () => {
    assert.ok(everyScene.length > 80);
    const hostile = Object.values(scenes.hostile);
    for (const picture of everyScene.filter((scene) => !hostile.includes(scene))) {
      const presented = { ...picture, settings: { ...picture.settings, presenterMode: true, showFullVins: true } };
      const painted = JSON.stringify([statusBar(presented), tree(presented)]);
      for (const { vin, name, model } of picture.garage.cars) {
        assert.ok(!painted.includes(`…${vinTail(vin)}`) && !painted.includes(vin), painted);
        for (const told of [name, model?.model]) {
          if (told !== undefined && told.length > 5 && told.length < 50) assert.ok(!painted.includes(told), told);
        }
      }
    }
  });
});

describe("the problem of all cars", () => {
  const hold = { kind: "rateLimited", until: now + 1 } as const;
  const held = { account: { ...pictureOf().garage.account, hold } };
  const cars = [
    carOf(1, { reading: readingOf("connectedAc", { details: chargingDetails }), problem: { kind: "timeout" } }),
  ];

  it("is a setting before credentials before Volvo's limits before the car's own", () => {
    const wrong = { "api.baseUrl": "ftp://x" };
    const out = { kind: "incomplete", hasApiKey: false, hasGrant: false } as const;
    const kinds = [
      pictureOf({ cars, garage: held, settings: wrong, session: out }),
      pictureOf({ cars, garage: held, session: out }),
      pictureOf({ cars, garage: held }),
      pictureOf({ cars }),
    ].map((picture) => carViews(picture)[0]?.problem?.kind);
    assert.deepEqual(kinds, ["misconfigured", "apiKeyMissing", "rateLimited", "timeout"]);
  });

  it("is no address for signing in while a test token works", () => {
    const settings = { "auth.issuer": "http://example.com" };
    const kinds = [
      pictureOf({ cars, settings }),
      pictureOf({ cars, settings, session: { kind: "incomplete", hasApiKey: true, hasGrant: false } }),
    ].map((picture) => commonProblem(picture)?.kind);
    assert.deepEqual(kinds, [undefined, "misconfigured"]);
  });

  it("is over when Volvo's limit is", () => {
    assert.equal(commonProblem(pictureOf({ garage: held }))?.kind, "rateLimited");
    assert.equal(commonProblem(pictureOf({ garage: held, now: now + 1 })), undefined);
  });

  it("is a pasted token that is asked with no more, whatever the last batch said besides", () => {
    const shown = (tokenRefusals: number) => {
      const account = { ...held.account, tokenRefusals };
      return [now, now + 1].map((at) => commonProblem(pictureOf({ cars, garage: { account }, now: at }))?.kind);
    };
    assert.deepEqual(shown(1), ["rateLimited", undefined]);
    assert.deepEqual(shown(2), ["tokenEnded", "tokenEnded"]);
  });

  it("is no limit that was told by a clock which has been set back since", () => {
    assert.equal(commonProblem(pictureOf({ garage: held, now: now - 400 * dayMs })), undefined);
  });
});

describe("the account in the hover", () => {
  it("has no name in presenter mode", () => {
    const session = scenes.modes["signed in with Volvo ID"]!.session;
    assert.equal(accountLabel(pictureOf({ session })), "Volvo ID a…@example.com");
    assert.equal(accountLabel(pictureOf({ session, settings: { "privacy.presenterMode": true } })), "Volvo ID");
  });
});
