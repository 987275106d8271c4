import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { secretKeys } from "../../../src/auth/credentialStore";
import type { SignInResult } from "../../../src/auth/signInFlow";
import { apiOrigin, issuer } from "../../support/auth/world";
import { CommandScene } from "../../support/product/commandScene";
import { turnWith } from "../../support/turn";

const usual = ["openid", "conve:vehicle_relation", "energy:state:read"];
const question = /^You're already signed in\. Sign in again\?/;

describe("The sign-in command", () => {
  let scene: CommandScene;

  afterEach(() => scene.close());

  const boxes = () => editor.shown.filter(({ kind }) => kind === "box");
  const cause = () => (scene.session.current.kind === "stopped" ? scene.session.current.cause : undefined);
  const lastClient = () => scene.attempts.at(-1)?.client;

  /** Types into the boxes for key, id and secret, and answers messages with their buttons. */
  function typing(answers: { key?: string; id?: string; secret?: string; messages?: readonly string[] }): void {
    const messages = [...(answers.messages ?? [])];
    editor.answer = ({ kind, text }) => {
      if (kind === "message") return messages.shift();
      if (text.includes("API key")) return answers.key;
      return text.startsWith("The client ID") ? answers.id : answers.secret;
    };
  }

  function signedIn(): SignInResult {
    const { access_token: accessToken, refresh_token: refreshToken } = scene.auth.volvo.volvoId.signIn();
    const now = scene.auth.clock.now();
    const times = { expiresAt: now + 299_000, refreshedAt: now, signedInAt: now };
    const client = { issuer, clientId: "id", clientSecret: "secret" };
    const signIn = { ...client, ...times, signInId: "new", accessToken, refreshToken, scopes: usual, label: "" };
    return { kind: "signedIn", signIn };
  }

  it("shows the previous input for correction after an attempt without an answer", async () => {
    scene = new CommandScene();
    await scene.start();
    typing({ key: "a-key", id: "mistiped", secret: "a-secret" });
    await scene.run("signIn");
    assert.deepEqual(boxes().length, 3);
    assert.equal(lastClient()?.clientId, "mistiped");
    editor.begin();
    typing({ id: "mistyped", secret: "a-secret" });
    await scene.run("signIn");
    assert.deepEqual(
      boxes().map(({ value }) => value),
      ["mistiped", "a-secret"],
    );
    assert.equal(lastClient()?.clientId, "mistyped");
  });

  it("reopens the boxes from the message about a missing answer", async () => {
    scene = new CommandScene();
    await scene.start();
    scene.attempt = () => Promise.resolve({ kind: "failed", failure: { kind: "neverReturned" } });
    typing({ key: "a-key", id: "mistiped", secret: "a-secret", messages: ["Re-enter Client ID"] });
    await scene.run("signIn");
    assert.deepEqual(
      boxes().map(({ value }) => value),
      ["", "", "", "mistiped", "a-secret"],
    );
    assert.equal(scene.attempts.length, 2);
  });

  it("goes back to the client ID from Volvo ID's page and from the message after it, and keeps the rest", async () => {
    scene = new CommandScene();
    await scene.start();
    const results: SignInResult[] = [{ kind: "reenterClient" }, { kind: "cancelled" }];
    scene.attempt = () => Promise.resolve(results.shift() ?? { kind: "cancelled" });
    typing({ key: "a-key", id: "mistiped", secret: "a-secret", messages: ["Re-enter Client ID"] });
    await scene.run("signIn");
    assert.deepEqual(
      boxes().map(({ value }) => value),
      ["", "", "", "mistiped", "a-secret", "mistiped", "a-secret"],
    );
    assert.equal(scene.attempts.length, 3);
    assert.match(
      editor.texts.at(-1) ?? "",
      /^Not signed in\..*If it said the client ID is invalid, re-enter the client ID\.$/,
    );
  });

  it("shows the redirect URI to register when the user leaves Volvo ID's page", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    typing({ messages: ["Sign In Again", "Copy Redirect URI"] });
    await scene.run("signIn");
    const uri = "http://localhost:17455/callback";
    assert.match(editor.texts.at(-1) ?? "", new RegExp(`^Not signed in\\..*register ${uri} in your Volvo application`));
    assert.equal(editor.clipboard, uri);
    typing({ messages: ["Sign In Again", "Open Portal"] });
    await scene.run("signIn");
    assert.deepEqual(editor.opened, ["https://developer.volvocars.com/"]);
  });

  it("reuses a client that has led to a sign-in, also after a cancellation, and asks again after it has failed", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    for (const attempts of [1, 2]) {
      typing({ messages: ["Sign In Again"] });
      await scene.run("signIn");
      assert.deepEqual([boxes().length, scene.attempts.length], [0, attempts]);
    }
    scene.attempt = () => Promise.resolve({ kind: "failed", failure: { kind: "invalidClient" } });
    typing({ messages: ["Sign In Again"] });
    await scene.run("signIn");
    const { clientId, clientSecret } = scene.auth.volvo.volvoId.options;
    editor.begin();
    scene.attempt = () => Promise.resolve(signedIn());
    typing({ id: clientId, secret: clientSecret, messages: ["Sign In Again"] });
    await scene.run("signIn");
    assert.deepEqual(
      boxes().map(({ value }) => value),
      [clientId, clientSecret],
    );
    editor.begin();
    typing({ messages: ["Sign In Again"] });
    await scene.run("signIn");
    assert.deepEqual([boxes().length, scene.attempts.length], [0, 5]);
  });

  for (const command of ["signOut", "deleteData"] as const) {
    it(`forgets the previous input after ${command}`, async () => {
      scene = new CommandScene({}, { signIn: {} });
      await scene.start();
      typing({ messages: ["Sign In Again"] });
      await scene.run("signIn");
      typing({ messages: ["Delete"] });
      await scene.run(command);
      assert.equal(scene.session.current.kind, "incomplete");
      editor.begin();
      typing({ key: "a-key", id: "another", secret: "a-secret" });
      await scene.run("signIn");
      assert.ok(boxes().length >= 2);
      for (const { value } of boxes()) assert.equal(value, "");
    });
  }

  it("asks before it replaces a sign-in that is in use", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    await scene.run("signIn");
    assert.match(editor.texts.join(), question);
    assert.equal(scene.attempts.length, 0);
  });

  for (const [where, signIn] of [
    ["origin", { origin: "https://example.com" }],
    ["issuer", { issuer: "https://volvoid.example.com" }],
  ] as const) {
    it(`asks before it replaces a sign-in for another ${where}, and says that it is for another`, async () => {
      scene = new CommandScene({}, { signIn });
      await scene.start();
      const before = scene.auth.secrets.disk.get(secretKeys.grant);
      await scene.run("signIn");
      assert.match(editor.texts.join(), question);
      assert.match(editor.texts.join(), /for a different address/);
      assert.equal(scene.auth.secrets.disk.get(secretKeys.grant), before);
    });
  }

  it("asks before it replaces a sign-in that another window holds", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    const { clock, disk, volvo } = scene.auth;
    disk.put("state/refresh/refresh.generation", `7 ${clock.now()}`);
    await clock.advance(600_000);
    const outcome = await scene.auth.after(scene.session.authorize(apiOrigin, turnWith()));
    assert.deepEqual(outcome, { kind: "signedInElsewhere" });
    assert.equal(volvo.requests.of("token").length, 0);
    await scene.run("signIn");
    assert.match(editor.texts.join(), question);
  });

  it("asks before it replaces a sign-in whose newest token no window has any more", async () => {
    const vin = "YV1S1MEX30A000001";
    scene = new CommandScene({ vehicles: [vin] }, { signIn: {}, cars: [{ vin, model: "EX30", modelYear: 2025 }] });
    await scene.start();
    const { clock, disk, volvo } = scene.auth;
    volvo.volvoId.endAllSignIns();
    disk.put("state/refresh/refresh.generation", `7 ${clock.now()}`);
    await clock.advance(5 * 60_000);
    assert.deepEqual([cause(), volvo.requests.of("token").length], [undefined, 0]);
    await clock.advance(25 * 60_000);
    assert.equal(cause(), "signedInElsewhere");
    assert.equal(volvo.requests.of("token").length, 1);
    await scene.run("signIn");
    assert.match(editor.texts.join(), question);
  });

  it("does not ask if Volvo refuses the stored sign-in", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    const held = await scene.session.authorize(apiOrigin, turnWith());
    assert.ok("accessToken" in held);
    scene.session.refusedAgain(held);
    await scene.run("signIn");
    assert.equal(scene.attempts.length, 1);
    assert.doesNotMatch(editor.texts.join("\n"), /\?$/m);
  });

  it("does not ask for a stored API key, even before the credentials have been read", async () => {
    scene = new CommandScene({}, { signIn: {} });
    typing({ messages: ["Sign In Again"] });
    await scene.run("signIn");
    assert.deepEqual([boxes().length, scene.attempts.length], [0, 1]);
    scene.close();
    scene = new CommandScene();
    await scene.run("signIn");
    assert.match(boxes()[0]?.text ?? "", /VCC API key/);
  });

  for (const [title, settings, granted, asked] of [
    ["the granted scopes while signed in", {}, ["openid", "energy:state:read"], ["openid", "energy:state:read"]],
    ["the scopes of the setting", { "auth.scopes": ["openid"] }, ["openid", "energy:state:read"], ["openid"]],
    [
      "the scopes that the API version needs if they were not granted",
      { apiVersion: "v1" },
      ["openid", "energy:state:read"],
      ["openid", "conve:vehicle_relation", "energy:charging_connection_status"],
    ],
    ["the usual scopes if the granted ones are not known", {}, [], usual],
  ] as const) {
    it(`requests ${title}`, async () => {
      scene = new CommandScene(settings, { signIn: { scopes: granted } });
      await scene.start();
      typing({ messages: ["Sign In Again"] });
      await scene.run("signIn");
      assert.deepEqual(scene.attempts[0]?.scopes, asked);
    });
  }
});
