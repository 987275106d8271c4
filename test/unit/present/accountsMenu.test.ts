import assert from "node:assert/strict";
import type { SessionState } from "../../../src/auth/sessionState";
import { menuSession } from "../../../src/present/accountsMenu";
import { AuthWorld } from "../../support/authWorld";

describe("the Accounts menu", () => {
  it("shows who is signed in and gives away neither token nor e-mail address", async () => {
    const world = new AuthWorld();
    world.signIn();
    const { session } = await world.opened();
    const shown = menuSession(session.current);
    assert.deepEqual(shown, {
      id: "the-sign-in",
      accessToken: "",
      account: { id: "the-sign-in", label: "d…@example.com" },
      scopes: ["openid", "conve:vehicle_relation", "energy:state:read"],
    });
    await session.signOut();
    assert.equal(menuSession(session.current), undefined);
  });

  it("keeps a sign-in that has ended, so that it can be signed out, and calls one without a name by the provider's", () => {
    const account = { kind: "volvoId", signInId: "s", label: "", scopes: [], signedInAt: 0, refreshedAt: 0 } as const;
    const ended: SessionState = { kind: "stopped", cause: "signInEnded", account };
    assert.equal(menuSession(ended)?.account.label, "Volvo ID");
  });

  it("has nothing to show for a test token", () => {
    assert.equal(menuSession({ kind: "ready", credentials: "c", account: { kind: "testToken" } }), undefined);
    assert.equal(menuSession({ kind: "starting" }), undefined);
  });
});
