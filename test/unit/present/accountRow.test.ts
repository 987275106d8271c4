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
    assert.equal(row.description, "Volvo ID d…@example.com", "short enough for a side bar of ordinary width");
    const lasts = "Signed in with Volvo ID; lasts as long as you open VS Code at least once a week";
    assert.equal(row.spoken, `Account: Volvo ID d…@example.com. ${lasts}`);
    assert.match(row.tooltip.replaceAll("&nbsp;", " "), /once a week\n\nSigned in until .+ if VS Code stays closed$/);
    assert.equal(row.context, "account");
  });

  it("uses the colon of the display language in its screen-reader label", () => {
    l10n.config({ contents: { "{0}: {1}": "{0} : {1}" } });
    try {
      assert.match(rowOf({})?.spoken ?? "", /^Account : Volvo ID/);
    } finally {
      l10n.config({ contents: {} });
    }
  });

  it("shows the end of the sign-in when it is near", () => {
    const row = rowOf({ signedInAt: now - 175 * dayMs });
    assert.match(row?.description ?? "", /^until \w+ \d+, 20\d\d · Volvo ID d…@example\.com$/);
    assert.match(row?.spoken ?? "", /\. Signed in with Volvo ID until \w+ \d+, 20\d\d$/);
  });

  it("shows no name in presenter mode", () => {
    const row = rowOf({}, { presenterMode: true });
    assert.equal(row?.description, "Volvo ID");
    assert.doesNotMatch(row.spoken + row.tooltip, /example/);
  });

  it("is absent with a test token, without cars, and after the sign-in has ended", () => {
    const isThere = (view: Parameters<typeof tree>[0]) => tree(view).some(({ id }) => id === "account");
    assert.equal(isThere(viewStateOf({ cars: [carOf(1)] })), false);
    assert.equal(isThere(viewStateOf({ cars: [], session: { kind: "ready", credentials: "c", account } })), false);
    const stopped = { kind: "stopped", cause: "signInEnded", account } as const;
    assert.equal(isThere(viewStateOf({ cars: [carOf(1)], session: stopped })), false);
  });
});
