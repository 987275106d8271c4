import * as l10n from "@vscode/l10n";
import assert from "node:assert/strict";
import { dayMs } from "../../../src/base/clock";
import { tree } from "../../../src/present/tree";
import { createViewState } from "../../../src/present/viewState";
import { carOf, now, viewStateOf } from "./viewStates";

const account = {
  kind: "volvoId",
  label: "d…@example.com",
  signInId: "1",
  scopes: ["openid"],
  signedInAt: now - 10 * dayMs,
  refreshedAt: now - 60_000,
} as const;

describe("The account row", () => {
  const rowOf = (changes: object, settings: object = {}) => {
    const base = viewStateOf({
      cars: [carOf(1)],
      session: { kind: "ready", credentials: "c", account: { ...account, ...changes } },
    });
    return tree(createViewState({ ...base, settings: { ...base.settings, ...settings } })).at(-1);
  };

  it("shows the signed-in account and the conditions under which it stays signed in", () => {
    const row = rowOf({});
    assert.equal(row?.label, "Account");
    assert.equal(
      row.description,
      "Signed in as d…@example.com; lasts as long as you open VS Code at least once a week",
    );
    assert.equal(row.spoken, `Account: ${row.description}`);
    assert.equal(row.context, "account");
  });

  it("uses the colon of the display language in its screen-reader label", () => {
    l10n.config({ contents: { "{0}: {1}": "{0} : {1}" } });
    try {
      assert.match(rowOf({})?.spoken ?? "", /^Account : Signed in/);
    } finally {
      l10n.config({ contents: {} });
    }
  });

  it("shows the end of the sign-in when it is near", () => {
    assert.match(
      rowOf({ signedInAt: now - 175 * dayMs })?.description ?? "",
      /^Signed in as d…@example\.com until \w+ \d+, 20\d\d/,
    );
  });

  it("shows no name in presenter mode", () => {
    assert.equal(
      rowOf({}, { presenterMode: true })?.description,
      "Signed in with Volvo ID; lasts as long as you open VS Code at least once a week",
    );
  });

  it("is absent with a test token, without cars, and after the sign-in has ended", () => {
    const isThere = (view: Parameters<typeof tree>[0]) => tree(view).some(({ id }) => id === "account");
    assert.equal(isThere(viewStateOf({ cars: [carOf(1)] })), false);
    assert.equal(isThere(viewStateOf({ cars: [], session: { kind: "ready", credentials: "c", account } })), false);
    const stopped = { kind: "stopped", cause: "signInEnded", account } as const;
    assert.equal(isThere(viewStateOf({ cars: [carOf(1)], session: stopped })), false);
  });
});
