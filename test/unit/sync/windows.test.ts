import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { schemaVersion } from "../../../src/sync/snapshotSchema";
import { systemError } from "../../support/memoryFolder";
import { Computer, type SimulatedWindow } from "../../support/windowsComputer";

describe("Several windows of one user", () => {
  let computer: Computer;

  function open(count: number): readonly SimulatedWindow[] {
    return Array.from({ length: count }, () => computer.open({ isFocused: true }));
  }

  beforeEach(() => {
    computer = new Computer();
  });

  it("cost what one costs", async () => {
    open(5);
    await computer.run(2 * hourMs);
    const readings = computer.service.requests.filter(({ kind }) => kind === "reading").length;
    assert.ok(readings >= 22 && readings <= 24, `${readings} readings`);
    assert.equal(computer.leaders.length, 1);
  });

  it("show the same within two seconds of the answer, with and without a file system that reports changes", async () => {
    for (const watches of [true, false]) {
      computer = new Computer();
      const windows = [1, 2, 3].map(() => computer.open({ isFocused: true, watches }));
      await computer.run(minuteMs);
      assert.deepEqual(
        windows.map(({ shown }) => shown),
        ["connectedAc", "connectedAc", "connectedAc"],
      );
      computer.service.plugs.set(computer.windows[0]!.core.garage.current.cars[0]!.vin, "FAULT");
      const before = computer.service.requests.length;
      while (computer.service.requests.length === before) await computer.run(100);
      await computer.run(computer.service.latencyMs + (watches ? 2 : 6) * secondMs);
      assert.deepEqual(
        windows.map(({ shown }) => shown),
        ["fault", "fault", "fault"],
      );
    }
  });

  it("know how many they are, soon after one is opened, closed or killed", async () => {
    const windows = open(3);
    await computer.run(minuteMs);
    const counts = () => Promise.all(computer.windows.map(({ core }) => core.polling.countWindows()));
    const counting = counts();
    await computer.run(0);
    assert.deepEqual(await counting, [3, 3, 3]);
    windows[1]!.close();
    windows[2]!.kill();
    await computer.run(5 * minuteMs);
    const left = windows[0]!.core.polling.countWindows();
    await computer.run(0);
    assert.equal(await left, 1);
    open(1);
    await computer.run(minuteMs);
    const present = [...computer.disk.contents.keys()].filter((file) => file.includes("/windows/"));
    assert.equal(present.length, 2, "what the killed one left behind is gone");
  });

  it("show what was last known at once, before any request", async () => {
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
    assert.equal(computer.service.requests.length, before, "what is fresh is not asked for again");
  });

  it("show it also where it could not be read at first", async () => {
    let failures = 0;
    const fault = (_: string, name: string) => (name === "salt" && failures++ === 0 ? systemError("EIO") : undefined);
    open(1);
    await computer.run(minuteMs);
    const next = computer.open({ fault });
    await computer.run(10 * secondMs);
    assert.ok(failures > 1);
    assert.equal(next.shown, "connectedAc");
  });

  for (const [how, end] of [
    ["is closed", (window: SimulatedWindow) => window.close()],
    ["is killed", (window: SimulatedWindow) => window.kill()],
    ["is left behind by its page", (window: SimulatedWindow) => window.abandon()],
  ] as const) {
    it(`have another leader within 30 s when the one they have ${how}`, async () => {
      open(3);
      await computer.run(minuteMs);
      const [leader] = computer.leaders;
      end(leader!);
      await computer.run(30 * secondMs);
      const leaders = computer.leaders.filter((window) => window !== leader);
      assert.equal(leaders.length, 1);
      assert.notEqual(leader!.role === "leader" && !leader!.isGone, true);
      await computer.run(hourMs);
      const readings = computer.service.requests.filter(({ kind }) => kind === "reading").length;
      assert.ok(readings >= 11 && readings <= 14, `${readings} readings`);
    });
  }

  it("check in all windows when one is told to, and tell that one what came of it", async () => {
    const windows = open(3);
    await computer.run(minuteMs);
    const follower = windows.find(({ role }) => role === "follower")!;
    computer.service.plugs.set(follower.core.garage.current.cars[0]!.vin, "DC");
    const outcome = follower.core.polling.refresh();
    await computer.run(2 * secondMs);
    assert.equal((await outcome).kind, "checked");
    assert.deepEqual(
      windows.map(({ shown }) => shown),
      ["connectedDc", "connectedDc", "connectedDc"],
    );
    const again = follower.core.polling.refresh();
    await computer.run(secondMs);
    assert.equal((await again).kind, "recent");
    assert.deepEqual(
      [...computer.disk.contents.keys()].filter((path) => /request|answer/.test(path)),
      [],
    );
  });

  /** What runs, or waits to run, for a window that has nothing to do. */
  function assertIdle(when: string): void {
    assert.ok(
      computer.windows.every(({ role }) => role === undefined),
      when,
    );
    assert.deepEqual([computer.clock.pendingTimers, computer.disk.watcherCount], [0, 0], when);
  }

  it("do not ask while nothing is configured, and hold no timer, no watcher and no file", async () => {
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
        [...computer.disk.contents.keys()].filter((path) => path.includes("lease")),
        [],
        when,
      );
      assert.equal(computer.windows[0]!.probes, 0, when);
    }
  });

  it("hold nothing any more after a sign-out in one of them, and after the last car has gone", async () => {
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
    const windows = [1, 2].map(() => computer.open());
    await computer.run(hourMs);
    const follower = windows.find(({ role }) => role === "follower")!;
    const before = computer.service.requests.length;
    while (computer.service.requests.length === before) await computer.run(secondMs);
    await computer.run(6 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1, "nobody looks, so it takes three times as long");
    follower.focus();
    await computer.run(2 * secondMs);
    assert.equal(computer.service.requests.length, before + 2);
  });

  it("refresh once after the computer slept", async () => {
    open(3);
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    computer.clock.sleep(9 * hourMs);
    await computer.run(15 * secondMs);
    assert.equal(computer.service.requests.length, before + 1);
    await computer.run(4 * minuteMs);
    assert.equal(computer.service.requests.length, before + 1);
    assert.equal(computer.leaders.length, 1);
  });

  it("go on at their pace when the clock is set back or forth", async () => {
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

  it("take a changed setting over, whichever window leads", async () => {
    open(2);
    await computer.run(minuteMs);
    computer.change({ refreshInterval: 60, vehicles: ["YV1TEST0000000000", "YV1TEST0000000009"] });
    const before = computer.service.requests.length;
    await computer.run(10 * minuteMs);
    const calls = computer.service.requests.length - before;
    assert.ok(calls >= 18 && calls <= 24, `${calls} calls`);
    assert.ok(computer.windows.every(({ core }) => core.garage.current.cars.length === 2));
  });

  it("do not ask twice when the leader closes over a request, and do not wait for an interval either", async () => {
    for (const end of [(window: SimulatedWindow) => window.close(), (window: SimulatedWindow) => window.kill()]) {
      computer = new Computer();
      computer.service.latencyMs = 20 * secondMs;
      const [leader] = open(2);
      await computer.run(2 * secondMs);
      assert.equal(leader!.role, "leader");
      end(leader!);
      await computer.run(40 * secondMs);
      const readings = computer.service.requests.filter(({ kind }) => kind === "reading");
      const [first, second] = readings;
      assert.equal(readings.length, 2);
      assert.ok(second!.realMs - first!.realMs >= 10 * secondMs);
    }
  });

  it("wait no longer than Volvo asked for when the clock was set back while all were closed", async () => {
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

  it("all wait until a service that is closed is back, and one that is told to refresh says until when", async () => {
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
    assert.ok(windows.every(({ core }) => !core.garage.current.cars[0]!.problem && !core.garage.current.account.hold));
  });

  it("count every request that leaves, names and other versions of the API included, and stop at the budget", async () => {
    computer = new Computer({ cars: 2, settings: { apiVersion: "auto", dailyCallBudget: 7, refreshInterval: 60 } });
    computer.service.weather = { kind: "v2Gone" };
    const windows = open(2);
    await computer.run(10 * secondMs);
    const { requests } = computer.service;
    assert.deepEqual(new Set(requests.map(({ kind }) => kind)), new Set(["reading", "model"]));
    const { account } = windows[1]!.core.garage.current;
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
    assert.notEqual(requests.length, 7, "the new day has its own calls");
  });

  it("stop when the last car goes, and start when one comes", async () => {
    const windows = open(2);
    await computer.run(minuteMs);
    computer.change({ vehicles: [] });
    await computer.run(minuteMs);
    assert.ok(windows.every(({ role }) => role === undefined));
    assert.equal(computer.disk.watcherCount, 0);
    const before = computer.service.requests.length;
    computer.change({ vehicles: ["YV1TEST0000000005"] });
    await computer.run(10 * secondMs);
    assert.ok(computer.service.requests.length > before);
  });

  it("are on their own, and say so once, where the folder cannot be written", async () => {
    const fault = (call: string) => (call === "create" || call === "replace" ? systemError("EROFS") : undefined);
    const windows = [1, 2].map(() => computer.open({ isFocused: true, fault }));
    await computer.run(hourMs);
    for (const { role, shown, log } of windows) {
      assert.equal(role, "alone");
      assert.equal(shown, "connectedAc");
      assert.equal(log.filter((line) => line.includes("polls on its own")).length, 1);
    }
    assert.deepEqual([...computer.disk.contents.keys()], []);
  });

  it("do not ask beside a living leader when their own process cannot use the folder for a while", async () => {
    let isOutOfHandles = false;
    const fault = () => (isOutOfHandles ? systemError("EMFILE") : undefined);
    const [leader] = open(1);
    await computer.run(minuteMs);
    const other = computer.open({ isFocused: true, fault });
    await computer.run(minuteMs);
    const before = computer.service.requests.length;
    isOutOfHandles = true;
    await computer.run(4 * minuteMs);
    isOutOfHandles = false;
    await computer.run(10 * secondMs);
    assert.deepEqual([leader!.role, other.role], ["leader", "follower"]);
    assert.equal(computer.service.requests.length, before + 1);
  });

  it("see at once what has changed while one was being opened", async () => {
    let mayGoOn: () => void = () => undefined;
    const isHeldUp = new Promise<void>((resolve) => (mayGoOn = resolve));
    const [leader] = open(1);
    await computer.run(minuteMs);
    // That it is there is what a window notes last of all.
    const before = (call: string, name: string) =>
      call === "replace" && /^[0-9a-f]{8}$/.test(name) ? isHeldUp : undefined;
    const other = computer.open({ isFocused: true, before });
    await computer.run(secondMs);
    computer.service.plugs.set(leader!.core.garage.current.cars[0]!.vin, "FAULT");
    void leader!.core.polling.refresh();
    await computer.run(secondMs);
    assert.deepEqual([leader!.shown, other.shown], ["fault", "connectedAc"]);
    mayGoOn();
    await computer.run(secondMs / 10);
    assert.equal(other.shown, "fault");
  });

  it("show when the next check is, and until when a hold lasts, in those that do not poll as well", async () => {
    const [leader] = open(1);
    await computer.run(minuteMs);
    const other = computer.open();
    await computer.run(20 * secondMs);
    assert.equal(other.role, "follower");
    const { nextCheckAt } = leader!.core.garage.current;
    assert.ok(nextCheckAt !== undefined && nextCheckAt > computer.clock.now());
    assert.equal(other.core.garage.current.nextCheckAt, nextCheckAt);
    computer.service.weather = { kind: "rateLimited", retryAfter: "3600" };
    await computer.run(6 * minuteMs);
    const third = computer.open();
    await computer.run(20 * secondMs);
    const { hold } = leader!.core.garage.current.account;
    assert.ok(hold && hold.until > computer.clock.now() + 50 * minuteMs);
    for (const window of [other, third]) assert.deepEqual(window.core.garage.current.account.hold, hold);
    assert.equal(third.core.garage.current.nextCheckAt, leader!.core.garage.current.nextCheckAt);
    other.core.polling.off();
    await computer.run(secondMs);
    assert.equal(other.core.garage.current.nextCheckAt, undefined, "what no longer takes part awaits nothing");
  });

  it("count as looked at, and as there, only while VS Code answers in them", async () => {
    const [gone] = open(1);
    computer.open();
    await computer.run(2 * minuteMs);
    gone!.abandon();
    await computer.run(30 * minuteMs);
    const count = computer.windows[1]!.core.polling.countWindows();
    await computer.run(0);
    assert.equal(await count, 1);
    const before = computer.service.requests.length;
    await computer.run(hourMs);
    const calls = computer.service.requests.length - before;
    assert.ok(calls >= 3 && calls <= 4, `${calls} calls in an hour in which nobody looks`);
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
    assert.match(text, /request-/);
    assert.doesNotMatch(text, /YV1TEST|Bertha|token-1|"key"/);
  });

  for (const [what, change] of [
    ["damaged", (own) => own.slice(0, -20)],
    ["empty", () => ""],
    ["of a newer version", (own) => own.replace(`"schema":${schemaVersion}`, `"schema":${schemaVersion + 1}`)],
    ["of an older version", (own) => own.replace(`"schema":${schemaVersion}`, `"schema":${schemaVersion - 1}`)],
    ["of nonsense", () => `{"schema":${schemaVersion},"lease":-1,"cars":[],"account":null}`],
  ] as const satisfies readonly (readonly [string, (own: string) => string])[]) {
    it(`ignore a snapshot that is ${what}, and write the next one`, async () => {
      open(1);
      computer.service.plugs.set("YV1TEST0000000000", "DISCONNECTED");
      await computer.run(minuteMs);
      const own = computer.disk.contents.get("storage/snapshot.json")!;
      const content = change(own);
      assert.notEqual(content, own);
      const salt = computer.disk.contents.get("storage/salt")!;
      computer = new Computer();
      computer.disk.put("storage/salt", salt);
      computer.disk.put("storage/snapshot.json", content);
      const windows = open(2);
      await computer.run(minuteMs);
      assert.ok(windows.every(({ shown }) => shown === "connectedAc"));
      computer.disk.put("storage/snapshot.json", content);
      await computer.run(minuteMs);
      assert.ok(windows.every(({ shown }) => shown === "connectedAc"));
      const next = computer.open();
      await computer.run(0);
      assert.equal(next.shown, "connectedAc");
    });
  }

  describe("with new credentials", () => {
    for (const kind of ["desktop", "web"] as const) {
      it(`ask with them at once, and only with them (${kind})`, async () => {
        computer = new Computer({ secrets: kind });
        const tokens: string[] = [];
        const { fetch } = computer.service;
        Object.assign(computer.service, {
          fetch: (url: string, init: RequestInit) => {
            tokens.push(new Headers(init.headers).get("authorization") ?? "");
            return fetch(url, init);
          },
        });
        const windows = open(3);
        await computer.run(minuteMs);
        const follower = windows.find(({ role }) => role === "follower")!;
        void follower.core.session.saveTestToken("token-2");
        await computer.run(50);
        const due = follower.core.polling.checkDue();
        await computer.run(15 * secondMs);
        await due;
        assert.equal(tokens.at(-1), "Bearer token-2");
        const before = tokens.length;
        await computer.run(hourMs);
        assert.ok(tokens.length - before >= 10);
        assert.deepEqual([...new Set(tokens.slice(before))], ["Bearer token-2"]);
        assert.equal(computer.leaders.length, 1);
      });

      it(`stop when the user signs out in one of them (${kind})`, async () => {
        computer = new Computer({ secrets: kind });
        const windows = open(3);
        await computer.run(minuteMs);
        void windows.find(({ role }) => role === "follower")!.core.session.signOut();
        await computer.run(15 * secondMs);
        const before = computer.service.requests.length;
        await computer.run(5 * hourMs);
        assert.equal(computer.service.requests.length, before);
        assert.equal(computer.leaders.length, 0);
      });
    }

    it("go on with the old ones, after a while, when the window with the new ones is gone (web)", async () => {
      computer = new Computer({ secrets: "web" });
      const windows = open(2);
      await computer.run(minuteMs);
      const [first, second] = windows;
      void second!.core.session.saveTestToken("token-2");
      await computer.run(minuteMs);
      assert.equal(second!.role, "leader");
      second!.close();
      await computer.run(5 * minuteMs);
      assert.equal(first!.role, "leader");
    });
  });
});
