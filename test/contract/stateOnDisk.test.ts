import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { secretKeys } from "../../src/auth/credentialStore";
import { systemClock } from "../../src/base/clock";
import { createStateFolder } from "../../src/host/stateFolder";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { simulatorFetch } from "../../src/simulator/simulatorFetch";
import { readSnapshot } from "../../src/windows/stateFile";
import { SecretWorld } from "../support/authSecrets";
import { addToCount } from "../support/counts";
import { type Breakage, faultyFolder, type FolderFault } from "../support/faultyFolder";
import { RealCore, testTokenSecrets } from "../support/realCore";

const vin = "YV1TEST0000000001";
const origin = "https://volvo.test";
const apiKey = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const letter = "00000000-0000-4000-8000-000000000000";
/** The last time (ms) that a Date can represent. */
const furthest = 8_640_000_000_000_000;
const today = Math.floor(Date.now() / 86_400_000);

/** Every kind of file in the global storage, valid content for it, and the log message about a damaged one. */
const files: readonly {
  readonly name: string;
  readonly healthy?: string;
  readonly future?: string;
  /** Replaces the content with impossible numbers and times. */
  readonly large?: (content: string) => string;
  readonly says?: RegExp;
  /** A reader waits until the writer has finished or died. */
  readonly emptyIsSilent?: boolean;
  /** The file is read only when a request is made, so the snapshot must not make the request unnecessary. */
  readonly needsRequest?: boolean;
}[] = [
  {
    name: "snapshot.json",
    future: JSON.stringify({ schema: 99, cars: [] }),
    large: (content) => content.replace(/"calls":\{[^}]*\}/, `"calls":{"day":${today},"calls":99999}`),
    says: /What was last known is damaged/,
  },
  { name: "salt", says: /What cars are called in files is damaged/ },
  { name: "focus", healthy: `${Date.now()} ${Date.now()}`, large: () => `${furthest} ${furthest}` },
  { name: "credentials-current" },
  { name: "credentials-stored", healthy: "" },
  { name: "lease/7", healthy: "released" },
  { name: "refresh/7", healthy: "released" },
  {
    name: "refresh/refresh.generation",
    healthy: "1",
    large: () => `${Number.MAX_SAFE_INTEGER} ${furthest}`,
  },
  {
    name: `calls/${today}-0badcafe`,
    healthy: "12",
    large: () => "99999",
    says: /Calls cannot be counted/,
    emptyIsSilent: true,
    needsRequest: true,
  },
  { name: "windows/0badcafe", healthy: String(Date.now()), large: () => String(furthest) },
  { name: "events/0badcafe", healthy: "" },
  { name: "announced/0badcafe", healthy: "" },
  {
    name: `request-${letter}.json`,
    healthy: JSON.stringify({ kind: "refresh", credentials: "0000000000000000", at: Date.now() }),
    large: () => JSON.stringify({ kind: "refresh", credentials: "0000000000000000", at: furthest }),
  },
  {
    name: `answer-${letter}.json`,
    healthy: JSON.stringify({ at: Date.now(), outcome: { kind: "notReady" } }),
    large: () => JSON.stringify({ at: furthest, outcome: { kind: "notReady" } }),
  },
];

/** The files involved in renewing a sign-in. */
const ofSignIn = ["refresh/7", "refresh/refresh.generation", "credentials-current", "credentials-stored"];

const garbage = "\u0000\ufffd{]garbage\n\r" + "x".repeat(4096);

