import assert from "node:assert/strict";
import { editor, QuickInputButtons } from "../../support/product/standInEditor";
import { parseGrant } from "../../../src/auth/credentials";
import { secretKeys } from "../../../src/auth/credentialStore";
import { apiKey, apiOrigin } from "../../support/auth/world";
import { CommandScene } from "../../support/product/commandScene";
import { settle } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";

const vin = "YV1S1MEX30A000001";
const wrongToken = "a-token-that-is-not-one-of-Volvo";
const cars = [{ vin, model: "EX30", modelYear: 2025 }];

interface StoredSignIn {
  readonly signIn?: Readonly<Record<string, unknown>>;
  /** The newest generation of the sign-in over all windows. */
  readonly fence?: number;
  readonly isRefused?: boolean;
}

describe("The commands that store credentials", () => {
  let scene: CommandScene;

  afterEach(() => scene.close());

  const stored = () => Object.fromEntries(scene.auth.secrets.disk);
  const grant = () => parseGrant(stored()[secretKeys.grant] ?? "");
  const token = () => scene.auth.volvo.issueTestToken({ lifetimeMs: Infinity }).value;
  const asked = () => scene.auth.volvo.requests.of("energy-v2").length;

  /** Answers each question with the first of `answers` whose key is part of it. */
  function answering(answers: Readonly<Record<string, string>>): void {
    editor.answer = ({ text }) => Object.entries(answers).find(([part]) => text.includes(part))?.[1];
  }

  for (const setting of ["api.baseUrl", "auth.issuer"]) {
    for (const command of ["setApiKey", "setAccessToken", "signIn", "connect"] as const) {
      it(`report an unusable ${setting} and keep the stored credentials (${command})`, async () => {
        scene = new CommandScene({ [setting]: "http://example.com" }, { signIn: {} });
        await scene.start();
        const before = stored();
        answering({ [setting]: "Open Settings" });
        await scene.run(command);
        assert.equal(editor.shown.length, 1, editor.texts.join("\n"));
        assert.match(editor.texts[0] ?? "", /must (use|be) https/);
        assert.deepEqual(editor.executed, ["volvoCharging.openSettings"]);
        assert.deepEqual(stored(), before);
      });
    }
  }

  it("store nothing if the address becomes unusable while a box is open", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    const before = stored();
    editor.answer = () => {
      scene.change({ "api.baseUrl": "nonsense" });
      return "a-new-key";
    };
    await assert.rejects(scene.run("setApiKey"), /no usable address/);
    assert.deepEqual(stored(), before);
  });

  const states = {
    "in use": {},
    "made for another origin": { signIn: { origin: "https://example.com" } },
    "made at another issuer": { signIn: { issuer: "https://volvoid.example.com" } },
    "that another window has renewed": { fence: 7 },
    "that Volvo has refused and that is due for a retry": { isRefused: true },
  } as const;
  for (const [state, { signIn = {}, fence, isRefused }] of Object.entries<StoredSignIn>(states)) {
    it(`ask before a token replaces a sign-in ${state}`, async () => {
      scene = new CommandScene({}, { signIn });
      const { clock, disk, secrets, events } = scene.auth;
      await scene.start();
      if (fence !== undefined) disk.put("state/refresh/refresh.generation", `${fence} ${clock.now()}`);
      await clock.advance(600_000);
      const held = await scene.auth.after(scene.session.authorize(apiOrigin, turnWith()));
      if (isRefused && "accessToken" in held) scene.session.refusedAgain(held);
      await clock.advance(1_000);
      const before = secrets.disk.get(secretKeys.grant);
      await scene.run("setAccessToken");
      assert.equal(editor.texts.length, 1);
      assert.match(editor.texts[0] ?? "", /^Replace your Volvo ID sign-in with a test token\?/);
      assert.equal(secrets.disk.get(secretKeys.grant), before);
      assert.ok(!events.includes("revoked"));
    });
  }

  it("ask before a token replaces a sign-in, even before the credentials have been read", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.run("setAccessToken");
    assert.match(editor.texts[0] ?? "", /^Replace your Volvo ID sign-in/);
  });

  it("revoke a replaced sign-in at its own issuer, not at the one in the settings", async () => {
    const asked: string[] = [];
    const record = (url: string) => Promise.resolve(void asked.push(url)).then(() => new Response("{}"));
    scene = new CommandScene({}, { fetch: record, signIn: { issuer: "https://volvoid.example.com" } });
    await scene.start();
    answering({ "Replace your Volvo ID sign-in": "Replace", "test access token": "a-token-that-was-pasted" });
    await scene.run("setAccessToken");
    assert.equal(grant()?.kind, "testToken");
    assert.deepEqual(
      asked.filter((url) => url.includes("revoke")),
      ["https://volvoid.example.com/as/revoke_token.oauth2"],
    );
  });

  it("do not ask for a stored API key, even before the credentials have been read", async () => {
    scene = new CommandScene({}, { signIn: {} });
    answering({ "How do you want": "With a test token" });
    await scene.run("connect");
    assert.match(editor.texts[1] ?? "", /^Replace your Volvo ID sign-in/);
    scene.close();
    scene = new CommandScene();
    answering({ "How do you want": "With a test token" });
    await scene.run("connect");
    assert.match(editor.texts[1] ?? "", /VCC API key/);
  });

  it("report that the connection works after Volvo has answered", async () => {
    scene = new CommandScene({ vehicles: [vin] }, { cars });
    await scene.start();
    answering({ "VCC API key – primary": apiKey });
    await scene.run("setApiKey");
    assert.equal(editor.texts.at(-1), "The VCC API key was saved.");
    answering({ "test access token": token() });
    await scene.run("setAccessToken");
    assert.match(editor.texts.at(-1) ?? "", /^It works\. .*Connected|^It works\. .*Not connected/);
    assert.equal(asked(), 1);
  });

  it("report Volvo's answer to a token that replaces another, even if the car was read a moment ago", async () => {
    scene = new CommandScene({ vehicles: [vin] }, { cars, signIn: {} });
    await scene.start();
    assert.equal(asked(), 1);
    await scene.auth.clock.advance(20_000);
    const replaced = { token: token() };
    editor.answer = ({ text }) => (text.includes("Replace") ? "Replace" : replaced.token);
    await scene.run("setAccessToken");
    assert.match(editor.texts.at(-1) ?? "", /^It works\./);
    assert.equal(asked(), 2);
    replaced.token = wrongToken;
    await scene.run("setAccessToken");
    assert.equal(editor.texts.at(-1), "Volvo doesn't accept the access token.");
  });

  it("keep the stored token if the typed text is not a token, and say so in the box", async () => {
    scene = new CommandScene({ vehicles: [vin] }, { cars });
    await scene.start();
    answering({ "VCC API key – primary": apiKey, "test access token": token() });
    await scene.run("setApiKey");
    await scene.run("setAccessToken");
    const before = stored();
    for (const typed of ["{}", "abc"]) {
      answering({ "test access token": typed });
      void scene.run("setAccessToken");
      await settle();
      const box = [...editor.boxes].at(-1);
      assert.match(box?.said ?? "", /^This isn't an access token\. /, typed);
      assert.deepEqual(stored(), before);
    }
  });

  it("stop the demo to try new credentials, and report nothing about the demo's cars", async () => {
    for (const command of ["setApiKey", "setAccessToken"] as const) {
      scene = new CommandScene({ vehicles: [vin], demo: true }, { cars, signIn: {} });
      await scene.start();
      assert.notEqual(scene.demoSwitch.current, scene.demoSwitch.real);
      assert.equal(asked(), 0);
      answering({
        "Replace your Volvo ID sign-in": "Replace",
        "test access token": wrongToken,
        "VCC API key": "not-the-key",
      });
      if (command === "setAccessToken")
        editor.answer = ({ text }) => (text.includes("Replace") ? "Replace" : wrongToken);
      await scene.run(command);
      assert.equal(scene.demoSwitch.current, scene.demoSwitch.real);
      assert.match(editor.texts.at(-1) ?? "", /^Volvo (refused the VCC API key|doesn't accept the access token)\./);
      assert.ok(asked() > 0);
      scene.close();
    }
  });

  it("report after a sign-out that the key was kept, but not if there is no key", async () => {
    scene = new CommandScene({}, { signIn: {} });
    await scene.start();
    await scene.run("signOut");
    assert.deepEqual(Object.keys(stored()), [secretKeys.apiKey]);
    assert.equal(editor.texts.at(-1), "Signed out; the client ID and secret were deleted. The VCC API key was kept.");
    answering({ "Delete all stored data?": "Delete" });
    await scene.run("deleteData");
    // VS Code cuts a message without buttons after one line, of about 65 characters.
    assert.equal(editor.texts.at(-1), "All stored data was deleted. The list of cars was kept.");
    await scene.run("signOut");
    assert.equal(editor.texts.at(-1), "Signed out; the client ID and secret were deleted.");
  });

  it("call a test token that is removed a token, and not a sign-in", async () => {
    scene = new CommandScene({});
    await scene.start();
    answering({ "VCC API key – primary": apiKey, "test access token": token() });
    await scene.run("setApiKey");
    await scene.run("setAccessToken");
    await scene.run("signOut");
    assert.equal(editor.texts.at(-1), "The access token was removed. The VCC API key was kept.");
    assert.deepEqual(Object.keys(stored()), [secretKeys.apiKey]);
  });

  it("lead back from the first box of either way to connect to the choice of the way", async () => {
    scene = new CommandScene();
    await scene.start();
    for (const way of ["With a test token", "With Volvo ID"]) {
      editor.begin();
      const choices = [way];
      editor.answer = ({ kind }) => (kind === "pick" ? choices.shift() : new Promise<never>(() => undefined));
      const run = scene.run("connect");
      await settle();
      const [box] = editor.boxes;
      assert.equal(box?.buttons[0], QuickInputButtons.Back, way);
      box.trigger(QuickInputButtons.Back);
      await run;
      assert.deepEqual(
        editor.shown.map(({ kind }) => kind),
        ["pick", "box", "pick"],
        way,
      );
    }
  });

  it("have no way back in the first box of a sign-in that was started by itself", async () => {
    scene = new CommandScene();
    await scene.start();
    editor.answer = () => new Promise<never>(() => undefined);
    void scene.run("signIn");
    await settle();
    const [box] = editor.boxes;
    assert.ok(box && !box.buttons.includes(QuickInputButtons.Back));
  });

  it("claim nothing if no request was made to Volvo", async () => {
    scene = new CommandScene({ vehicles: [vin] }, { cars, signIn: {} });
    await scene.start();
    assert.ok(scene.viewState.carStore.cars[0]?.reading);
    scene.demoSwitch.real.polling.off();
    answering({ "VCC API key": apiKey.toUpperCase() });
    await scene.run("setApiKey");
    assert.equal(editor.texts.at(-1), "Saved, but not checked with Volvo yet.");
  });
});
