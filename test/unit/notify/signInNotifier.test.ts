import assert from "node:assert/strict";
import { SignInNotifier } from "../../../src/notify/signInNotifier";
import type { SessionState, VolvoIdAccount } from "../../../src/auth/sessionState";
import { dayMs, hourMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { FakeClock, settle } from "../../support/fakeClock";
import { MemoryDisk } from "../../support/disk/memoryFolder";

const start = Date.UTC(2026, 0, 1);
const account: VolvoIdAccount = {
  kind: "volvoId",
  signInId: "first",
  label: "",
  scopes: [],
  signedInAt: start,
  refreshedAt: start,
};
const ended = (signInId = "first"): SessionState => ({
  kind: "stopped",
  cause: "signInEnded",
  account: { ...account, signInId },
});
const refused = (times: "once" | "repeatedly"): SessionState => ({
  kind: "stopped",
  cause: "signInEnded",
  account,
  refused: times,
});
const ready: SessionState = { kind: "ready", credentials: "c", account };

/** A value that a test replaces, with a change event. */
class Cell<T> {
  private readonly changed = new Emitter<T>();
  readonly onDidChange = this.changed.event;

  constructor(public current: T) {}

  get isFocused(): T {
    return this.current;
  }

  async become(value: T): Promise<void> {
    this.current = value;
    this.changed.fire(value);
    await settle();
  }
}

describe("a notification about the sign-in", () => {
  let clock: FakeClock;
  let disk: MemoryDisk;
  let told: string[];

  beforeEach(() => {
    clock = new FakeClock(start);
    disk = new MemoryDisk();
    told = [];
  });

  /** Opens a window, which appears under its name in `told`. */
  function open(name: string, isFocused: boolean, folder = disk.open("announced")) {
    const window = { session: new Cell<SessionState>({ kind: "starting" }), focus: new Cell(isFocused) };
    let isAlive = true;
    const notifier = new SignInNotifier({
      session: window.session,
      focus: window.focus,
      clock,
      create: (file) => folder.create(file, ""),
      isAlive: () => Promise.resolve(isAlive),
    });
    notifier.onDidClaim(({ kind }) => told.push(`${name}: ${kind}`));
    return { ...window, notifier, is: (alive: boolean) => (isAlive = alive) };
  }

  it("appears once across all windows, even if several report focus", async () => {
    const windows = ["a", "b", "c"].map((name) => open(name, true));
    await Promise.all(windows.map(({ session }) => session.become(ended())));
    assert.equal(told.length, 1);
    for (const { session, focus } of windows) {
      await session.become(ready);
      await session.become(ended());
      await focus.become(false);
      await focus.become(true);
    }
    assert.deepEqual(told, ["a: ended"]);
  });

  it("appears once across restarts of VS Code, and again for the next sign-in", async () => {
    await open("before", true).session.become(ended());
    await open("after", true).session.become(ended());
    assert.deepEqual(told, ["before: ended"]);
    await open("later", true).session.become(ended("second"));
    assert.deepEqual(told, ["before: ended", "later: ended"]);
  });

  it("waits for a window to get focus", async () => {
    const [first, second] = [open("first", false), open("second", false)];
    await first.session.become(ended());
    await second.session.become(ended());
    assert.deepEqual(told, []);
    await second.focus.become(true);
    await first.focus.become(true);
    assert.deepEqual(told, ["second: ended"]);
  });

  it("does not appear in a window whose page is closed, until VS Code answers again", async () => {
    const window = open("window", true);
    window.is(false);
    await window.session.become(ended());
    assert.deepEqual([told, disk.contents.size], [[], 0]);
    window.is(true);
    await window.focus.become(true);
    assert.deepEqual(told, ["window: ended"]);
  });

  it("appears for a lasting refusal, and again if the sign-in ends later", async () => {
    const window = open("window", true);
    await window.session.become(refused("once"));
    await window.session.become(ready);
    assert.deepEqual(told, []);
    await window.session.become(refused("once"));
    await window.session.become(refused("repeatedly"));
    assert.deepEqual(told, ["window: ended"]);
    await window.session.become(ready);
    await window.session.become(ended());
    assert.deepEqual(told, ["window: ended", "window: ended"]);
  });

  it("appears in each window if the shared folder is not writable", async () => {
    const broken = disk.open("announced", { fault: () => new Error("read-only") });
    await open("a", true, broken).session.become(ended());
    await open("b", true, broken).session.become(ended());
    assert.deepEqual(told, ["a: ended", "b: ended"]);
  });

  it("appears two weeks before the six months end, without another event, and once more at the end", async () => {
    const window = open("window", true);
    await window.session.become(ready);
    await clock.advance(168 * dayMs - hourMs);
    assert.deepEqual(told, []);
    await clock.advance(7 * hourMs);
    assert.deepEqual(told, ["window: endsSoon"]);
    await clock.advance(14 * dayMs);
    assert.equal(told.length, 1);
    await window.session.become(ended());
    assert.deepEqual(told, ["window: endsSoon", "window: ended"]);
  });

  it("has no timer without a sign-in, and none after disposal", async () => {
    const window = open("window", true);
    await window.session.become({ kind: "incomplete", hasApiKey: true, hasGrant: false });
    assert.equal(clock.pendingTimers, 0);
    await window.session.become(ready);
    assert.equal(clock.pendingTimers, 1);
    window.notifier.dispose();
    assert.equal(clock.pendingTimers, 0);
  });
});
