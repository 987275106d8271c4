import assert from "node:assert/strict";
import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { minuteMs } from "../../src/base/clock";
import { commandId, commandNames } from "../../src/contributions";
import { apiKey, Product, SimulatorScene, until, untilAskable, vin } from "./scene";
import { UiSession } from "./session";

const hostileName = "<img src=x>[a](command:b)$(zap)**c**<a href=d>|`e`\u202e";

/** A server that records every request and redirects it to `target`. */
async function redirector(target: string) {
  const received: string[] = [];
  const server = http.createServer((request, response) => {
    received.push(request.url ?? "");
    response.writeHead(307, { location: `${target}${request.url ?? ""}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, received, close: () => server.close() };
}

describe("in hostile surroundings, the extension", () => {
  let simulator: SimulatorScene;
  let elsewhere: SimulatorScene;
  let session: UiSession;
  let product: Product;
  let token: string;
  let redirect: Awaited<ReturnType<typeof redirector>>;

  before(async () => {
    simulator = await SimulatorScene.start();
    elsewhere = await SimulatorScene.start();
    redirect = await redirector(elsewhere.origin);
    simulator.volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 7 * minuteMs });
    token = simulator.volvo.issueTestToken().value;
    session = await UiSession.start({
      settings: { ...simulator.settings, "security.workspace.trust.enabled": true },
    });
    await fs.mkdir(path.join(session.folder, ".vscode"));
    const hostile = {
      "volvoCharging.api.baseUrl": elsewhere.origin,
      "volvoCharging.vehicles": ["YV1EV11EV11EV1111"],
      "volvoCharging.statusBar.text": "owned",
      "volvoCharging.statusBar.alignment": "left",
      "volvoCharging.apiVersion": "v1",
      "volvoCharging.privacy.showFullVins": true,
      "volvoCharging.demo": true,
    };
    await fs.writeFile(path.join(session.folder, ".vscode", "settings.json"), JSON.stringify(hostile));
    await bringTrouble(session.folder);
    product = new Product(await session.open());
  });

  after(async () => {
    await session.close();
    await simulator.close();
    await elsewhere.close();
    redirect.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await session.keepEvidence(this.currentTest.title);
  });

  it("shows the item in an untrusted workspace and ignores the workspace's settings", async () => {
    const { dialog } = product.workbench;
    if (await dialog.read()) await dialog.click("No, I don't trust the authors");
    const item = await product.item.waitFor();
    assert.equal(item.text.trim(), "Set Up Volvo");
    assert.equal(item.side, "right");
    await product.openView();
    await product.connectByHand(token, vin);
    const connected = await product.item.waitFor(({ text }) => text.includes("AC"));
    assert.ok(!connected.text.includes("owned") && !connected.text.includes("Demo"), connected.text);
    assert.ok(!connected.ariaLabel.includes(vin), "the VIN is not shown in full");
    await product.tree.waitForRows((all) => all.length === 1 && /^AC · 7 min ago$/.test(all[0]?.description ?? ""));
    assert.ok(simulator.volvo.requests.of("energy-v2").length > 0, "apiVersion stays auto");
    assert.deepEqual(elsewhere.volvo.requests.all, []);
    await assert.rejects(fs.stat(traceOf(session.folder)), /ENOENT/, "neither task nor extension of the workspace ran");
  });

  it("shows diagnostics without a secret or a full VIN", async () => {
    await product.run("Show Diagnostics");
    await product.workbench.editors.waitForTab(/^Volvo Charging Diagnostics/);
    await until("the document", async () => (await product.workbench.editors.text()).includes("Settings"));
    const text = await product.workbench.editors.text();
    for (const secret of [token, apiKey, vin]) assert.ok(!text.includes(secret), text);
    const { editors, notifications, page, screen } = product.workbench;
    await editors.clickLens("Copy All");
    await screen.eventually(
      "the document on the clipboard",
      () => page.evaluate<string>("navigator.clipboard.readText()"),
      (copied) => copied.startsWith("# ") && copied.includes("\n## Requests of this window"),
    );
    await screen.eventually(
      "the first line, with the commands above it",
      () => editors.text(),
      (text) => text.includes("# Volvo Charging: diagnostics"),
    );
    assert.ok(!notifications.shown().some(({ message }) => /diagnostics|sent/i.test(message)), "the document says it");
    await editors.clickLens("Report Issue");
    const { message, detail } = await product.workbench.dialog.waitFor();
    assert.match(`${message} ${detail}`, /issues\/new\?template=bug\.yml&versions=Extension/);
    await product.workbench.dialog.click("Cancel");
    await session.screenshot("diagnostics");
    await product.workbench.run("View: Close All Editors");
    assert.equal(await product.workbench.dialog.read(), undefined, "no question whether to save");
  });

  it("sends credentials only to the origin they were entered for, and finds them again there", async () => {
    const before = simulator.volvo.requests.all.length;
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": elsewhere.origin });
    await product.item.waitFor(({ text }) => text.includes("Set Up"));
    assert.deepEqual(elsewhere.volvo.requests.all, []);
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": simulator.origin });
    await product.item.waitFor(({ text }) => text.includes("AC"));
    await untilAskable(simulator);
    await product.run("Refresh");
    await until("another request", () => simulator.volvo.requests.all.length > before);
  });

  it("sends no request to an http address on a public host, says so, and keeps the stored data", async () => {
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": "http://api.volvocars.example" });
    const item = await product.item.waitFor(({ background }) => background === "warning");
    assert.ok(item.ariaLabel.includes("must use https"), item.ariaLabel);
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": simulator.origin });
    await product.item.waitFor(({ text, background }) => text.includes("AC") && background === "none");
  });

  it("accepts no Volvo ID response from a link that opens VS Code, and sends no request because of it", async () => {
    const { workbench } = product;
    const asked = () => simulator.volvo.requests.all.filter(({ path: asking }) => asking.includes("/as/")).length;
    await workbench.run("Developer: Open URL");
    const query = "code=forged&state=forged";
    await workbench.quickInput.answer(`code-oss://chargeglance.volvo-charging-status/callback?${query}`);
    const { buttons } = await workbench.dialog.waitFor();
    const open = buttons.find((label) => /open/i.test(label));
    assert.ok(open, buttons.join());
    await workbench.dialog.click(open);
    await workbench.notifications.waitFor(/No window is waiting for this response from Volvo ID/);
    await product.item.waitFor(({ text }) => text.includes("AC"));
    assert.equal(asked(), 0);
  });

  it("uses the default for a value of the wrong type and ignores a wrong VIN, without losing any entry", async () => {
    await product.workbench.changeSettings({
      "volvoCharging.vehicles": [{ vin, name: hostileName }, "NOT-A-VIN", 7],
      "volvoCharging.refreshInterval": "often",
      "volvoCharging.statusBar.text": 3,
    });
    await product.item.waitFor(({ text }) => text.includes("AC"));
    const rows = await product.tree.waitForRows((all) => all.length === 4);
    assert.deepEqual(
      rows.slice(0, 3).map(({ label, description }) => `${label}: ${description}`),
      ["vehicles", "refreshInterval", "statusBar.text"].map((key) => `Invalid setting: ${key}`),
    );
    await session.screenshot("settings-faults");
    await untilLogged(
      session,
      /volvoCharging\.refreshInterval has a value of the wrong type; the default is used/,
      /Entry 2 in volvoCharging\.vehicles isn't a valid VIN/,
      /Entry 3 in volvoCharging\.vehicles isn't a valid VIN/,
    );
  });

  it("shows a name with Markdown, HTML, an icon and a link as plain text in the item, the row and both hovers", async () => {
    const item = await product.item.waitFor(({ text }) => text.includes("<img"));
    assert.ok(item.icons.every(({ id }) => /^(?:volvo-charging-\w+|watch)$/.test(id)));
    const whole = "<img src=x>[a] (command:b)$ (zap)**c**<a href=d>|`e`";
    const row = await product.tree.row("<img src=x>[a] (command…").waitFor();
    assert.ok(row.icon?.id.startsWith("volvo-charging-"));
    const own = new Set(commandNames.map((name) => `command:${commandId(name)}`));
    for (const { text, links, icons, html } of [
      await product.item.hover(),
      await product.tree.row(row.label).hover(),
    ]) {
      assert.ok(text.includes(whole), text);
      assert.ok(links.every(({ target }) => own.has(target)));
      assert.ok(!icons.some(({ id }) => id === "zap"));
      assert.doesNotMatch(html, /<img|<code|href="d|>c<|\u202e/);
    }
    await session.screenshot("hostile-name");
    await product.workbench.changeSettings({
      "volvoCharging.vehicles": [vin],
      "volvoCharging.refreshInterval": undefined,
      "volvoCharging.statusBar.text": undefined,
    });
  });

  it("also ignores the workspace's settings once the workspace is trusted", async () => {
    const { workbench, tree, item } = product;
    const asked = elsewhere.volvo.requests.all.length;
    const isOneCar = (rows: readonly { readonly label: string }[]) =>
      rows.map(({ label }) => label).join() === "EX30 2024";
    const isUnchanged = (state: { readonly side: string; readonly text: string }) =>
      state.side === "right" && /^\s*EX30 2024 AC$/.test(state.text);
    await tree.waitForRows(isOneCar);
    await item.waitFor(isUnchanged);
    const restricted = workbench.statusBarItem("status.workspaceTrust");
    await restricted.waitFor();
    await workbench.run("Workspaces: Manage Workspace Trust");
    const trust = workbench.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true });
    await workbench.screen.click(trust, "Trust");
    await restricted.waitUntilHidden();
    await session.screenshot("trusted");
    await workbench.run("View: Close Editor");
    // The workspace's settings would take effect at once with the trust.
    await tree.row("EX30 2024").expand();
    await tree.row("VIN").waitFor(({ description }) => description === `…${vin.slice(-4)}`);
    const [state, rows] = [await item.read(), await tree.rows()];
    assert.ok(state && isUnchanged(state), JSON.stringify(state));
    assert.ok(isOneCar(rows.filter(({ level }) => level === 1)), JSON.stringify(rows));
    assert.equal(elsewhere.volvo.requests.all.length, asked);
  });

  it("follows no redirect: the other host receives neither token nor key", async () => {
    await product.workbench.changeSettings({ "volvoCharging.api.baseUrl": redirect.origin });
    await product.item.waitFor(({ text }) => text.includes("Set Up"));
    await product.connectByHand(token);
    await until("a request", () => redirect.received.length > 0);
    await product.item.waitFor(({ icons }) => icons.some(({ id }) => id === "watch"));
    assert.deepEqual(elsewhere.volvo.requests.all, []);
  });
});

