import assert from "node:assert/strict";
import type { SessionState } from "../../../src/auth/sessionState";
import { menuSession } from "../../../src/present/accountsMenu";
import { AuthWorld } from "../../support/auth/world";

describe("The Accounts menu", () => {
  it("shows the account without its token and full e-mail address", async () => {
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

  it("keeps an ended sign-in, so that the user can sign out, and labels one without a name like the provider", () => {
    const account = { kind: "volvoId", signInId: "s", label: "", scopes: [], signedInAt: 0, refreshedAt: 0 } as const;
    const ended: SessionState = { kind: "stopped", cause: "signInEnded", account };
    assert.equal(menuSession(ended)?.account.label, "Volvo ID");
  });

  it("shows nothing for a test token", () => {
    assert.equal(menuSession({ kind: "ready", credentials: "c", account: { kind: "testToken" } }), undefined);
    assert.equal(menuSession({ kind: "starting" }), undefined);
  });
});
