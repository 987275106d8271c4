import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { secretKeys } from "../../src/auth/credentialStore";
import { systemClock } from "../../src/base/clock";
import { createStateFolder } from "../../src/host/stateFolder";
import { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { simulatorFetch } from "../../src/simulator/simulatorFetch";
import { readState } from "../../src/windows/stateFile";
import { stateFile, turnOf } from "../../src/windows/stateFileNames";
import { SecretWorld } from "../support/auth/secrets";
import { onSmallDisk } from "../support/disk/smallDisk";
import { addToCount } from "../support/counts";
import { type Breakage, faultyFolder, type FolderFault } from "../support/disk/faultyFolder";
import { RealCore, testTokenSecrets } from "../support/product/realCore";

const vin = "YV1TEST0000000001";
const origin = "https://volvo.test";
const apiKey = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/** The last time (ms) that a Date can represent. */
const furthest = 8_640_000_000_000_000;
const today = Math.floor(Date.now() / 86_400_000);

interface FileKind {
  /** The name in test titles. */
  readonly title: string;
  /** All files of this kind, by their path in the folder. */
  readonly names: RegExp;
  /** The file that is damaged; by default the one with the highest number. */
  readonly name?: string;
  readonly healthy?: string;
  /** Replaces the content with impossible numbers and times. */
  readonly impossible?: (content: string) => string;
  /** The expected log line about the damage. */
  readonly logLine?: RegExp;
  /** Each check with a test token uses it. */
  readonly isUsedByCheck?: boolean;
  /** A folder under its name prevents windows from sharing their state. */
  readonly isVital?: boolean;
}

/** The kinds of file in the global storage that the windows share. */
const files: readonly FileKind[] = [
  {
    title: "the state",
    isUsedByCheck: true,
    names: /^state\.\d+\.json$/,
    impossible: (content) => content.replace(/"calls":\{[^}]*\}/, `"calls":{"day":${today},"calls":99999}`),
    logLine: /The shared state is damaged/,
  },
  { title: "the salt", isUsedByCheck: true, names: /^salt$/, name: "salt", isVital: true },
  { title: "the lock", isUsedByCheck: true, names: /^refresh\/\d+$/ },
  {
    title: "the generation",
    names: /^refresh\/refresh\.generation$/,
    name: "refresh/refresh.generation",
    healthy: "1",
    impossible: () => `${Number.MAX_SAFE_INTEGER} ${furthest}`,
  },
  { title: "the mark of credentials", names: /^credentials-stored$/, name: "credentials-stored", healthy: "" },
  { title: "a claim of an event", names: /^events\//, name: "events/0badcafe0badcafe", healthy: "" },
  { title: "a claim of a reminder", names: /^reminders\//, name: "reminders/2026-11-23", healthy: "" },
];

/** The files involved in renewing a sign-in. */
const ofSignIn = files.filter(({ title }) => ["the lock", "the generation", "the mark of credentials"].includes(title));

const garbage = "\u0000\ufffd{]garbage\n\r" + "x".repeat(4096);

describe("state on disk", function () {
  this.timeout(30_000);
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

  const connection = (real: RealCore) => real.core.carStore.current.cars[0]?.reading?.connection.value.kind;
  const shows = (real: RealCore) => real.until("the car", () => connection(real) === "connectedAc");
  const file = (name: string) => path.join(folder, ...name.split("/"));

  /** Waits until the window gets an exclusive turn. */
  const takesTurns = (real: RealCore) =>
    real.until("a turn", async ({ turns }) => {
      const outcome = await turns.take("refresh", ({ isExclusive }) => Promise.resolve(isExclusive));
      return outcome?.value === true;
    });

  /** The name of the file with the highest number of its kind. */
  async function nameOf({ name, names }: FileKind): Promise<string> {
    if (name !== undefined) return name;
    const all = await fs.readdir(folder, { recursive: true });
    const own = all.map((each) => each.replaceAll(path.sep, "/")).filter((each) => names.test(each));
    const numberOf = (each: string) => Number(/\d+/.exec(each)?.[0]);
    return own.sort((a, b) => numberOf(b) - numberOf(a))[0] ?? assert.fail(`none of ${all.join(", ")}`);
  }

  async function stateText(): Promise<string> {
    const turns = (await fs.readdir(folder)).map((name) => turnOf(name) ?? 0);
    return fs.readFile(file(stateFile(Math.max(...turns))), "utf8");
  }

  /** Waits until the last reading is in the shared state, so another window needs no request. */
  async function stateHolds(real: RealCore): Promise<void> {
    await real.until("the state", async () => {
      const text = await stateText().catch(() => "");
      const found = readState(text);
      const fetchedAt = real.core.carStore.current.cars[0]?.reading?.fetchedAt;
      return found.kind === "read" && found.file.checking.length === 0 && text.includes(`"fetchedAt":${fetchedAt}`);
    });
  }

  async function removeStates(): Promise<void> {
    const states = (await fs.readdir(folder)).filter((name) => turnOf(name) !== undefined);
    for (const name of states) await fs.rm(file(name), { recursive: true });
  }

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-disk-"));
    volvo = new SimulatedVolvo(systemClock, { cars: [{ vin, model: "EX30", modelYear: 2024 }], apiKeys: [apiKey] });
    volvo.car(vin).set({ state: "ac", measuredAtMs: Date.now() - 60_000 });
    secrets = new SecretWorld(systemClock);
    const stored = testTokenSecrets(origin, apiKey, volvo.issueTestToken().value);
    for (const [key, value] of Object.entries(stored)) secrets.disk.set(key, value);
    for (const { name, healthy } of files) {
      if (name === undefined || healthy === undefined) continue;
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

  /** Stores a Volvo ID sign-in with an expired access token. */
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

  /** Runs one window until its files are written. */
  async function writeFiles(): Promise<void> {
    const real = start();
    await shows(real);
    await stateHolds(real);
    await real.close();
    open.pop();
  }

  /** Calls {@link writeFiles} and then damages a healthy file of this kind. */
  async function damaged(kind: FileKind, damage: (name: string) => Promise<void>): Promise<void> {
    await writeFiles();
    const name = await nameOf(kind);
    if (kind.healthy !== undefined) await fs.writeFile(file(name), kind.healthy);
    await damage(name);
  }

  /** Asserts that the window shows the car, takes turns, and writes files with which the next one needs no request. */
  async function worksAndHeals(real: RealCore, logLine: RegExp | undefined): Promise<void> {
    await takesTurns(real);
    await shows(real);
    await stateHolds(real);
    await real.until("the next check", ({ carStore: { current } }) => {
      return current.nextCheckAt !== undefined && current.nextCheckAt - Date.now() < 600_000;
    });
    assert.deepEqual(
      real.lines.map((line) => logLine?.test(line)),
      logLine ? [true] : [],
      real.lines.join("\n"),
    );
    await real.close();
    open.splice(open.indexOf(real), 1);
    const before = volvo.requests.all.length;
    const next = start();
    await shows(next);
    await takesTurns(next);
    assert.equal(volvo.requests.all.length, before, "a fresh reading causes no request");
    assert.deepEqual(next.lines, [], "no damage is left");
    addToCount("Damaged state files survived", 1);
  }

  const link = async (name: string) => {
    await fs.rm(file(name), { force: true });
    await fs.symlink(path.join(folder, "nowhere"), file(name));
  };
  const makeFolder = async (name: string) => {
    await fs.rm(file(name), { force: true });
    await fs.mkdir(path.join(file(name), "below"), { recursive: true });
  };

  for (const kind of files) {
    const { title, impossible, logLine, isVital } = kind;
    type Damage = readonly [how: string, damage: (name: string) => Promise<void>, isSilent?: boolean];
    const shortened: readonly Damage[] = [
      ["is empty", (name) => fs.writeFile(file(name), "")],
      ["is truncated", async (name) => fs.truncate(file(name), Math.floor((await fs.stat(file(name))).size / 2))],
    ];
    const damages: readonly Damage[] = [
      // A file that is always empty cannot be shortened.
      ...(kind.healthy === "" ? [] : shortened),
      ["is garbage", (name) => fs.writeFile(file(name), garbage)],
      ["is missing", (name) => fs.rm(file(name)), true],
      ["is a link to nowhere", link, true],
      ...(impossible
        ? [["has an impossible number", (name: string) => replaceBy(name, impossible), true] as const]
        : []),
    ];
    for (const [how, damage, isSilent = false] of damages) {
      it(`keeps working if ${title} ${how}`, async () => {
        await damaged(kind, damage);
        await worksAndHeals(start(), isSilent ? undefined : logLine);
      });

      if (!ofSignIn.includes(kind)) continue;
      it(`renews an expired sign-in if ${title} ${how}`, async () => {
        signIn();
        await damaged(kind, damage);
        await removeStates();
        makeDue();
        await worksAndHeals(start(), isSilent ? undefined : logLine);
        assert.deepEqual(
          volvo.volvoId.events.map((event) => event.kind),
          ["signed-in", "refreshed", "refreshed"],
        );
      });
    }

    if (isVital) {
      it(`shows the car if ${title} is a folder, and logs once that the shared folder cannot be used`, async () => {
        await damaged(kind, makeFolder);
        const real = start();
        // It first waits for the last asker, and asks on its own only after two failures.
        await real.until("the car", () => connection(real) === "connectedAc", 15_000);
        assert.match(real.lines.join("\n"), /^The shared folder cannot be used[^\n]*$/);
        await fs.rm(file(await nameOf(kind)), { recursive: true });
        await real.core.setMode(undefined);
        await stateHolds(real);
        addToCount("Damaged state files survived", 1);
      });
    } else {
      it(`keeps working if ${title} is a folder`, async () => {
        await damaged(kind, makeFolder);
        await worksAndHeals(start(), undefined);
      });
    }
  }

  it("neither adopts nor overwrites a state of a newer version, and sends no request", async () => {
    await writeFiles();
    const name = await nameOf(files[0]!);
    const newer = '{"schema":99,"cars":[]}';
    await fs.writeFile(file(name), newer);
    const before = volvo.requests.all.length;
    const real = start();
    await real.until("detection of the newer version", ({ carStore }) => carStore.current.sharing === "newer");
    assert.equal((await real.core.polling.refresh()).kind, "notReady");
    assert.equal(await fs.readFile(file(name), "utf8"), newer);
    assert.equal(volvo.requests.all.length, before);
    assert.deepEqual(real.lines, []);
    addToCount("Damaged state files survived", 1);
  });

  it("keeps working if the lock's files are deleted, although its numbers restart below that of the state", async () => {
    await writeFiles();
    await fs.rm(file("refresh"), { recursive: true });
    await worksAndHeals(start(), undefined);
  });

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
    it(`shows the cars if the folder ${title}, logs no line twice, and recovers`, async () => {
      const breakage: Breakage = { code, calls };
      const real = start(breakage);
      await shows(real);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const about = real.lines.filter((line) => line.includes(code));
      assert.ok(about.length >= 1 && about.length === new Set(about).size && about.length <= 3, real.lines.join("\n"));
      breakage.calls = [];
      await takesTurns(real);
      await real.core.setMode(undefined);
      await stateHolds(real);
      assert.equal(real.core.carStore.current.sharing, "shared");
      addToCount("Broken folders survived", 1);
    });
  }

  for (const kind of files.filter(({ isUsedByCheck }) => isUsedByCheck)) {
    const { title: name, names } = kind;
    for (const [title, code, calls] of [
      ["is not writable", "EACCES", writes],
      ["is not readable", "EIO", ["read"]],
    ] as const) {
      it(`shows the car while ${name} ${title}, logs no line twice, and recovers`, async () => {
        await writeFiles();
        // Without its file, the window has to write it.
        if (calls === writes) await fs.rm(file(await nameOf(kind)));
        // Without a state the car is due at once.
        if (name !== "the state") await removeStates();
        let failed = 0;
        const breakage: Breakage = { code, calls, files: names, onFailure: () => failed++ };
        const real = start(breakage);
        await shows(real);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const about = real.lines.filter((line) => line.includes(code));
        assert.equal(about.length, new Set(about).size, real.lines.join("\n"));
        assert.ok(real.lines.length <= 3, real.lines.join("\n"));
        assert.ok(failed > 0, "no call has failed");
        breakage.calls = [];
        await takesTurns(real);
        await real.core.setMode(undefined);
        await stateHolds(real);
        addToCount("Broken files survived", 1);
      });
    }
  }

  it("shows the cars if the folder is a file", async () => {
    await fs.rm(folder, { recursive: true });
    await fs.writeFile(folder, "no folder");
    const real = start();
    await shows(real);
    assert.equal(real.lines.filter((line) => line.includes("The shared folder cannot be used")).length, 1);
  });

  for (const name of ["refresh", "events", "reminders"]) {
    it(`shows the cars if the folder ${name} is a file`, async () => {
      await writeFiles();
      await fs.rm(file(name), { recursive: true });
      await removeStates();
      await fs.writeFile(file(name), "no folder");
      const real = start();
      await shows(real);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(real.lines.length, name === "refresh" ? 1 : 0, real.lines.join("\n"));
    });
  }

  it("leaves no empty and no cut file on a real full disk, because an empty lock file would block every window", async function () {
    const full = path.join(__dirname, "..", "support", "disk", "fullDisk.js");
    const stdout = await onSmallDisk(folder, `exec ${process.execPath} ${full} ${folder}`);
    if (stdout === undefined) this.skip();
    assert.deepEqual(JSON.parse(stdout), {
      inPart: { replaced: "ENOSPC", state: "old", appended: "ENOSPC", created: "ENOSPC", left: ["state"] },
      created: "ENOSPC",
      left: [],
      replaced: "ENOSPC",
      leftOfReplaced: [],
      then: true,
    });
  });
});
