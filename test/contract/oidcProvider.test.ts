import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration } from "oidc-provider";
import { createSession } from "../../src/auth/createSession";
import { CredentialStore, secretKeys } from "../../src/auth/credentialStore";
import { createGenerationFence } from "../../src/auth/generationFence";
import type { SignInResult } from "../../src/auth/signInFlow";
import { systemClock } from "../../src/base/clock";
import { Redactor } from "../../src/base/redactor";
import { connectVolvoId } from "../../src/auth/volvoId";
import { freePort, SignInScene } from "../support/auth/browser";
import { SecretWorld } from "../support/auth/secrets";
import { apiOrigin, createBackoffMemory } from "../support/auth/world";
import { MemoryDisk } from "../support/disk/memoryFolder";
import { turnsWith, turnWith } from "../support/turn";

const clientId = "dc-client";
const clientSecret = "a secret+with/odd:characters%";
const scopes = ["openid", "conve:vehicle_relation", "energy:state:read"];

/** A certified OpenID provider with Volvo ID's paths and policies: PKCE is required and refresh tokens rotate. */
class ThirdParty {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(redirectUri: string): Promise<ThirdParty> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const configuration: Configuration = {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
          token_endpoint_auth_method: "client_secret_basic",
          application_type: "native",
        },
      ],
      scopes,
      pkce: { required: () => true },
      rotateRefreshToken: () => true,
      issueRefreshToken: () => true,
      ttl: { AccessToken: 299, RefreshToken: 604_800, IdToken: 299, Interaction: 60, Session: 60, Grant: 604_800 },
      routes: {
        authorization: "/as/authorization.oauth2",
        token: "/as/token.oauth2",
        revocation: "/as/revoke_token.oauth2",
      },
      features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
      claims: { openid: ["sub", "email"] },
      conformIdTokenClaims: false,
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => Promise.resolve({ sub: id, email: "driver@example.com" }),
      }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      cookies: { keys: ["for this test"] },
    };
    const provider = new Provider(issuer, configuration);
    const callback = provider.callback();
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const handled = request.url?.startsWith("/interaction/")
        ? consent(provider, request, response)
        : callback(request, response);
      handled.catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    return new ThirdParty(issuer, server);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Signs in and grants everything requested, as a person would on the page. */
async function consent(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    await provider.interactionFinished(request, response, { login: { accountId: "driver" } });
    return;
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? "driver", clientId });
  grant.addOIDCScope(String(params["scope"]));
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

/** A browser with cookies. Follows redirects until one leaves `origin`, and returns that address. */
async function browse(url: string, origin: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  for (let step = 0; step < 20 && next.startsWith(origin); step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(next, { redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) return await response.text();
    next = new URL(location, next).href;
  }
  return next;
}

describe("a certified third-party provider in place of Volvo ID", () => {
  let scene: SignInScene;
  let provider: ThirdParty;
  let redirectUri: string;
  const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

  before(async () => {
    redirectUri = `http://localhost:${await freePort()}/callback`;
    provider = await ThirdParty.start(redirectUri);
  });

  after(() => provider.close());

  beforeEach(() => {
    scene = new SignInScene();
  });

  afterEach(() => scene.assertPagesWentWell());

  const connection = () =>
    connectVolvoId({
      fetch: (url, init) => fetch(url, init),
      clock: systemClock,
      redactor: new Redactor(),
      log: silent,
    });

  function signIn(changes: { scopes?: readonly string[]; secret?: string } = {}): Promise<SignInResult> {
    const client = { issuer: provider.issuer, clientId, clientSecret: changes.secret ?? clientSecret };
    const options = { client, redirectUri, scopes: changes.scopes ?? scopes, storedAs: () => undefined };
    const { listen: _, clock: __, log: ___, redactor: ____, ...host } = scene.ports();
    return connection().signIn(host, options, new AbortController().signal);
  }

  it("completes a sign-in on the port of the redirect URI", async () => {
    scene.onPage = async (url) => fetch(await browse(url, provider.issuer));
    const result = await signIn();
    assert.ok(result.kind === "signedIn", JSON.stringify(result));
    assert.deepEqual([result.signIn.label, [...result.signIn.scopes].sort()], ["d…@example.com", [...scopes].sort()]);
    assert.ok(result.signIn.expiresAt > Date.now() + 290_000);
  });

  it("completes a sign-in with a pasted address", async () => {
    scene.onPage = async (url, box) => box.offer(await browse(url, provider.issuer));
    assert.equal((await signIn()).kind, "signedIn");
  });

  it("causes a message about a wrong client secret", async () => {
    scene.onPage = async (url, box) => box.offer(await browse(url, provider.issuer));
    const wrongSecret = await signIn({ secret: "wrong" });
    assert.deepEqual(wrongSecret, { kind: "failed", failure: { kind: "invalidClient" } });
  });

  /** A window with a sign-in made by a pasted address. */
  async function signedIn() {
    scene.onPage = async (url, box) => box.offer(await browse(url, provider.issuer));
    const result = await signIn();
    assert.ok(result.kind === "signedIn");
    const secrets = new SecretWorld(systemClock);
    secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin: apiOrigin, value: "key" }));
    const store = new CredentialStore({
      secrets: secrets.open(),
      mark: { isSet: () => Promise.resolve(true), set: () => Promise.resolve() },
      clock: systemClock,
      redactor: new Redactor(),
    });
    const folder = new MemoryDisk().open("state");
    const session = createSession({
      store,
      volvoId: {
        fence: createGenerationFence(folder, systemClock),
        endpoint: connection().server,
      },
      turns: turnsWith(),
      backoff: createBackoffMemory(),
      isQuiet: () => false,
      clock: systemClock,
      log: silent,
      addresses: () => ({ origin: apiOrigin, issuer: provider.issuer }),
    });
    await session.reload();
    await session.saveSignIn(result.signIn);
    return { session, store, signIn: result.signIn };
  }

  it("renews the sign-in repeatedly, and ends it at once if a token is presented twice", async () => {
    const { session, signIn } = await signedIn();
    const turn = turnWith();
    const tokens = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const held = await session.authorize(apiOrigin, turn);
      assert.ok("accessToken" in held, JSON.stringify(held));
      const renewed = await session.renew(held, turn);
      assert.ok("accessToken" in renewed, JSON.stringify(renewed));
      tokens.add(renewed.accessToken);
    }
    assert.equal(tokens.size, 3);
    const reuse = await connection().server.refresh(signIn, signIn.refreshToken);
    assert.deepEqual(reuse.kind === "refused" && reuse.error, "invalid_grant");
    const held = await session.authorize(apiOrigin, turn);
    assert.ok("accessToken" in held);
    assert.deepEqual(await session.renew(held, turn), { kind: "signInEnded" });
    await session.whenIdle();
    session.dispose();
  });

  it("accepts the sign-out, which invalidates the refresh token", async () => {
    const { session, store } = await signedIn();
    const turn = turnWith();
    const held = await session.authorize(apiOrigin, turn);
    assert.ok("accessToken" in held);
    assert.ok("accessToken" in (await session.renew(held, turn)));
    const { grant } = await store.load();
    assert.ok(grant?.kind === "volvoId");
    await session.signOut();
    assert.equal(session.current.kind, "incomplete");
    const refused = await connection().server.refresh(grant, grant.refreshToken);
    assert.deepEqual(refused.kind === "refused" && refused.error, "invalid_grant");
    await session.whenIdle();
    session.dispose();
  });
});

function nothing(): void {
  // This log is not read.
}
