import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "../../src/base/clock";
import { carList, redirectUri, scope, SimulatorWorld, v2State, verifier } from "./simulatorWorld";

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
  readonly token_type: string;
}

const invalidGrant = { error_description: "unknown, invalid, or expired refresh token", error: "invalid_grant" };

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")) as Record<string, unknown>;
}

describe("the simulated Volvo ID", () => {
  let world: SimulatorWorld;

  beforeEach(async () => {
    world = await SimulatorWorld.start();
  });

  afterEach(() => world.close());

  /** Parameters of the redirect returned by the authorization endpoint. */
  async function redirected(changes: Readonly<Record<string, string | null>> = {}): Promise<Record<string, string>> {
    const response = await world.get(world.authorizePath(changes));
    assert.equal(response.status, 302);
    const url = new URL(response.headers.get("location") ?? "");
    assert.equal(url.origin + url.pathname, redirectUri);
    return Object.fromEntries(url.searchParams);
  }

  async function errorOf(response: Response): Promise<readonly [number, unknown]> {
    return [response.status, ((await response.json()) as { error: unknown }).error];
  }

  function kinds(): readonly string[] {
    return world.volvo.volvoId.events.map(({ kind }) => kind);
  }

  describe("on its sign-in page", () => {
    async function press(decision: string): Promise<Response> {
      const page = await (await world.get(world.authorizePath())).text();
      const action = /action="([^"]+)"/.exec(page)?.[1] ?? "";
      assert.match(page, /<button[^>]*>Sign in<\/button>\s*<button[^>]*>Cancel<\/button>/);
      return world.post(action, { decision });
    }

    it("returns the code and the state after Sign in", async () => {
      const location = new URL((await press("sign-in")).headers.get("location") ?? "");
      assert.equal(location.searchParams.get("state"), "the-state");
      const response = await world.exchange(location.searchParams.get("code") ?? "");
      assert.equal(response.status, 200);
    });

    it("returns access_denied after Cancel", async () => {
      const location = new URL((await press("cancel")).headers.get("location") ?? "");
      assert.equal(location.searchParams.get("error"), "access_denied");
      assert.equal(location.searchParams.get("state"), "the-state");
      assert.equal(location.searchParams.get("code"), null);
    });

    it("accepts one click, and none after ten minutes", async () => {
      const action = /action="([^"]+)"/.exec(await (await world.get(world.authorizePath())).text())?.[1] ?? "";
      assert.equal((await world.post(action, { decision: "sign-in" })).status, 302);
      assert.match(await (await world.post(action, { decision: "sign-in" })).text(), /Invalid Session/);
      const late = /action="([^"]+)"/.exec(await (await world.get(world.authorizePath())).text())?.[1] ?? "";
      await world.clock.advance(10 * minuteMs);
      assert.match(await (await world.post(late, { decision: "sign-in" })).text(), /Invalid Session/);
    });

    it("shows an error without a redirect for an unknown client or redirect URI", async () => {
      for (const changes of [{ client_id: "dc-unknown" }, { redirect_uri: `${redirectUri}/` }]) {
        const response = await world.get(world.authorizePath(changes));
        assert.equal(response.status, 400);
        assert.equal(response.headers.get("location"), null);
      }
    });

    it("requires PKCE with S256", async () => {
      const missing = await redirected({ code_challenge: null });
      assert.deepEqual(
        [missing["error"], missing["error_description"]],
        ["invalid_request", "code_challenge is required"],
      );
      assert.equal((await redirected({ code_challenge_method: "plain" }))["error"], "invalid_request");
      assert.equal((await redirected({ code_challenge_method: null }))["error"], "invalid_request");
    });

    it("refuses the whole sign-in for one unapproved scope, and names it", async () => {
      const refusal = await redirected({ scope: `${scope} energy:secret` });
      assert.equal(refusal["error"], "invalid_scope");
      assert.match(refusal["error_description"] ?? "", /energy:secret/);
    });

    it("can respond without a page", async () => {
      world.volvo.volvoId.decision = "access_denied";
      assert.equal((await redirected())["error"], "access_denied");
      world.volvo.volvoId.decision = "invalid_scope";
      assert.equal((await redirected())["error"], "invalid_scope");
      world.volvo.volvoId.decision = "approve";
      assert.ok((await redirected())["code"]);
    });
  });

  describe("for an authorization code", () => {
    it("issues Volvo-like tokens that open the granted APIs for 299 seconds", async () => {
      const response = await world.exchange(await world.code());
      const tokens = (await response.json()) as Tokens;
      assert.deepEqual(Object.keys(tokens), ["access_token", "expires_in", "id_token", "refresh_token", "token_type"]);
      assert.deepEqual([tokens.expires_in, tokens.token_type], [299, "Bearer"]);
      assert.equal(claimsOf(tokens.id_token)["email"], "driver@example.com");
      assert.deepEqual(claimsOf(tokens.access_token)["scope"], scope.split(" "));
      const authorization = `Bearer ${tokens.access_token}`;
      assert.equal((await world.get(v2State, { authorization })).status, 200);
      await world.clock.advance(299 * secondMs - 1);
      assert.equal((await world.get(v2State, { authorization })).status, 200);
      await world.clock.advance(1);
      assert.equal((await world.get(v2State, { authorization })).status, 401);
    });

    it("grants no more than was requested", async () => {
      const code = await world.code({ scope: "openid energy:state:read" });
      const tokens = (await (await world.exchange(code)).json()) as Tokens;
      const authorization = `Bearer ${tokens.access_token}`;
      assert.equal((await world.get(v2State, { authorization })).status, 200);
      assert.equal((await world.get(carList, { authorization })).status, 403);
    });

    it("accepts a code once and for one minute", async () => {
      const code = await world.code();
      assert.equal((await world.exchange(code)).status, 200);
      assert.deepEqual(await errorOf(await world.exchange(code)), [400, "invalid_grant"]);
      assert.deepEqual(kinds(), ["signed-in", "code-reused"]);
      const late = await world.code();
      await world.clock.advance(minuteMs);
      assert.deepEqual(await errorOf(await world.exchange(late)), [400, "invalid_grant"]);
    });

    it("requires the challenge's verifier and the same redirect URI", async () => {
      const other = verifier.replace("a-", "b-");
      assert.deepEqual(await errorOf(await world.exchange(await world.code(), { code_verifier: other })), [
        400,
        "invalid_grant",
      ]);
      assert.deepEqual(await errorOf(await world.exchange(await world.code(), { code_verifier: "" })), [
        400,
        "invalid_request",
      ]);
      assert.deepEqual(await errorOf(await world.exchange(await world.code(), { redirect_uri: "http://localhost/" })), [
        400,
        "invalid_grant",
      ]);
    });

    it("accepts client credentials by Basic authentication or form, and no other client", async () => {
      const { clientId, clientSecret } = world.volvo.volvoId.options;
      const token = (form: Record<string, string>, authorization?: string) =>
        fetch(`${world.origin}/as/token.oauth2`, {
          method: "POST",
          headers: authorization === undefined ? {} : { authorization },
          body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: "unknown", ...form }),
        });
      const known = [400, "invalid_grant"];
      const unknown = [401, "invalid_client"];
      assert.deepEqual(await errorOf(await token({}, world.basic)), known);
      assert.deepEqual(await errorOf(await token({ client_id: clientId, client_secret: clientSecret })), known);
      assert.deepEqual(await errorOf(await token({ client_id: clientId, client_secret: "wrong" })), unknown);
      assert.deepEqual(await errorOf(await token({ client_id: clientId })), unknown);
      assert.deepEqual(await errorOf(await token({}, `Basic ${btoa(`${clientId}:wrong`)}`)), unknown);
      const unencoded = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
      assert.deepEqual(await errorOf(await token({}, unencoded)), unknown);
    });
  });

  describe("for a refresh token", () => {
    it("rotates it: the old one is invalid at once, and its reuse is detected", async () => {
      const first = world.volvo.volvoId.signIn();
      const second = (await (await world.refresh(first.refresh_token)).json()) as Tokens;
      assert.notEqual(second.refresh_token, first.refresh_token);
      const reuse = await world.refresh(first.refresh_token);
      assert.equal(reuse.status, 400);
      assert.deepEqual(await reuse.json(), invalidGrant);
      assert.deepEqual(kinds(), ["signed-in", "refreshed", "refresh-token-reused"]);
      assert.equal((await world.refresh(second.refresh_token)).status, 200);
    });

    it("accepts only one of several concurrent requests", async () => {
      const { refresh_token } = world.volvo.volvoId.signIn();
      const answers = await Promise.all(Array.from({ length: 5 }, () => world.refresh(refresh_token)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400, 400]);
    });

    it("refuses it after seven days without use", async () => {
      const { refresh_token } = world.volvo.volvoId.signIn();
      await world.clock.advance(7 * dayMs - 1);
      const { refresh_token: next } = (await (await world.refresh(refresh_token)).json()) as Tokens;
      await world.clock.advance(7 * dayMs);
      assert.deepEqual(await (await world.refresh(next)).json(), invalidGrant);
      assert.deepEqual(kinds(), ["signed-in", "refreshed", "refresh-token-idle"]);
    });

    it("refuses it half a year after the sign-in, even with regular use", async () => {
      let { refresh_token } = world.volvo.volvoId.signIn();
      for (let day = 0; day < 182; day += 7 - 1) {
        const response = await world.refresh(refresh_token);
        assert.equal(response.status, 200, `after ${day} days`);
        ({ refresh_token } = (await response.json()) as Tokens);
        await world.clock.advance(6 * dayMs);
      }
      assert.deepEqual(await (await world.refresh(refresh_token)).json(), invalidGrant);
      assert.equal(kinds().at(-1), "grant-ended");
    });

    it("does not widen the scopes", async () => {
      const { refresh_token } = world.volvo.volvoId.signIn(["openid", "energy:state:read"]);
      const form = { grant_type: "refresh_token", refresh_token, scope: "openid conve:vehicle_relation" };
      assert.deepEqual(await errorOf(await world.post("/as/token.oauth2", form)), [400, "invalid_scope"]);
    });
  });

  it("ends a revoked sign-in together with its access tokens", async () => {
    const tokens = world.volvo.volvoId.signIn();
    const authorization = `Bearer ${tokens.access_token}`;
    assert.equal((await world.get(v2State, { authorization })).status, 200);
    const revoked = await world.post("/as/revoke_token.oauth2", { token: tokens.refresh_token });
    assert.deepEqual([revoked.status, await revoked.text()], [200, ""]);
    assert.equal((await world.get(v2State, { authorization })).status, 401);
    assert.deepEqual(await (await world.refresh(tokens.refresh_token)).json(), invalidGrant);
    assert.deepEqual(kinds(), ["signed-in", "revoked"]);
  });

  it("reports success when revoking an unknown token", async () => {
    assert.equal((await world.post("/as/revoke_token.oauth2", { token: "unknown" })).status, 200);
  });

  it("refuses a token request that is not form-encoded", async () => {
    const response = await fetch(`${world.origin}/as/token.oauth2`, {
      method: "POST",
      headers: { authorization: world.basic, "content-type": "application/json" },
      body: "{}",
    });
    assert.deepEqual(await errorOf(response), [400, "invalid_request"]);
  });
});
