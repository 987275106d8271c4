import assert from "node:assert/strict";
import fs from "node:fs/promises";
import type { Server } from "node:net";
import path from "node:path";
import { secretKeys } from "../../src/auth/credentialStore";
import { minuteMs, secondMs } from "../../src/base/clock";
import { Menu } from "../../scripts/headless/ui/menu";
import { freePort } from "../support/auth/browser";
import { apiKey, Product, SimulatorScene, until, untilAskable, vin } from "./scene";
import { resultsFolder, UiSession } from "./session";
import { agree, occupy, openedPage, secretsSeenBy, storedSecrets, underOtherAddress } from "./volvoIdScene";

const lifetimeMs = 8 * secondMs;
const account = "d…@example.com";
const arrived = "VS Code has received the response from Volvo ID";
/** All scopes except those for the car list. */
const approved = ["openid", "energy:state:read", "energy:charging_connection_status"];

describe("signing in with Volvo ID", () => {
  let simulator: SimulatorScene;
  let session: UiSession;
  let product: Product;
  let issuer: { origin: string; server: Server };
  let redirectUri: string;

  before(async () => {
    redirectUri = `http://localhost:${await freePort()}/callback`;
    simulator = await SimulatorScene.start({
      volvoId: { redirectUris: [redirectUri], accessTokenLifetimeMs: lifetimeMs, scopes: approved },
    });
    simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 5 * minuteMs });
    issuer = await underOtherAddress(simulator.origin);
    session = await UiSession.start({
      frontDoor: true,
      settings: {
        ...simulator.settings,
        "volvoCharging.auth.issuer": issuer.origin,
        "volvoCharging.auth.redirectUri": redirectUri,
        "volvoCharging.vehicles": [vin],
      },
    });
    product = new Product(await session.open());
    await product.item.waitFor();
  });

  after(async () => {
    await session.close();
    issuer.server.close();
    await simulator.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  const events = () => simulator.volvo.volvoId.events.map(({ kind }) => kind);

  /** Refreshes manually once the product accepts another request. */
  async function refresh(): Promise<void> {
    await untilAskable(simulator);
    const asked = simulator.volvo.requests.of("energy-v2").length;
    await product.run("Refresh");
    // A window that has just opened may have to wait for a turn before it sends a request.
    await until("another reading", () => simulator.volvo.requests.of("energy-v2").length > asked, 45_000);
  }

  it("asks for each value step by step, with a way back, also from a page that refuses the client ID", async () => {
    const { quickInput } = product.workbench;
    const isBack = (label: string) => label.startsWith("Back");
    await product.run("Connect My Car…");
    await quickInput.pick("With Volvo ID");
    const { buttons } = await quickInput.waitFor((state) => state.step.includes("1/3"));
    await quickInput.press(buttons.find(isBack) ?? "");
    await quickInput.waitFor((state) => state.placeholder === "How do you want to connect?");
    await quickInput.pick("With Volvo ID");
    await quickInput.waitFor((state) => state.step.includes("1/3") && state.isPassword);
    await quickInput.answer(apiKey);
    await quickInput.waitFor((state) => state.step.includes("2/3") && !state.isPassword);
    const back = (await quickInput.waitFor()).buttons.find(isBack);
    assert.ok(back !== undefined);
    await quickInput.press(back);
    await quickInput.waitFor((state) => state.step.includes("1/3"));
    await quickInput.accept();
    const { clientId, clientSecret } = simulator.volvo.volvoId.options;
    await quickInput.type("jane.doe@example.com");
    await quickInput.waitFor(({ message }) => message === "This is an email address. The client ID goes here.");
    await session.screenshot("paste-email-as-client-id");
    await quickInput.answer("mistyped");
    await quickInput.waitFor((state) => state.step.includes("3/3") && state.isPassword);
    await quickInput.answer(clientSecret);
    const refused = await openedPage(product.workbench);
    await refused.getByText("Invalid client_id").waitFor();
    await refused.close();
    await quickInput.waitFor(({ message }) => message.includes("client ID is invalid? Re-enter the client ID."));
    await session.screenshot("sign-in-client-refused");
    await quickInput.press("Re-enter Client ID");
    await quickInput.waitFor((state) => state.step.includes("1/2") && state.placeholder === "Client ID");
    await quickInput.answer(clientId);
    await quickInput.waitFor((state) => state.step.includes("2/2") && state.isPassword);
    await quickInput.accept();
  });

  it("names a scope that Volvo has not approved, and signs in without it with one click, through the browser alone", async () => {
    const { quickInput, notifications } = product.workbench;
    const refused = await openedPage(product.workbench);
    await refused.getByText(arrived).waitFor();
    await refused.close();
    await notifications.click("scope conve:vehicle_relation", "Continue Without Car List");
    const volvoId = await openedPage(product.workbench);
    const box = await quickInput.waitFor((state) => state.message.includes("in your browser"));
    assert.ok(box.message.includes(`Register ${redirectUri} in your Volvo application`), box.message);
    await quickInput.press("Copy Redirect URI");
    await product.workbench.screen.eventually(
      "the redirect URI on the clipboard",
      () => product.workbench.page.evaluate<string>("navigator.clipboard.readText()"),
      (copied) => copied === redirectUri,
    );
    await quickInput.type(`${issuer.origin}/as/authorization.oauth2?client_id=x&response_type=code`);
    await product.workbench.page.keyboard.press("Enter");
    await quickInput.waitFor((state) => state.severity === "error" && state.message.includes(redirectUri));
    await session.screenshot("sign-in");
    await agree(volvoId, arrived);
    for (const scheme of ["dark", "light"] as const) {
      await volvoId.emulateMedia({ colorScheme: scheme });
      // The canvas has no color of its own, so the color of the text shows which scheme applies.
      const color = await volvoId.evaluate("getComputedStyle(document.querySelector('h1')).color");
      assert.equal(color, scheme === "dark" ? "rgb(255, 255, 255)" : "rgb(0, 0, 0)");
      await volvoId.screenshot({ path: path.join(resultsFolder, "screenshots", `sign-in-page-${scheme}.png`) });
    }
    await volvoId.close();
    await quickInput.waitUntilClosed();
    await product.item.waitFor((item) => item.text.includes("AC"));
    assert.deepEqual(events(), ["signed-in"]);
    const stored = await storedSecrets(product.workbench.page);
    assert.deepEqual(Object.keys(stored).sort(), [secretKeys.apiKey, secretKeys.grant]);
  });

  it("stays signed in while access tokens expire, and after a restart of the window", async () => {
    for (let round = 0; round < 2; round++) await refresh();
    await product.workbench.reload();
    await product.item.waitFor((item) => item.text.includes("AC"));
    const before = events().length;
    await refresh();
    assert.ok(events().length > before);
    assert.ok(events().filter((kind) => kind === "refreshed").length >= 3);
    assert.ok(!events().includes("refresh-token-reused"));
  });

  it("shows once in one window that Volvo has ended the sign-in, and signs in again from there", async () => {
    const { notifications } = product.workbench;
    const ended = "The sign-in with Volvo ID has expired.";
    simulator.volvo.volvoId.endAllSignIns();
    await untilAskable(simulator);
    await product.run("Refresh");
    await notifications.waitFor(ended);
    await product.item.waitFor(({ background }) => background === "warning");
    await session.screenshot("sign-in-ended");
    const other = new Product(await session.open());
    await other.item.waitFor(({ background }) => background === "warning");
    // The command's own message with the same text replaces the notification.
    const onScreen = (await notifications.center()).filter(({ message }) => message.includes(ended));
    assert.equal(onScreen.length, 1);
    await product.openView();
    await product.workbench.changeSettings({ "volvoCharging.vehicles": undefined });
    const { buttons } = await product.tree.waitForWelcome(({ text }) => text.includes(ended));
    assert.deepEqual(buttons, ["Sign In with Volvo ID"]);
    await session.screenshot("welcome-sign-in-ended");
    await product.workbench.changeSettings({ "volvoCharging.vehicles": [vin] });
    await notifications.click(ended, "Sign In Again");
    const volvoId = await openedPage(product.workbench);
    await agree(volvoId, arrived);
    await volvoId.close();
    await product.item.waitFor(({ text, background }) => text.includes("AC") && background === "none");
    assert.equal(other.workbench.notifications.shown().filter(({ message }) => message.includes(ended)).length, 0);
    await other.workbench.close();
  });

  it("signs out from the Accounts menu and leaves no data behind", async () => {
    const { page, dialog, screen } = product.workbench;
    const openAccounts = () =>
      page.locator('.activitybar .action-label[aria-label^="Accounts"]').click({ force: true });
    await openAccounts();
    const entry = page.locator(".context-view .monaco-menu .action-menu-item").filter({ hasText: account });
    await entry.hover();
    const signOut = page.locator(".context-view .monaco-menu .action-menu-item").filter({ hasText: "Sign Out" });
    // A menu that has just opened ignores clicks for a moment (VS Code's protection against double clicks).
    await signOut.last().waitFor();
    for (let tries = 0; tries < 10 && !(await dialog.read()); tries++) {
      await signOut
        .last()
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      await page.waitForTimeout(300);
    }
    await dialog.click("Sign Out");
    await product.item.waitFor((item) => item.text.includes("Set Up"));
    await openAccounts();
    const menu = new Menu(screen);
    assert.ok(!(await menu.items()).some((label) => label.includes(account)));
    await menu.close();
    await until("only the API key is left", async () => {
      const keys = Object.keys(await storedSecrets(page));
      return keys.length === 1 && keys[0] === secretKeys.apiKey;
    });
    await untilRevoked();
  });

  it("signs in with a pasted address if another program uses the port, then with Energy v1 with one click", async () => {
    const { quickInput, notifications } = product.workbench;
    const port = Number(new URL(redirectUri).port);
    const other = await occupy(port);
    try {
      await product.run("Sign In with Volvo ID…");
      await quickInput.waitFor((state) => state.step.includes("1/2") && state.placeholder === "Client ID");
      const { clientId, clientSecret } = simulator.volvo.volvoId.options;
      await quickInput.answer(clientId);
      await quickInput.answer(clientSecret);
      const left = await openedPage(product.workbench);
      await left.getByText("another program").waitFor();
      await left.close();
      await quickInput.cancel();
      await session.screenshot("sign-in-left");
      await notifications.close(`register ${redirectUri} in your Volvo application`);
      await product.run("Sign In with Volvo ID…");
      await quickInput.waitFor((state) => state.step.includes("1/2"));
      assert.ok((await quickInput.waitFor()).message.includes(redirectUri), "it can be registered before signing in");
      await quickInput.accept();
      await quickInput.accept();
      const refused = await openedPage(product.workbench);
      await refused.getByText("another program").waitFor();
      await quickInput.waitFor((state) => state.message.includes(`Another program is using port ${port}`));
      await quickInput.type("https://developer.volvocars.com/");
      await product.workbench.page.keyboard.press("Enter");
      await quickInput.waitFor((state) => state.message.includes("a response from Volvo ID"));
      await quickInput.answer(refused.url());
      await refused.close();
      await notifications.click("scope conve:vehicle_relation", "Use Energy v1");
      const volvoId = await openedPage(product.workbench);
      await agree(volvoId, "another program");
      await quickInput.waitFor((state) => state.message.includes(`Another program is using port ${port}`));
      await quickInput.answer(volvoId.url());
      await volvoId.close();
      await product.item.waitFor((item) => item.text.includes("AC"));
      await until("a reading by Energy v1", () => simulator.volvo.requests.of("energy-v1").length > 0, 45_000);
    } finally {
      other.close();
    }
  });

  it("signs out by command", async () => {
    await product.run("Sign Out");
    await product.item.waitFor((item) => item.text.includes("Set Up"));
    await untilRevoked();
  });

  it("has written no secret to any file, and sent none to Volvo in an address", async () => {
    const secrets = secretsSeenBy(simulator.volvo);
    assert.ok(secrets.length >= 20, `${secrets.length} secrets`);
    const files = await session.writtenFiles();
    assert.ok(files.some((file) => file.endsWith("Volvo Charging.log")) && files.length > 10);
    for (const file of files) {
      const content = await fs.readFile(file, "latin1").catch(() => "");
      for (const secret of secrets) assert.ok(!content.includes(secret), `${file} holds ${secret.slice(0, 4)}…`);
    }
    for (const { path, query } of simulator.volvo.requests.all) {
      const address = decodeURIComponent(`${path}?${query}`);
      for (const secret of secrets) assert.ok(!address.includes(secret), `${path} holds ${secret.slice(0, 4)}…`);
    }
  });

  /** Asserts that the sign-in has ended at Volvo as well: the revoked token is useless. */
  async function untilRevoked(): Promise<void> {
    await until("the end at Volvo", () => events().at(-1) === "revoked");
    const token = new URLSearchParams(simulator.volvo.requests.of("revoke").at(-1)?.body).get("token") ?? "";
    const { clientId, clientSecret } = simulator.volvo.volvoId.options;
    const form = {
      grant_type: "refresh_token",
      refresh_token: token,
      client_id: clientId,
      client_secret: clientSecret,
    };
    const answer = await fetch(`${simulator.origin}/as/token.oauth2`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    assert.match(await answer.text(), /invalid_grant/);
  }
});