describe("state on disk", function () {
  this.timeout(20_000);
  let folder: string;
  let volvo: SimulatedVolvo;
  const open: RealCore[] = [];

  function start(breakage?: Breakage): RealCore {
    const real = RealCore.open({
      path: folder,
      fetch: simulatorFetch(volvo),
      settings: { vehicles: [vin], "api.baseUrl": origin },
      secrets,
      ...(breakage && { folder: faultyFolder(createStateFolder(folder), breakage) }),
    });
    open.push(real);
    return real;
  }
  let secrets: SecretWorld;

  const connection = (real: RealCore) => real.core.garage.current.cars[0]?.reading?.connection.value.kind;
  const shows = (real: RealCore) => real.until("the car", () => connection(real) === "connectedAc");
  const leads = (real: RealCore) => real.until("the lead", () => real.core.polling.role === "leader");
  const file = (name: string) => path.join(folder, ...name.split("/"));

  async function snapshotHolds(real: RealCore): Promise<void> {
    await real.until("a snapshot", async () => {
      const text = await fs.readFile(file("snapshot.json"), "utf8").catch(() => "");
      const fetchedAt = real.core.garage.current.cars[0]?.reading?.fetchedAt;
      return readSnapshot(text)?.checking.length === 0 && text.includes(`"fetchedAt":${fetchedAt}`);
    });
  }

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-disk-"));
    volvo = new SimulatedVolvo(systemClock, { cars: [{ vin, model: "EX30", modelYear: 2024 }], apiKeys: [apiKey] });
    volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 60_000 });
    secrets = new SecretWorld(systemClock);
    const stored = testTokenSecrets(origin, apiKey, volvo.issueTestToken().value);
    for (const [key, value] of Object.entries(stored)) secrets.disk.set(key, value);
    for (const { name, healthy } of files) {
      if (healthy === undefined) continue;
      await fs.mkdir(path.dirname(file(name)), { recursive: true });
      await fs.writeFile(file(name), healthy);
    }
  });

  afterEach(async () => {
    for (const real of open.splice(0)) await real.close();
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });

  async function replaceBy(name: string, change: (content: string) => string): Promise<void> {
    const before = await fs.readFile(file(name), "utf8");
    const after = change(before);
    assert.notEqual(after, before);
    await fs.writeFile(file(name), after);
  }

  /** Signed in with Volvo ID, with no request since the access token expired. */
  function signIn(): void {
    const tokens = volvo.volvoId.signIn();
    const { clientId, clientSecret } = volvo.volvoId.options;
    const grant = {
      kind: "volvoId",
      signInId: "the-sign-in",
      generation: 1,
      origin,
      issuer: "https://volvoid.eu.volvocars.com",
      clientId,
      clientSecret,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      refreshedAt: Date.now(),
      signedInAt: Date.now(),
      scopes: ["openid", "energy:state:read"],
      label: "",
    };
    secrets.disk.set(secretKeys.grant, JSON.stringify(grant));
    makeDue();
  }

  function makeDue(): void {
    const grant = JSON.parse(secrets.disk.get(secretKeys.grant) ?? "") as object;
    secrets.disk.set(secretKeys.grant, JSON.stringify({ ...grant, expiresAt: Date.now() - 1 }));
  }

  /** Runs one window, so that its files can then be damaged. */
  async function live(): Promise<void> {
    const real = start();
    await shows(real);
    await snapshotHolds(real);
    await real.close();
    open.pop();
  }

  /** The window shows the car, leads, and leaves files that let the next window start without a request. */
  async function worksAndHeals(real: RealCore, says: RegExp | undefined): Promise<void> {
    await shows(real);
    await leads(real);
    await snapshotHolds(real);
    await real.until("the next check", ({ garage: { current } }) => {
      return current.nextCheckAt !== undefined && current.nextCheckAt - Date.now() < 600_000;
    });
    assert.deepEqual(
      real.lines.map((line) => says?.test(line)),
      says ? [true] : [],
      real.lines.join("\n"),
    );
    await real.close();
    open.splice(open.indexOf(real), 1);
    const before = volvo.requests.all.length;
    const next = start();
    await shows(next);
    await leads(next);
    assert.equal(volvo.requests.all.length, before, "what is known needs no request");
    assert.deepEqual(next.lines, [], "nothing is damaged any more");
    addToCount("Damaged state files survived", 1);
  }

  for (const { name, healthy, future, large, says, emptyIsSilent, needsRequest } of files) {
    const damages: readonly (readonly [how: string, damage: () => Promise<void>, isSilent?: boolean])[] = [
      ["empty", () => fs.writeFile(file(name), ""), emptyIsSilent ?? false],
      ["garbage", () => fs.writeFile(file(name), garbage)],
      [
        "truncated",
        async () => {
          const { size } = await fs.stat(file(name));
          await fs.truncate(file(name), Math.floor(size / 2));
        },
        true,
      ],
      ["missing", () => fs.rm(file(name)), true],
      ["of a newer version", () => fs.writeFile(file(name), future ?? '{"schema":99}'), false],
      ...(large
        ? [["with an impossible number", () => replaceBy(name, large), name === "snapshot.json"] as const]
        : []),
    ];
    for (const [how, damage, isSilent] of damages) {
      // Half of a snapshot or a salt is damaged; half of a number is another number.
      const tells = how === "truncated" ? name === "snapshot.json" || name === "salt" : isSilent !== true;
      it(`keeps working with ${name} ${how}, and repairs it`, async () => {
        await live();
        if (healthy !== undefined) await fs.writeFile(file(name), healthy);
        await damage();
        if (needsRequest) await fs.rm(file("snapshot.json"));
        await worksAndHeals(start(), tells ? says : undefined);
      });

      if (!ofSignIn.includes(name)) continue;
      it(`renews an expired sign-in with ${name} ${how}`, async () => {
        signIn();
        await live();
        if (healthy !== undefined) await fs.writeFile(file(name), healthy);
        await damage();
        await fs.rm(file("snapshot.json"));
        makeDue();
        await worksAndHeals(start(), tells ? says : undefined);
        assert.deepEqual(
          volvo.volvoId.events.map(({ kind }) => kind),
          ["signed-in", "refreshed", "refreshed"],
        );
      });
    }
  }

  const writes: readonly FolderFault[] = ["create", "overwrite", "replace", "remove"];
  const broken: readonly (readonly [title: string, code: string, calls: readonly FolderFault[]])[] = [
    ["is full", "ENOSPC", ["create", "overwrite", "replace"]],
    ["is not writable", "EACCES", writes],
    ["is read-only", "EROFS", writes],
    ["is not readable", "EIO", ["list", "read", "version", ...writes]],
    ["does not create files exclusively (not permitted)", "EPERM", ["create", "replace"]],
    ["does not create files exclusively (not supported)", "ENOTSUP", ["create", "replace"]],
    ["does not replace files", "EPERM", ["replace"]],
  ];

  for (const [title, code, calls] of broken) {
    it(`shows the cars if the folder ${title}, logs it once, and recovers`, async () => {
      const breakage = { code, calls };
      const real = start(breakage);
      await shows(real);
      await real.until("a part", () => real.core.polling.role === "leader" || real.core.polling.role === "alone");
      await new Promise((resolve) => setTimeout(resolve, 300));
      const about = real.lines.filter((line) => line.includes(code));
      assert.ok(about.length >= 1 && about.length === new Set(about).size && about.length <= 3, real.lines.join("\n"));
      breakage.calls = [];
      await leads(real);
      await real.core.polling.refresh();
      real.core.garage.updateAccount((account) => ({ ...account }));
      await snapshotHolds(real);
      addToCount("Broken folders survived", 1);
    });
  }

  for (const { name } of files) {
    for (const [title, code, calls] of [
      ["is not writable", "EACCES", writes],
      ["is not readable", "EIO", ["read"]],
    ] as const) {
      it(`shows the car while ${name} ${title}, logs it at most once, and recovers`, async () => {
        await live();
        const breakage = { code, calls: calls as readonly FolderFault[], file: name };
        const real = start(breakage);
        await shows(real);
        await real.until("a part", () => real.core.polling.role !== undefined && real.core.polling.role !== "follower");
        await new Promise((resolve) => setTimeout(resolve, 300));
        const about = real.lines.filter((line) => line.includes(code));
        assert.equal(about.length, new Set(about).size, real.lines.join("\n"));
        assert.ok(real.lines.length <= 2, real.lines.join("\n"));
        breakage.calls = [];
        await leads(real);
        real.core.garage.updateAccount((account) => ({ ...account }));
        await snapshotHolds(real);
        addToCount("Broken files survived", 1);
      });
    }
  }

  it("shows the cars if the folder is a file, or a file is a folder", async () => {
    await fs.rm(folder, { recursive: true });
    await fs.writeFile(folder, "no folder");
    const real = start();
    await shows(real);
    await real.close();
    open.pop();
    await fs.rm(folder);
    await fs.mkdir(file("snapshot.json"), { recursive: true });
    const next = start();
    await shows(next);
    await leads(next);
    assert.equal(next.lines.filter((line) => line.includes("Other windows cannot be told")).length, 1);
  });

  it("leaves no file behind on a real full disk, because an empty lease would block every window", async function () {
    const full = path.join(__dirname, "..", "support", "fullDisk.js");
    const script = `mount -t tmpfs -o size=64k tmpfs ${folder} && exec ${process.execPath} ${full} ${folder}`;
    const run = promisify(execFile)("unshare", ["-rm", "sh", "-c", script], { timeout: 15_000 });
    const { stdout } = await run.catch((error: unknown) => {
      const { stderr = "" } = error as { stderr?: string };
      if (!/unshare|mount|not permitted/i.test(stderr) && !String(error).includes("ENOENT")) throw error;
      return { stdout: "" };
    });
    if (stdout === "") {
      console.log("    skipped: this system does not allow mounting a disk (unshare)");
      this.skip();
    }
    assert.deepEqual(JSON.parse(stdout), {
      created: "ENOSPC",
      left: [],
      replaced: "ENOSPC",
      leftOfReplaced: [],
      then: true,
    });
  });
});
