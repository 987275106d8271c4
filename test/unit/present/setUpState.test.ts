import assert from "node:assert/strict";
import type { SessionState } from "../../../src/auth/sessionState";
import { setUpState } from "../../../src/present/setUpState";
import { ready, settingsWith, vinOf } from "./viewStates";

const volvoId = {
  kind: "volvoId",
  signInId: "s",
  label: "",
  scopes: [],
  signedInAt: 0,
  refreshedAt: 0,
} as const;

describe("how far setting up has come", () => {
  const states: readonly (readonly [string, SessionState, boolean, boolean])[] = [
    ["VS Code has not told yet", { kind: "starting" }, false, false],
    ["the secrets are lost", { kind: "unavailable", cause: "lost" }, false, false],
    ["nothing is there", { kind: "incomplete", hasApiKey: false, hasGrant: false }, false, false],
    ["the key is there", { kind: "incomplete", hasApiKey: true, hasGrant: false }, true, false],
    ["the token is there", { kind: "incomplete", hasApiKey: false, hasGrant: true }, false, true],
    ["both are there", ready, true, true],
    ["the sign-in has ended", { kind: "stopped", cause: "signInEnded", account: volvoId }, true, false],
  ];
  for (const [what, session, hasApiKey, signedIn] of states) {
    it(`is known when ${what}`, () => {
      assert.deepEqual(setUpState(session, settingsWith()), { hasApiKey, signedIn, hasCars: false });
    });
  }

  it("counts the cars of the settings", () => {
    assert.ok(setUpState(ready, settingsWith({ vehicles: [vinOf(1234)] })).hasCars);
  });
});
