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

describe("The progress of setting up", () => {
  const states: readonly (readonly [string, SessionState, boolean, boolean])[] = [
    ["VS Code has not answered yet", { kind: "starting" }, false, false],
    ["the credentials are lost", { kind: "unavailable", cause: "lost" }, false, false],
    ["nothing is stored", { kind: "incomplete", hasApiKey: false, hasGrant: false }, false, false],
    ["the API key is stored", { kind: "incomplete", hasApiKey: true, hasGrant: false }, true, false],
    ["the token is stored", { kind: "incomplete", hasApiKey: false, hasGrant: true }, false, true],
    ["both are stored", ready, true, true],
    ["the sign-in has ended", { kind: "stopped", cause: "signInEnded", account: volvoId }, true, false],
  ];
  for (const [what, session, hasApiKey, signedIn] of states) {
    it(`is known when ${what}`, () => {
      assert.deepEqual(setUpState(session, settingsWith()), { hasApiKey, signedIn, hasCars: false });
    });
  }

  it("includes the cars in the settings", () => {
    assert.ok(setUpState(ready, settingsWith({ vehicles: [vinOf(1234)] })).hasCars);
  });
});
