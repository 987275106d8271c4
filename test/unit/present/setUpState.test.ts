import assert from "node:assert/strict";
import type { SessionState } from "../../../src/auth/sessionState";
import { setUpState } from "../../../src/present/setUpState";
import { emptyAccount } from "../../../src/charging/account";
import { carOf, readingOf, ready, settingsWith, vinOf } from "./viewStates";

const volvoId = {
  kind: "volvoId",
  signInId: "s",
  label: "",
  scopes: [],
  signedInAt: 0,
  refreshedAt: 0,
} as const;

const unread = { account: emptyAccount, cars: [] };
const read = {
  account: { ...emptyAccount, accepted: true },
  cars: [carOf(1234, { reading: readingOf("connectedAc") })],
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
    it(`is known when ${what}, and counts what Volvo has accepted`, () => {
      const { keyWorks, signInWorks } = setUpState(session, settingsWith(), read);
      assert.deepEqual([keyWorks, signInWorks], [hasApiKey, signedIn]);
      const untried = setUpState(session, settingsWith(), unread);
      assert.deepEqual(untried, {
        signedIn,
        hasCars: false,
        keyWorks: false,
        signInWorks: false,
        carWasRead: false,
      });
    });
  }

  it("takes a sign-in with Volvo ID for one that works, since Volvo has just given it", () => {
    const session = { kind: "ready", credentials: "c", account: volvoId } as const;
    assert.deepEqual([setUpState(session, settingsWith(), unread).signInWorks], [true]);
  });

  it("includes the cars in the settings, and whether one was read", () => {
    const settings = settingsWith({ vehicles: [vinOf(1234)] });
    assert.ok(setUpState(ready, settings, unread).hasCars);
    assert.ok(!setUpState(ready, settings, unread).carWasRead);
    assert.ok(setUpState(ready, settings, read).carWasRead);
  });
});
