import assert from "node:assert/strict";
import { AuthWorld, issuer } from "../../support/auth/world";

const clientSecret = "s1mulat0r+secret.with-odd*characters!";
const client = { issuer, clientId: "dc-client", clientSecret };

describe("a refusal by Volvo ID", () => {
  it("does not contain the client secret as encoded in the request", async () => {
    const world = new AuthWorld();
    let sent = "";
    const server = world.server((_, init) => {
      sent = (new Headers(init.headers).get("authorization") ?? "").slice("Basic ".length);
      const said = { error: "invalid_client", error_description: `wrong: ${sent} or ${clientSecret}` };
      return Promise.resolve(new Response(JSON.stringify(said), { status: 401 }));
    });
    const outcome = await server.refresh(client, "a-refresh-token");
    assert.match(Buffer.from(sent, "base64").toString(), /^dc.*client:/);
    assert.deepEqual(outcome, { kind: "refused", error: "invalid_client", description: "wrong: ••• or •••" });
  });
});
