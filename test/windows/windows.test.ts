import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import { schemaVersion } from "../../src/windows/stateFileNames";
import { systemError } from "../support/disk/memoryFolder";
import { Computer, type SimulatedWindow, vinAt, type WindowOptions } from "../support/windows/computer";

/** Follows the promise: `outcome` is "still waits" until it resolves. */
function watched(promise: Promise<unknown>): { outcome: unknown } {
  const watch: { outcome: unknown } = { outcome: "still waits" };
  void promise.then((outcome) => (watch.outcome = outcome));
  return watch;
}

describe("Several windows of one user", () => {
  let computer: Computer;

  function open(count: number): readonly SimulatedWindow[] {
    return Array.from({ length: count }, () => computer.open({ isFocused: true }));
  }

  beforeEach(() => {
    computer = new Computer();
  });

  it("send as many requests as one window", async () => {
    open(5);
    await computer.run(2 * hourMs);
    const readings = computer.service.requests.filter(({ kind }) => kind === "reading").length;
    assert.ok(readings >= 22 && readings <= 24, `${readings} readings`);
    assert.equal(computer.askersSince(0).length, 1, "the same window always asks");
  });

  it("show a reading within two seconds, or at their next look at the folder if the file system reports no changes", async () => {
    for (const watches of [true, false]) {
      computer = new Computer();
      const windows = [1, 2, 3].map(() => computer.open({ isFocused: true, watches }));
      await computer.run(minuteMs);
      assert.deepEqual(
        windows.map(({ shown }) => shown),
        ["connectedAc", "connectedAc", "connectedAc"],
      );
      computer.service.plugs.set(computer.windows[0]!.core.carStore.current.cars[0]!.vin, "FAULT");
      const before = computer.service.requests.length;
      while (computer.service.requests.length === before) await computer.run(100);
      // A focused window looks at the folder at least every 15 s.
      await computer.run(computer.service.latencyMs + (watches ? 2 : 16) * secondMs);
      assert.deepEqual(
        windows.map(({ shown }) => shown),
        ["fault", "fault", "fault"],
      );
    }
  });

  it("show the last known state at once, before any request", async () => {
    computer.open().core.dispose();
    const [first] = open(1);
    await computer.run(minuteMs);
    first!.close();
    const before = computer.service.requests.length;
    const next = computer.open();
    await computer.run(0);
    assert.equal(next.shown, "connectedAc");
    assert.equal(computer.service.requests.length, before);
    await computer.run(minuteMs);
    assert.equal(computer.service.requests.length, before, "a fresh reading causes no request");
  });

  it("show the last known state even if the first attempt to read it fails", async () => {
    let failures = 0;
    const fault = (_: string, name: string) => (name === "salt" && failures++ === 0 ? systemError("EIO") : undefined);
    open(1);
    await computer.run(minuteMs);
    const next = computer.open({ fault });
    await computer.run(10 * secondMs);
    assert.ok(failures > 1);
    assert.equal(next.shown, "connectedAc");
  });

  for (const [how, end, earlierMs] of [
    ["is closed", (window: SimulatedWindow) => window.close(), 3 * minuteMs],
    ["is closed just before", (window: SimulatedWindow) => window.close(), secondMs],
    ["is killed", (window: SimulatedWindow) => window.kill(), 3 * minuteMs],
    ["is killed just before", (window: SimulatedWindow) => window.kill(), secondMs],
    ["has lost its page", (window: SimulatedWindow) => window.abandon(), 3 * minuteMs],
  ] as const) {
    it(`ask at most 30 s after the check is due if the last asker ${how}`, async () => {
      open(3);
      await computer.run(minuteMs);
      const { lastAsker: ended, clock } = computer;
      const dueAt = ended.core.carStore.current.nextCheckAt!;
      await computer.run(dueAt - clock.now() - earlierMs);
      end(ended);
      const endedAt = clock.realMs;
      await computer.run(earlierMs + 30 * secondMs);
      assert.equal(computer.askersSince(endedAt).length, 1);
      assert.notEqual(computer.lastAsker, ended);
      await computer.run(hourMs);
      assert.equal(computer.askersSince(endedAt).length, 1);
      const readings = computer.service.requests.filter(({ kind }) => kind === "reading").length;
      assert.ok(readings >= 11 && readings <= 14, `${readings} readings`);
    });
  }

  it("all show the result of a refresh in one of them, which also gets the outcome", async () => {
    const windows = open(3);
    await computer.run(minuteMs);
    const { bystander } = computer;
    computer.service.plugs.set(bystander.core.carStore.current.cars[0]!.vin, "DC");
    const outcome = bystander.core.polling.refresh();
    await computer.run(2 * secondMs);
    assert.equal((await outcome).kind, "checked");
    assert.deepEqual(
      windows.map(({ shown }) => shown),
      ["connectedDc", "connectedDc", "connectedDc"],
    );
    const again = bystander.core.polling.refresh();
    await computer.run(secondMs);
    assert.equal((await again).kind, "recent");
  });

  it("refresh a car ten seconds after another window asked for it, even if they read that request late", async () => {
    open(1);
    await computer.run(minuteMs);
    const { requests, latencyMs } = computer.service;
    await computer.run(requests.at(-1)!.realMs + 9 * secondMs - computer.clock.realMs);
    const before = requests.length;
    const next = computer.open({ isFocused: true });
    await computer.run(500);
    const early = next.core.polling.refresh();
    await computer.run(1_000);
    assert.equal((await early).kind, "recent");
    const outcome = next.core.polling.refresh();
    await computer.run(latencyMs + secondMs);
    assert.equal((await outcome).kind, "checked");
    assert.equal(requests.length, before + 1);
  });

  it("show every reading after their folder was deleted", async () => {
    const [first, second] = open(2);
    for (let times = 0; times < 4; times++) {
      await computer.run(12 * secondMs);
      void first!.core.polling.refresh();
    }
    await computer.run(12 * secondMs);
    for (const file of computer.files) {
      const at = file.lastIndexOf("/");
      await computer.disk.open(file.slice(0, at)).remove(file.slice(at + 1));
    }
    assert.deepEqual(computer.files, []);
    for (let times = 0; times < 8; times++) {
      const isAc = times % 2 === 0;
      computer.service.plugs.set(first!.core.carStore.current.cars[0]!.vin, isAc ? "AC" : "DC");
      void second!.core.polling.refresh();
      await computer.run(12 * secondMs);
      const expected = isAc ? "connectedAc" : "connectedDc";
      assert.deepEqual([first!.shown, second!.shown], [expected, expected], `reading ${times}`);
    }
  });

  it("do not collect files as they refresh", async () => {
    const windows = open(3);
    await computer.run(minuteMs);
    const { length } = computer.files;
    for (let times = 0; times < 12; times++) {
      const outcome = windows[times % 3]!.core.polling.refresh();
      await computer.run(12 * secondMs);
      assert.equal((await outcome).kind, "checked");
    }
    assert.ok(computer.files.length <= length + 1, computer.files.join());
  });

  it("settle the pending refresh and the pending check of a window that is closed", async () => {
    computer = new Computer({ cars: 2 });
    computer.service.latencyMs = 20 * secondMs;
    open(2);
    await computer.run(minuteMs);
    const { bystander, lastAsker } = computer;
    const { length } = computer.files;
    const refreshed = watched(bystander.core.polling.refresh());
    const checked = watched(bystander.core.polling.checkDue());
    await computer.run(secondMs / 10);
    assert.deepEqual([refreshed.outcome, checked.outcome], ["still waits", "still waits"]);
    bystander.core.dispose();
    lastAsker.close();
    await computer.run(0);
    assert.deepEqual([refreshed.outcome, checked.outcome], [{ kind: "notReady" }, undefined]);
    assert.ok(computer.files.length <= length, computer.files.join());
    await computer.run(5 * minuteMs);
    assert.equal(computer.clock.pendingTimers, 0);
  });

  /** A hash of the credentials in use. Windows with credentials but no car may store only this. */
  const credentialsMark = /^[0-9a-f]{16}$/;

  /** Nothing runs or waits to run in any window. */
  function assertIdle(when: string): void {
    assert.deepEqual([computer.clock.pendingTimers, computer.disk.watcherCount], [0, 0], when);
  }

  it("send no request before they are set up, and have no timer, watcher or file except the hash of the credentials", async () => {
    const incomplete = {
      "neither credentials nor a car": { signedIn: false, cars: 0 },
      "a car without credentials": { signedIn: false },
      "credentials without a car": { cars: 0 },
      "a sign-in without a car": { signedIn: "volvoId", cars: 0 },
      "an address that cannot be used": { settings: { "api.baseUrl": "http://volvo.test" } },
    } as const;
    for (const [when, options] of Object.entries(incomplete)) {
      computer = new Computer(options);
      open(2);
      await computer.run(hourMs);
      computer.windows[1]!.focus();
      const refresh = computer.windows[1]!.core.polling.refresh();
      await computer.run(minuteMs);
      assert.equal((await refresh).kind, "notReady", when);
      assertIdle(when);
      assert.deepEqual(computer.service.requests, [], when);
      assert.deepEqual(
        [...computer.disk.contents].filter(([, content]) => !credentialsMark.test(content)),
        [],
        when,
      );
      assert.equal(computer.windows[0]!.probes, 0, when);
    }
  });

  it("release timers and watchers after a sign-out or deletion in one of them, or when the last car is removed", async () => {
    const ends = {
      "signed out": () => computer.windows[1]!.core.session.signOut(),
      "deleted everything": () => computer.windows[1]!.core.session.deleteAll(),
      "removed the last car": async () => {
        await Promise.resolve();
        computer.change({ vehicles: [] });
      },
    };
    for (const signedIn of [true, "volvoId"] as const) {
      for (const [when, end] of Object.entries(ends)) {
        computer = new Computer({ cars: 2, signedIn });
        open(3);
        await computer.run(minuteMs);
        assert.ok(computer.clock.pendingTimers > 0 && computer.disk.watcherCount === 3);
        const done = end();
        await computer.run(minuteMs);
        await done;
        assertIdle(when);
        const before = computer.service.requests.length;
        await computer.run(hourMs);
        assertIdle(when);
        assert.equal(computer.service.requests.length, before, when);
      }
    }
  });

  it("poll at once when focus returns to any of them after a long time", async () => {
    for (let count = 0; count < 2; count++) computer.open();
    await computer.run(hourMs);
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs);
    await computer.run(6 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1, "the interval is three times as long without focus");
    computer.bystander.focus();
    await computer.run(2 * secondMs);
    assert.equal(computer.service.requests.length, before + 2);
  });

  it("check once after the computer slept", async () => {
    open(3);
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    computer.clock.sleep(9 * hourMs);
    await computer.run(30 * secondMs);
    assert.equal(computer.service.requests.length, before + 1);
    await computer.run(4 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1);
  });

  it("keep their interval when the clock is set back or forward", async () => {
    open(2);
    await computer.run(minuteMs);
    for (const by of [-5 * hourMs, 3 * hourMs, -40 * 24 * hourMs]) {
      computer.clock.set(by);
      const before = computer.service.requests.length;
      await computer.run(hourMs);
      const calls = computer.service.requests.length - before;
      assert.ok(calls >= 10 && calls <= 14, `${calls} calls in the hour after ${by / hourMs} h`);
    }
  });

  it("apply a changed setting, whichever of them asks", async () => {
    open(2);
    await computer.run(minuteMs);
    computer.change({ refreshInterval: 60, vehicles: ["YV1TEST0000000000", "YV1TEST0000000009"] });
    const before = computer.service.requests.length;
    await computer.run(10 * minuteMs);
    const calls = computer.service.requests.length - before;
    assert.ok(calls >= 18 && calls <= 24, `${calls} calls`);
    assert.ok(computer.windows.every(({ core }) => core.carStore.current.cars.length === 2));
  });

  it("repeat the request of a window that ends while waiting for the response, once and without waiting for an interval", async () => {
    for (const end of [(window: SimulatedWindow) => window.close(), (window: SimulatedWindow) => window.kill()]) {
      computer = new Computer();
      computer.service.latencyMs = 20 * secondMs;
      open(2);
      await computer.run(2 * secondMs);
      end(computer.lastAsker);
      await computer.run(40 * secondMs);
      const readings = computer.service.requests.filter(({ kind }) => kind === "reading");
      const [first, second] = readings;
      assert.equal(readings.length, 2);
      assert.ok(second!.realMs - first!.realMs >= 10 * secondMs);
    }
  });

  it("wait no longer than Volvo asked even if the clock is set back while all are closed", async () => {
    computer.service.weather = { kind: "rateLimited", retryAfter: String(6 * 60 * 60) };
    const [window] = open(1);
    await computer.run(minuteMs);
    window!.close();
    computer.clock.set(-5 * hourMs);
    open(1);
    const before = computer.service.requests.length;
    await computer.run(6 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1);
  });

  it("all wait as long as an unavailable service asks, and a refresh reports until when", async () => {
    const windows = open(2);
    await computer.run(minuteMs);
    const closedAt = computer.clock.now();
    computer.service.weather = { kind: "broken", status: 503, retryAfter: String(2 * 60 * 60) };
    await computer.run(hourMs);
    const requests = () => computer.service.requests.filter(({ at }) => at > closedAt).length;
    assert.equal(requests(), 1);
    const outcomes = windows.map(({ core }) => core.polling.refresh());
    await computer.run(minuteMs);
    for (const outcome of await Promise.all(outcomes)) {
      assert.ok(outcome.kind === "held" && outcome.hold.kind === "serviceUnavailable");
      assert.ok(outcome.hold.until > closedAt + 2 * hourMs);
    }
    computer.service.weather = { kind: "fine" };
    await computer.run(70 * minuteMs);
    assert.ok(requests() > 1);
    assert.ok(
      windows.every(({ core }) => !core.carStore.current.cars[0]!.problem && !core.carStore.current.account.hold),
    );
  });

  it("count every request, including look-ups of names and the other API version, and stop at the budget", async () => {
    computer = new Computer({ cars: 2, settings: { apiVersion: "auto", dailyCallBudget: 7, refreshInterval: 60 } });
    computer.service.weather = { kind: "v2Gone" };
    const windows = open(2);
    await computer.run(10 * secondMs);
    const { requests } = computer.service;
    assert.deepEqual(new Set(requests.map(({ kind }) => kind)), new Set(["reading", "model"]));
    const { account } = windows[1]!.core.carStore.current;
    assert.equal(account.calls.calls, requests.length);
    for (let minute = 0; minute < 15 * 60; minute += 20) {
      void windows[0]!.core.polling.refresh();
      void windows[1]!.core.polling.refresh();
      await computer.run(20 * minuteMs);
    }
    assert.equal(requests.length, 7);
    const outcome = windows[1]!.core.polling.refresh();
    await computer.run(secondMs);
    assert.equal((await outcome).kind, "held");
    await computer.run(2 * hourMs);
    assert.notEqual(requests.length, 7, "the new day has a budget of its own");
  });

  it("stop when the last car is removed, and start when one is added", async () => {
    open(2);
    await computer.run(minuteMs);
    computer.change({ vehicles: [] });
    await computer.run(minuteMs);
    assertIdle("without a car");
    const before = computer.service.requests.length;
    computer.change({ vehicles: ["YV1TEST0000000005"] });
    await computer.run(10 * secondMs);
    assert.ok(computer.service.requests.length > before);
  });

  it("each ask on their own if the folder is not writable, and log it once", async () => {
    const fault = (call: string) => (call === "create" || call === "replace" ? systemError("EROFS") : undefined);
    const windows = [1, 2].map(() => computer.open({ isFocused: true, fault }));
    await computer.run(hourMs);
    assert.equal(computer.askersSince(0).length, 2);
    for (const { shown, log } of windows) {
      assert.equal(shown, "connectedAc");
      assert.equal(log.filter((line) => line.includes("on its own")).length, 1);
    }
    assert.deepEqual(computer.files, []);
  });

  // A focused window would eventually ask on its own.
  it("do not ask in addition to another window while they have no focus and cannot use the folder", async () => {
    let isOutOfHandles = false;
    const fault = () => (isOutOfHandles ? systemError("EMFILE") : undefined);
    const [asker] = open(1);
    await computer.run(minuteMs);
    const other = computer.open({ fault });
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    computer.service.plugs.set(asker!.core.carStore.current.cars[0]!.vin, "FAULT");
    isOutOfHandles = true;
    await computer.run(4 * minuteMs);
    assert.deepEqual([asker!.shown, other.shown], ["fault", "connectedAc"]);
    isOutOfHandles = false;
    // A window without focus looks at the folder at least once a minute.
    await computer.run(minuteMs);
    assert.equal(other.shown, "fault");
    assert.deepEqual(computer.askersSince(0), [asker]);
    assert.equal(computer.service.requests.length, before + 1);
  });

  /** Opens a window whose `nth` call of the folder does not return until another window has stored a new reading. */
  async function openHeldUpAt(nth: number): Promise<{ readonly calls: number; readonly hasMissedIt: boolean }> {
    computer = new Computer();
    const [asker] = open(1);
    await computer.run(minuteMs);
    let calls = 0;
    let mayGoOn: () => void = () => undefined;
    const isHeldUp = new Promise<void>((resolve) => (mayGoOn = resolve));
    const before: WindowOptions["before"] = () => (++calls === nth ? isHeldUp : undefined);
    const other = computer.open({ isFocused: true, before });
    await computer.run(secondMs);
    computer.service.plugs.set(asker!.core.carStore.current.cars[0]!.vin, "FAULT");
    void asker!.core.polling.refresh();
    await computer.run(secondMs);
    assert.equal(asker!.shown, "fault");
    const hasMissedIt = other.shown === "connectedAc";
    mayGoOn();
    await computer.run(2 * secondMs);
    assert.equal(other.shown, "fault", `held up at call ${nth}`);
    return { calls, hasMissedIt };
  }

  it("show within two seconds a reading made while they were opening, at whichever call they were held up", async () => {
    const { calls } = await openHeldUpAt(0);
    let missed = 0;
    for (let nth = 1; nth <= calls; nth++) if ((await openHeldUpAt(nth)).hasMissedIt) missed++;
    assert.ok(missed > 1, `${missed} of ${calls}`);
  });

  it("all show the time of the next check and the end of a hold, whichever of them asks", async () => {
    const [asker] = open(1);
    await computer.run(minuteMs);
    const other = computer.open();
    await computer.run(20 * secondMs);
    const moments = [asker!, other].map(({ core }) => core.carStore.current.nextCheckAt!);
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs);
    const { at } = computer.service.requests.at(-1)!;
    // The other windows wait up to ten seconds for the last asker.
    for (const moment of moments) assert.ok(at - moment >= -secondMs / 2 && at - moment <= 10 * secondMs);
    computer.service.weather = { kind: "rateLimited", retryAfter: "3600" };
    await computer.run(6 * minuteMs);
    const third = computer.open();
    await computer.run(20 * secondMs);
    const { hold } = asker!.core.carStore.current.account;
    assert.ok(hold && hold.until > computer.clock.now() + 50 * minuteMs);
    for (const { core } of [asker!, other, third]) {
      const { account, nextCheckAt } = core.carStore.current;
      assert.deepEqual(account.hold, hold);
      assert.ok(nextCheckAt !== undefined && nextCheckAt >= hold.until && nextCheckAt < hold.until + 6 * minuteMs);
    }
    other.core.polling.off();
    await computer.run(secondMs);
    assert.equal(other.core.carStore.current.nextCheckAt, undefined, "no next check after polling is switched off");
  });

  it("count as focused only while VS Code responds in them", async () => {
    const [gone] = open(1);
    computer.open();
    await computer.run(2 * minuteMs);
    gone!.abandon();
    await computer.run(30 * minuteMs);
    const before = computer.service.requests.length;
    await computer.run(hourMs);
    const calls = computer.service.requests.length - before;
    assert.ok(calls >= 3 && calls <= 4, `${calls} calls in an hour without focus`);
  });

  it("keep VINs, names, keys and tokens out of their files", async () => {
    computer.change({ vehicles: [{ vin: "YV1TEST0000000000", name: "Bertha" }] });
    const windows = open(2);
    await computer.run(minuteMs);
    const seen: string[] = [];
    const asked = windows.map(({ core }) => core.polling.refresh());
    for (let turn = 0; turn < 40; turn++) {
      await computer.run(50);
      seen.push(...[...computer.disk.contents].map(([path, content]) => `${path} ${content}`));
    }
    await Promise.all(asked);
    const text = seen.join(" ");
    assert.match(text, /"checking":\["\w/, "includes a moment during a request");
    assert.doesNotMatch(text, /YV1TEST|Bertha|token-1|"key"/);
  });

  for (const [what, change] of [
    ["damaged", (own) => own.slice(0, -20)],
    ["empty", () => ""],
    ["of an older version", (own) => own.replace(`"schema":${schemaVersion}`, `"schema":${schemaVersion - 1}`)],
    ["invalid", () => `{"schema":${schemaVersion},"at":-1,"cars":[],"account":null}`],
  ] as const satisfies readonly (readonly [string, (own: string) => string])[]) {
    it(`ignore a shared state that is ${what}, and write the next one`, async () => {
      open(1);
      computer.service.plugs.set("YV1TEST0000000000", "DISCONNECTED");
      await computer.run(minuteMs);
      const own = computer.stateText!;
      const content = change(own);
      assert.notEqual(content, own);
      const salt = computer.salt!;
      computer = new Computer();
      computer.putSalt(salt);
      computer.putState(content);
      const windows = open(2);
      await computer.run(minuteMs);
      assert.ok(windows.every(({ shown }) => shown === "connectedAc"));
      computer.putState(content);
      await computer.run(minuteMs);
      assert.ok(windows.every(({ shown }) => shown === "connectedAc"));
      await computer.run(5 * minuteMs);
      const next = computer.open();
      await computer.run(0);
      assert.equal(next.shown, "connectedAc");
    });
  }

  it("show the last reading of a car that is added again, without a request", async () => {
    computer = new Computer({ cars: 2 });
    const [first] = open(1);
    await computer.run(minuteMs);
    computer.change({ vehicles: [vinAt(0)] });
    await computer.run(secondMs);
    first!.close();
    const [next] = open(1);
    await computer.run(secondMs);
    const before = computer.service.requests.length;
    computer.change({ vehicles: [] });
    await computer.run(secondMs);
    computer.change({ vehicles: [vinAt(1)] });
    assert.equal(next!.shown, "connectedAc");
    await computer.run(secondMs);
    assert.equal(computer.service.requests.length, before);
  });

  it("do not change a shared state of a newer version, send no request, and report that a reload is needed", async () => {
    const windows = open(2);
    await computer.run(minuteMs);
    const newer = computer.stateText!.replace(`"schema":${schemaVersion}`, `"schema":${schemaVersion + 1}`);
    computer.disk.put("storage/state.999.json", newer);
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    const refresh = windows[0]!.core.polling.refresh();
    const paused = assert.rejects(
      windows[0]!.core.setMode({ kind: "paused", since: computer.clock.now() }),
      /newer version/,
    );
    await computer.run(hourMs);
    await paused;
    assert.equal(windows[0]!.core.carStore.current.mode, undefined);
    assert.equal(computer.service.requests.length, before);
    assert.equal(computer.stateText, newer);
    assert.ok(windows.every(({ core }) => core.carStore.current.sharing === "newer"));
    assert.ok(
      windows.every(({ shown }) => shown === "connectedAc"),
      "the last reading stays, with its age",
    );
    assert.equal((await refresh).kind, "notReady");
  });

  describe("with new credentials", () => {
    for (const kind of ["desktop", "web"] as const) {
      it(`ask with them at once, and only with them (${kind})`, async () => {
        computer = new Computer({ secrets: kind });
        const tokens: string[] = [];
        const { fetch } = computer.service;
        Object.assign(computer.service, {
          fetch: (...args: Parameters<typeof fetch>) => {
            tokens.push(new Headers(args[1].headers).get("authorization") ?? "");
            return fetch(...args);
          },
        });
        open(3);
        await computer.run(minuteMs);
        const { bystander } = computer;
        void bystander.core.session.saveTestToken("token-2");
        await computer.run(50);
        const due = bystander.core.polling.checkDue();
        await computer.run(15 * secondMs);
        await due;
        assert.equal(tokens.at(-1), "Bearer token-2");
        const before = tokens.length;
        const { realMs } = computer.clock;
        await computer.run(hourMs);
        assert.ok(tokens.length - before >= 10);
        assert.deepEqual([...new Set(tokens.slice(before))], ["Bearer token-2"]);
        assert.equal(computer.askersSince(realMs).length, 1);
      });

      it(`try them before reporting to the user, even if another window asked seconds before (${kind})`, async () => {
        computer = new Computer({ secrets: kind });
        open(3);
        await computer.run(minuteMs);
        const { bystander, lastAsker } = computer;
        void lastAsker.core.polling.refresh();
        await computer.run(3 * secondMs);
        void bystander.core.session.saveTestToken("token-2");
        await computer.run(50);
        const savedAt = computer.clock.now();
        let isChecked = false;
        void bystander.core.polling.checkDue().then(() => (isChecked = true));
        await computer.run(3 * secondMs);
        assert.equal(isChecked, false);
        await computer.run(9 * secondMs);
        assert.equal(isChecked, true);
        assert.ok((bystander.core.carStore.current.cars[0]?.attemptedAt ?? 0) > savedAt);
      });

      it(`stop when the user signs out in one of them (${kind})`, async () => {
        computer = new Computer({ secrets: kind });
        open(3);
        await computer.run(minuteMs);
        void computer.bystander.core.session.signOut();
        await computer.run(15 * secondMs);
        const before = computer.service.requests.length;
        await computer.run(5 * hourMs);
        assert.equal(computer.service.requests.length, before);
      });
    }

    it("ask with the old ones two minutes after the window with the new ones was closed (web)", async () => {
      computer = new Computer({ secrets: "web" });
      open(2);
      await computer.run(minuteMs);
      const { lastAsker: first, bystander: second } = computer;
      void second.core.session.saveTestToken("token-2");
      await computer.run(minuteMs);
      assert.equal(computer.lastAsker, second);
      const dueAt = second.core.carStore.current.nextCheckAt!;
      second.close();
      // A window waits two minutes longer if its credentials differ from those of the last request.
      await computer.run(dueAt - computer.clock.now() + 2.5 * minuteMs);
      assert.equal(computer.lastAsker, first);
    });
  });
});
