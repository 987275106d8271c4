import assert from "node:assert/strict";
import type { EndedVolvoIdGrant, VolvoIdGrant } from "../../../src/auth/credentials";
import {
  type Block,
  clientFor,
  deriveSession,
  hasApiKey,
  hasArrived,
  isSignedIn,
  newerGrant,
  type SessionState,
  usableFor,
} from "../../../src/auth/sessionState";

const addresses = { origin: "https://api.volvo.test", issuer: "https://id.volvo.test" };
const elsewhere = { origin: "https://api.elsewhere.test", issuer: "https://id.elsewhere.test" };
const grant: VolvoIdGrant = {
  kind: "volvoId",
  issuer: addresses.issuer,
  clientId: "id",
  clientSecret: "a-client-secret",
  signInId: "one",
  generation: 1,
  origin: addresses.origin,
  signedInAt: 1,
  refreshedAt: 1,
  scopes: ["openid"],
  label: "",
  accessToken: "an-access-token",
  expiresAt: 2,
  refreshToken: "a-refresh-token",
};
const { accessToken: _, refreshToken: __, expiresAt: ___, ...client } = grant;
const ended: EndedVolvoIdGrant = { ...client, kind: "volvoIdEnded" };
const apiKey = { origin: addresses.origin, value: "an-api-key" };

describe("the stored client secret", () => {
  it("is available only for the issuer for which it was entered", () => {
    for (const stored of [grant, ended]) {
      assert.equal(clientFor({ grant: stored }, addresses)?.clientSecret, "a-client-secret");
      for (const issuer of [elsewhere.issuer, `${addresses.issuer}.elsewhere.test`, "", undefined]) {
        assert.equal(clientFor({ grant: stored }, { ...addresses, issuer }), undefined);
      }
    }
    const pasted = { kind: "testToken", origin: addresses.origin, accessToken: "a-token" } as const;
    assert.equal(clientFor({ grant: pasted }, addresses), undefined);
    assert.equal(clientFor({}, addresses), undefined);
  });
});

describe("of two copies of a sign-in", () => {
  it("the newer one counts, and what is stored where neither is newer or it is another sign-in", () => {
    const newer = { ...grant, generation: 2 };
    assert.equal(newerGrant(newer, grant), newer);
    assert.equal(newerGrant(grant, newer), newer);
    const stored = { ...newer, label: "stored" };
    assert.equal(newerGrant(newer, stored), stored);
    const another = { ...grant, signInId: "another" };
    assert.equal(newerGrant(newer, another), another);
    for (const loaded of [ended, undefined]) assert.equal(newerGrant(newer, loaded), loaded);
  });

  it("the one that was missing has arrived with its generation, and not with an older one", () => {
    const block: Block = { cause: "signedInElsewhere", olderThan: 2 };
    assert.equal(hasArrived({ ...grant, generation: 2 }, block), true);
    for (const found of [grant, undefined]) assert.equal(hasArrived(found, block), false);
    const pasted = { kind: "testToken", origin: addresses.origin, accessToken: "a-token" } as const;
    assert.equal(hasArrived(pasted, block), false);
    assert.equal(hasArrived({ ...grant, generation: 9 }, { cause: "signInEnded", refused: "once" }), false);
  });
});

describe("a stored API key", () => {
  it("counts only for the origin for which it was entered", () => {
    const stored = { apiKey, grant };
    assert.equal(deriveSession(stored, addresses, undefined).kind, "ready");
    assert.deepEqual(usableFor(stored, addresses), { apiKey, grant });
    for (const origin of [elsewhere.origin, "http://api.volvo.test", "https://api.volvo.test:8443", ""]) {
      const moved = { apiKey: { ...apiKey, origin }, grant };
      assert.deepEqual(deriveSession(moved, addresses, undefined), {
        kind: "incomplete",
        hasApiKey: false,
        hasGrant: true,
      });
      assert.deepEqual(usableFor(moved, addresses), { kind: "apiKeyMissing" });
      assert.deepEqual(deriveSession({ apiKey: moved.apiKey }, addresses, undefined), {
        kind: "incomplete",
        hasApiKey: false,
        hasGrant: false,
      });
    }
  });
});

describe("a stored grant", () => {
  it("counts only for the origin and the issuer for which it was made", () => {
    for (const changed of [{ origin: elsewhere.origin }, { issuer: elsewhere.issuer }]) {
      const stored = { apiKey, grant: { ...grant, ...changed } };
      assert.deepEqual(deriveSession(stored, addresses, undefined), {
        kind: "incomplete",
        hasApiKey: true,
        hasGrant: false,
      });
      assert.deepEqual(usableFor(stored, addresses), { kind: "credentialsMissing" });
    }
  });
});

describe("a session", () => {
  const account = { kind: "testToken" } as never;
  const incomplete = (hasKey: boolean, hasGrant: boolean): SessionState => ({
    ...{ kind: "incomplete", hasApiKey: hasKey, hasGrant },
  });
  const ready: SessionState = { kind: "ready", credentials: "1", account };
  const stopped: SessionState = { kind: "stopped", cause: "signInEnded", account };
  const unavailable: SessionState = { kind: "unavailable", cause: "noAnswer" };

  it("has an API key even if only the grant is missing", () => {
    const states = [incomplete(true, false), incomplete(false, true), ready, stopped, unavailable];
    assert.deepEqual(states.map(hasApiKey), [true, false, true, true, false]);
  });

  it("is signed in even if only the API key is missing", () => {
    const states = [incomplete(true, false), incomplete(false, true), ready, stopped, unavailable];
    assert.deepEqual(states.map(isSignedIn), [false, true, true, false, false]);
  });

  it("has another fingerprint for another key or another grant", () => {
    const pasted = { kind: "testToken", origin: addresses.origin, accessToken: "a" } as const;
    const named = [
      { apiKey, grant },
      { apiKey, grant: { ...grant, signInId: "two" } },
      { apiKey: { ...apiKey, value: "another" }, grant },
      { apiKey, grant: pasted },
      { apiKey, grant: { ...pasted, accessToken: "b" } },
      { apiKey: { ...apiKey, value: "another" }, grant: pasted },
    ].map((stored) => {
      const state = deriveSession(stored, addresses, undefined);
      assert.ok(state.kind === "ready");
      return state.credentials;
    });
    assert.equal(new Set(named).size, named.length);
    const renewed = deriveSession(
      { apiKey, grant: { ...grant, generation: 2, accessToken: "new" } },
      addresses,
      undefined,
    );
    assert.ok(renewed.kind === "ready");
    assert.equal(renewed.credentials, named[0], "a renewal keeps the fingerprint");
  });
});
