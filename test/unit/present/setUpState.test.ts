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
  const states: readonly (readonly [what: string, session: SessionState, keyStored: boolean, signedIn: boolean])[] = [
    ["VS Code has not answered yet", { kind: "starting" }, false, false],
    ["the credentials are lost", { kind: "unavailable", cause: "lost" }, false, false],
    ["nothing is stored", { kind: "incomplete", hasApiKey: false, hasGrant: false }, false, false],
    ["the API key is stored", { kind: "incomplete", hasApiKey: true, hasGrant: false }, true, false],
    ["the token is stored", { kind: "incomplete", hasApiKey: false, hasGrant: true }, false, true],
    ["both are stored", ready, true, true],
    ["the sign-in has ended", { kind: "stopped", cause: "signInEnded", account: volvoId }, true, false],
  ];
  for (const [what, session, keyStored, signedIn] of states) {
    it(`confirms exactly the stored credentials after an accepted request when ${what}`, () => {
      const { keyWorks, signInWorks } = setUpState(session, settingsWith(), read);
      assert.deepEqual([keyWorks, signInWorks], [keyStored, signedIn]);
    });

    it(`confirms none of them before the first request when ${what}`, () => {
      assert.deepEqual(setUpState(session, settingsWith(), unread), {
        signedIn,
        hasCars: false,
        keyWorks: false,
        signInWorks: false,
        carWasRead: false,
      });
    });
  }

  it("confirms a Volvo ID sign-in at once, because Volvo has just issued it", () => {
    const session = { kind: "ready", credentials: "c", account: volvoId } as const;
    assert.equal(setUpState(session, settingsWith(), unread).signInWorks, true);
  });

  it("shows whether the settings contain cars, and whether one was read", () => {
    const settings = settingsWith({ vehicles: [vinOf(1234)] });
    assert.ok(setUpState(ready, settings, unread).hasCars);
    assert.ok(!setUpState(ready, settings, unread).carWasRead);
    assert.ok(setUpState(ready, settings, read).carWasRead);
  });
});
