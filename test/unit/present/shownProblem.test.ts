import assert from "node:assert/strict";
import type { Problem } from "../../../src/charging/problem";
import { emptyAccount } from "../../../src/charging/account";
import { shownProblem } from "../../../src/present/shownProblem";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import type { ViewState } from "../../../src/present/viewState";
import { everyProblem } from "./scenes";
import { carOf, readingOf, viewStateOf } from "./viewStates";

/** Two cars with `problem`. Only the second one was read before. */
function viewOf(problem: Problem, changes: Parameters<typeof viewStateOf>[0] = {}): ViewState {
  const cars = [carOf(1, { problem }), carOf(2, { problem, reading: readingOf("connectedAc") })];
  return viewStateOf({ cars, ...changes });
}

function textOf(view: ViewState, index = 0) {
  const car = view.cars[index];
  assert.ok(car?.problem);
  return shownProblem(car.problem, view, car);
}

describe("A shown problem", () => {
  for (const problem of everyProblem) {
    it(`has the same sentence in the row, in the hover and for screen readers: ${Object.values(problem).join(" ")}`, () => {
      const view = viewOf(problem);
      const [own] = view.cars;
      if (!own?.problem) return;
      const { sentence } = textOf(view);
      const rows = tree(view).flatMap((row) => [row, ...row.children]);
      const shown = rows.filter(({ context }) => context === "problem").map(({ spoken }) => spoken);
      assert.ok(
        shown.some((text) => text.includes(sentence)),
        shown.join("\n"),
      );
      const item = statusBar(view);
      assert.ok(
        [sentence.replace(/\.$/, ""), "…0002"].some((part) => item?.spoken.includes(part)),
        item?.spoken,
      );
    });
  }

  it("reports a token that never worked as wrong, and any other one as expired", () => {
    const never = textOf(viewOf({ kind: "tokenEnded" }, { carStore: { account: emptyAccount } }));
    assert.deepEqual([never.sentence, never.word], ["Volvo doesn't accept the access token.", "token refused"]);
    const account = { ...emptyAccount, accepted: true } as const;
    const expired = textOf(viewOf({ kind: "tokenEnded" }, { carStore: { account } }));
    assert.notEqual(expired.sentence, never.sentence);
    assert.equal(expired.action?.command, "volvoCharging.setAccessToken");
  });

  it("suggests that the VIN of a car that was never read may be wrong, and lets the user change it", () => {
    for (const problem of [
      { kind: "notFound" },
      { kind: "notFound", market: true },
      { kind: "requestRefused" },
    ] as const) {
      const view = viewOf(problem);
      const [mistyped, known] = [textOf(view), textOf(view, 1)];
      assert.equal(mistyped.sentence, "Volvo doesn't know this VIN for your account. Check it.");
      assert.deepEqual(mistyped.action, {
        title: "Change VIN",
        command: "volvoCharging.changeVin",
        argument: view.cars[0]?.key,
      });
      assert.notEqual(known.sentence, mistyped.sentence);
    }
  });

  it("shows the VIN if the name of the car does not", () => {
    const view = viewOf({ kind: "notFound" }, { cars: [carOf(1, { name: "Saga", problem: { kind: "notFound" } })] });
    assert.equal(textOf(view).sentence, "Volvo doesn't know the VIN …0001 for your account. Check it.");
  });

  it("does not show the VIN in presenter mode", () => {
    const cars = [carOf(1, { name: "Saga", problem: { kind: "notFound" } })];
    const view = viewOf({ kind: "notFound" }, { cars, settings: { "privacy.presenterMode": true } });
    assert.equal(textOf(view).sentence, "Volvo doesn't know this VIN for your account. Check it.");
  });

  it("that all cars share is one row above them, with the command that helps", () => {
    const session = { kind: "incomplete", hasApiKey: false, hasGrant: false } as const;
    const [first, ...rest] = tree(viewOf({ kind: "timeout" }, { session }));
    assert.deepEqual(
      [first?.label, first?.description, first?.command?.command, first?.spoken],
      [
        ...["No API key", "Connect My Car", "volvoCharging.connect"],
        "Problem: No API key and no token are stored. Connect My Car",
      ],
    );
    assert.equal(rest.length, 2);
    for (const row of rest) {
      assert.ok(!row.children.some(({ context }) => context === "problem"), "no car repeats it");
    }
  });

  it("asks only for the key if a token is stored", () => {
    const session = { kind: "incomplete", hasApiKey: false, hasGrant: true } as const;
    const [first] = tree(viewOf({ kind: "timeout" }, { session }));
    assert.equal(first?.command?.command, "volvoCharging.setApiKey");
  });
});