/** The file that the workspace's task or extension would write if it ran. */
const traceOf = (folder: string) => path.join(folder, "ran");

/** A task that runs when the folder is opened, and an extension in the workspace. */
async function bringTrouble(folder: string): Promise<void> {
  const command = `echo ran >> ${traceOf(folder)}`;
  const task = { label: "t", type: "shell", command, runOptions: { runOn: "folderOpen" } };
  await fs.writeFile(path.join(folder, ".vscode", "tasks.json"), JSON.stringify({ version: "2.0.0", tasks: [task] }));
  const own = path.join(folder, ".vscode", "extensions", "evil");
  await fs.mkdir(own, { recursive: true });
  const manifest = { name: "evil", publisher: "e", version: "1.0.0", main: "./main.js", activationEvents: ["*"] };
  await fs.writeFile(path.join(own, "package.json"), JSON.stringify({ ...manifest, engines: { vscode: "^1.90.0" } }));
  const main = `exports.activate = () => require("fs").appendFileSync(${JSON.stringify(traceOf(folder))}, "ran");`;
  await fs.writeFile(path.join(own, "main.js"), main);
}

/** Resolves when the extension's log contains a line for each of `patterns`. */
async function untilLogged(session: UiSession, ...patterns: readonly RegExp[]): Promise<void> {
  let log = "";
  const holds = async () => {
    const file = (await session.writtenFiles()).find((name) => name.endsWith("Volvo Charging.log"));
    log = file === undefined ? "" : await fs.readFile(file, "utf8");
    return patterns.every((pattern) => pattern.test(log));
  };
  await until("the log", holds).catch(() => {
    for (const pattern of patterns) assert.match(log, pattern);
  });
}
