import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import { idSaltFile } from "../../../src/history/carIds";
import type { Row } from "../../../src/history/model";
import { headLine } from "../../../src/history/rows";
import { vinNumber } from "../../support/builders/builders";
import { systemError } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";
import { at, readingAt } from "./histories";
import { ac, intervalMs, out, Scene, vin } from "./scene";

const stranger = "f".repeat(16);

describe("The history in a window", () => {
  let clock: FakeClock;
  let scene: Scene;

  /** Another window on the same computer, with the current shared state. */
  const another = async () => {
    const other = new Scene(clock, scene.disk);
    other.carStore.adopt(scene.carStore.shared, clock.now());
    await clock.advance(0);
    return other;
  };
  /** Counts the change events of `on`. */
  const changesOf = (on: Scene) => {
    const counted = { count: 0 };
    on.history.onDidChange(() => counted.count++);
    return counted;
  };
  const monthsRead = (of: Scene) =>
    of.calls.filter((call) => call.startsWith("read 20")).map((call) => call.slice(5, 12));
  const put = (month: string, ...rows: readonly Row[]) =>
    scene.disk.put(
      `history/${scene.history.idOf(vin) ?? ""}/${month}.jsonl`,
      [headLine, ...rows.map((row) => JSON.stringify(row)), ""].join("\n"),
    );
  const charge = (t: number): readonly Row[] => [
    { t, c: "out", b: 40 },
    { t: t + 5 * minuteMs, p: t, c: "ac", s: "charging", b: 40 },
    { t: t + 2 * hourMs, p: t + 115 * minuteMs, c: "out", s: "idle", b: 60 },
  ];

  beforeEach(async () => {
    clock = new FakeClock(at(12));
    scene = new Scene(clock);
    await clock.advance(0);
  });

  describe("names cars by ids, which", () => {
    it("are valid in this window only until a window has made a check, and then equal in all", async () => {
      const other = await another();
      const first = await scene.history.carIds();
      assert.match(first(vin), /^[0-9a-f]{16}$/);
      assert.equal((await scene.history.carIds())(vin), first(vin));
      assert.notEqual((await other.history.carIds())(vin), first(vin));
      await scene.see(out);
      assert.equal((await other.history.carIds())(vin), scene.history.idOf(vin));
    });

    it("exist even if the folder cannot be read", async () => {
      scene.otherFault = () => systemError("EIO");
      assert.match((await scene.history.carIds())(vin), /^[0-9a-f]{16}$/);
      assert.deepEqual(await scene.history.read(), [
        { id: "", rows: [], sessions: [], skippedLines: 0, newerMonths: [] },
      ]);
    });

    it("are announced once when they become known, even if nothing is recorded", async () => {
      const changes = changesOf(scene);
      scene.isEnabled = false;
      await scene.see(out);
      assert.ok(scene.history.idOf(vin) !== undefined && changes.count === 1);
      await scene.see(out);
      assert.equal(changes.count, 1);
    });
  });

  describe("knows whether there are rows", () => {
    it("in each window, from the first row on", async () => {
      const other = await another();
      const changes = changesOf(other);
      assert.deepEqual([scene.history.hasHistory, scene.history.hasRows(vin)], [false, false]);
      await scene.see(out);
      assert.deepEqual([scene.history.hasHistory, scene.history.hasRows(vin)], [true, true]);
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      assert.deepEqual([other.history.hasHistory, other.history.hasRows(vin)], [true, true]);
      assert.ok(changes.count > 0, "the change is announced");
    });

    it("of a car that is not in the list", async () => {
      await scene.see(out);
      await scene.history.delete([vin]);
      scene.disk.put(`history/${stranger}/2026-11.jsonl`, `${headLine}\n`);
      const other = new Scene(clock, scene.disk);
      await clock.advance(0);
      assert.deepEqual([other.history.hasHistory, other.history.hasRows(vin)], [true, false]);
    });
  });

  describe("after a check", () => {
    it("announces a change only if there is a new row for a car", async () => {
      const second = vinNumber(2);
      scene.carStore.configure([{ vin }, { vin: second }]);
      await clock.advance(0);
      for (const each of [vin, second]) scene.carStore.succeeded(each, readingAt(clock.now(), out));
      const record = () => scene.history.record(turnWith(), [vin, second], intervalMs);
      await record();
      const changes = changesOf(scene);
      let paintings = 0;
      scene.carStore.onDidChange(() => paintings++);
      await record();
      assert.deepEqual([changes.count, paintings], [0, 0]);
      await clock.advance(intervalMs);
      scene.carStore.succeeded(vin, readingAt(clock.now(), out));
      scene.carStore.succeeded(second, readingAt(clock.now(), ac));
      await record();
      assert.equal(changes.count, 1);
    });

    it("is read with one call for each car", async () => {
      await scene.see(out);
      const other = new Scene(clock, scene.disk);
      other.carStore.configure([{ vin }, { vin: vinNumber(2) }]);
      await clock.advance(0);
      assert.equal(other.calls.filter((call) => call === "files ").length, 2);
    });
  });

  describe("after a deletion", () => {
    it("has no rows of the deleted car in any window, and keeps the other cars", async () => {
      const second = vinNumber(2);
      scene.carStore.configure([{ vin }, { vin: second }]);
      await clock.advance(0);
      await scene.see(ac);
      await scene.see(ac, {}, second);
      const other = await another();
      other.carStore.configure([{ vin }, { vin: second }]);
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      const changes = changesOf(scene);
      await scene.history.delete([vin]);
      assert.equal(changes.count, 1);
      assert.equal(scene.carStore.car(vin)?.recorded, undefined);
      assert.deepEqual([scene.history.hasRows(vin), scene.history.hasRows(second)], [false, true]);
      assert.equal(scene.history.hasHistory, true);
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      assert.deepEqual([other.history.lastCharge(vin), other.history.hasRows(second)], [undefined, true]);
      await scene.see(ac);
      assert.equal(scene.lines.length, 2, "the next reading of the deleted car is its first");
    });

    for (const [name, remove] of [
      ["all cars", (each: Scene) => each.history.deleteAll()],
      ["everything", (each: Scene) => each.history.forget()],
    ] as const) {
      it(`of ${name} is empty, and announces that`, async () => {
        await scene.see(ac);
        assert.equal(scene.history.hasHistory, true);
        const id = scene.history.idOf(vin);
        const changes = changesOf(scene);
        await remove(scene);
        assert.equal(changes.count, 1);
        assert.deepEqual(
          [scene.history.hasHistory, scene.history.hasRows(vin), scene.carStore.car(vin)?.recorded, scene.lines],
          [false, false, undefined, []],
        );
        await scene.see(ac);
        assert.equal(scene.lines.length, 1);
        assert.equal(scene.history.idOf(vin) === id, name === "all cars");
      });
    }

    it("drops rows that were being read during the deletion", async () => {
      await scene.see(ac);
      const other = await another();
      assert.equal(other.history.hasRows(vin), true);
      await scene.see(out);
      let proceed: () => void = () => undefined;
      other.delay = (call) => (call === "read" ? new Promise<void>((resolve) => (proceed = resolve)) : undefined);
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      const { delay } = other;
      other.delay = () => undefined;
      await other.history.deleteAll();
      proceed();
      await clock.advance(0);
      assert.ok(delay);
      assert.deepEqual([other.history.hasRows(vin), other.history.hasHistory], [false, false]);
    });
  });

  describe("has a last charge, which", () => {
    it("has its energy by the capacity in the settings, or else by that of the model", async () => {
      for (const b of [40, 50, 60]) await scene.see({ ...ac, b });
      const kwh = () => scene.history.lastCharge(vin)?.energy?.kwh;
      assert.equal(kwh(), undefined);
      scene.carStore.modelKnown(vin, { model: "EX30", batteryKwh: 50 }, clock.now());
      assert.equal(kwh(), 10);
      scene.capacity = 100;
      assert.equal(kwh(), 20);
    });

    it("is the same object while nothing has changed, and lasts until the last reading", async () => {
      await scene.see(ac);
      const first = scene.history.lastCharge(vin);
      assert.ok(first);
      assert.equal(scene.history.lastCharge(vin), first);
      await scene.see(ac);
      assert.equal(scene.lines.length, 1, "nothing to write");
      assert.equal(scene.history.lastCharge(vin)?.lastSeenAt, at(12, 5));
    });

    it("begins after the car was last seen unplugged, even if its connection was unknown in between", async () => {
      await scene.see(out);
      await scene.see({ c: "?" });
      await scene.see({ c: "fault" });
      for (const b of [60, 62]) await scene.see({ ...ac, b });
      for (const { history } of [scene, await another()]) assert.equal(history.lastCharge(vin)?.start.earliest, at(12));
    });

    it("is found by reading as few as possible of the last three months", async () => {
      await scene.see(out);
      const read = async () => {
        const other = new Scene(clock, scene.disk);
        await clock.advance(0);
        return [monthsRead(other), other.history.lastCharge(vin)?.start.latest];
      };
      const [september, october, november] = [Date.UTC(2026, 8, 10), Date.UTC(2026, 9, 10), Date.UTC(2026, 10, 10)];
      put("2026-08", ...charge(Date.UTC(2026, 7, 10)));
      put("2026-09");
      put("2026-10");
      put("2026-11", { t: november, c: "out" });
      assert.deepEqual(await read(), [["2026-11", "2026-10", "2026-09"], undefined]);
      put("2026-09", ...charge(september));
      assert.deepEqual(await read(), [["2026-11", "2026-10", "2026-09"], september + 5 * minuteMs]);
      put("2026-10", { t: october - dayMs, c: "out" }, ...charge(october));
      assert.deepEqual(await read(), [["2026-11", "2026-10"], october + 5 * minuteMs]);
    });

    it("is updated by reading only the month of its last row after another window has written", async () => {
      await scene.see(out);
      put("2026-10", ...charge(Date.UTC(2026, 9, 10)));
      const other = await another();
      assert.equal(other.history.hasRows(vin), true);
      other.calls.length = 0;
      await scene.see(ac);
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      assert.deepEqual(monthsRead(other), ["2026-11"]);
      assert.equal(other.history.lastCharge(vin)?.end, undefined);
    });

    it("is unknown if the history cannot be read, which is logged at debug level", async () => {
      await scene.see(ac);
      const other = new Scene(clock, scene.disk);
      other.otherFault = (call) => (call === "files" ? systemError("EIO") : undefined);
      await clock.advance(0);
      assert.equal(other.history.lastCharge(vin), undefined);
      assert.match(other.log.lines.join(), /^debug The history of a car cannot be read: EIO/);
    });

    it("is not updated any more once the window is closed", async () => {
      const other = await another();
      other.history.dispose();
      await scene.see(ac);
      other.calls.length = 0;
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      assert.deepEqual(other.calls, []);
    });
  });

  describe("as a whole", () => {
    it("has the first and the last observed time, the rows and the sessions", async () => {
      assert.deepEqual(await scene.history.read(), [
        { id: "", rows: [], sessions: [], skippedLines: 0, newerMonths: [] },
      ]);
      await scene.see(out);
      await scene.see(ac);
      await scene.see(ac);
      const [car] = await scene.history.read();
      assert.equal(car?.id, scene.history.idOf(vin));
      assert.deepEqual([car?.keptSince, car?.observedUntil], [at(12), at(12, 10)]);
      assert.deepEqual([car?.rows.length, car?.sessions.length], [2, 1]);
      assert.equal(car?.sessions[0]?.lastSeenAt, at(12, 10));
      assert.deepEqual([car.skippedLines, car.newerMonths], [0, []]);
    });

    it("is empty for a car that cannot be read, which is logged", async () => {
      const second = vinNumber(2);
      scene.carStore.configure([{ vin }, { vin: second }]);
      await clock.advance(0);
      await scene.see(ac);
      await scene.see(ac, {}, second);
      let failures = 1;
      scene.otherFault = (call) => (call === "files" && failures-- > 0 ? systemError("EIO") : undefined);
      const [first, other] = await scene.history.read();
      const id = scene.history.idOf(vin);
      assert.deepEqual(first, { id, rows: [], sessions: [], skippedLines: 0, newerMonths: [] });
      assert.equal(other?.rows.length, 1);
      assert.match(scene.log.lines.at(-1) ?? "", /^warn The history of a car cannot be read: EIO/);
    });

    it("is reported for diagnostics, including failures to read or write", async () => {
      const nothing = { vin, rows: 0, skipped: 0, newer: 0 };
      const fine = { isSaltLost: false, pausedUntil: undefined, failure: undefined };
      assert.deepEqual(await scene.history.report(), { cars: [nothing], ...fine });
      await scene.see(out);
      assert.deepEqual(await scene.history.report(), { cars: [{ ...nothing, rows: 1 }], ...fine });
      scene.fault = () => systemError("ENOSPC");
      await scene.see(ac);
      const { pausedUntil } = await scene.history.report();
      assert.equal(pausedUntil, at(13, 5));
      await clock.advance(hourMs);
      assert.equal((await scene.history.report()).pausedUntil, undefined);
      scene.otherFault = () => systemError("EIO");
      const { cars, failure } = await scene.history.report();
      assert.deepEqual(cars, [nothing]);
      assert.match(failure ?? "", /^EIO/);
    });
  });

  describe("that cannot be written", () => {
    const appends = () => scene.calls.filter((call) => call.startsWith("append")).length;
    const record = async () => {
      scene.carStore.succeeded(vin, readingAt(clock.now(), ac));
      scene.calls.length = 0;
      await scene.history.record(turnWith(), [vin], intervalMs);
      return appends();
    };

    it("is retried after an hour, or at once if the clock was set back", async () => {
      await scene.see(out);
      for (const [by, tries] of [
        [0, 0],
        [hourMs - 1, 0],
        [hourMs, 1],
        [-1, 1],
        [-30 * dayMs, 1],
      ] as const) {
        scene.fault = () => systemError("ENOSPC");
        await record();
        clock.jump(by);
        assert.equal(await record(), tries, `${by}`);
        clock.jump(2 * hourMs - by);
      }
    });

    it("is logged once for each car and reason, and an unwritten row does not count as recorded", async () => {
      const second = vinNumber(2);
      scene.carStore.configure([{ vin }, { vin: second }]);
      await clock.advance(0);
      await scene.see(out);
      await scene.see(out, {}, second);
      const recorded = scene.carStore.car(vin)?.recorded;
      const newer = headLine.replace('"version":1', '"version":2');
      for (const each of [vin, second])
        scene.disk.put(`history/${scene.history.idOf(each) ?? ""}/2026-11.jsonl`, newer);
      scene.history.dispose();
      const other = await another();
      other.carStore.configure([{ vin }, { vin: second }]);
      other.carStore.adopt(scene.carStore.shared, clock.now());
      await clock.advance(0);
      for (let times = 0; times < 2; times++)
        for (const each of [vin, second]) await other.see({ ...out, b: 70 }, {}, each);
      assert.equal(other.log.lines.filter((line) => line.includes("newer version")).length, 2);
      assert.deepEqual(other.carStore.car(vin)?.recorded, recorded);
    });

    it("because it is full counts a change of the level as recorded, but not one of the connection", async () => {
      await scene.see(out);
      const before = scene.carStore.car(vin)?.recorded;
      const path = [...scene.disk.contents.keys()].find((each) => each.endsWith(".jsonl")) ?? assert.fail();
      scene.disk.put(path, `${scene.disk.contents.get(path) ?? ""}${" \n".repeat(1024 * 1024)}`);
      await scene.see(ac);
      assert.deepEqual(scene.carStore.car(vin)?.recorded, before);
      await scene.see({ ...out, b: 70 });
      assert.equal(scene.carStore.car(vin)?.recorded?.level, 70);
      assert.equal(scene.carStore.car(vin)?.recorded?.rowAt, before?.rowAt);
    });

    it("because its salt is lost is logged once, and works again after a deletion of everything", async () => {
      await scene.see(out);
      scene.disk.put(`history/${idSaltFile}`, "damaged");
      const other = new Scene(clock, scene.disk);
      await clock.advance(0);
      for (let times = 0; times < 3; times++) await other.see(ac);
      assert.equal(other.log.lines.filter((line) => line.includes("nothing is recorded until")).length, 1);
      assert.equal((await other.history.report()).isSaltLost, true);
      assert.deepEqual(await other.history.read(), [
        { id: "", rows: [], sessions: [], skippedLines: 0, newerMonths: [] },
      ]);
      await other.history.forget();
      assert.equal((await other.history.report()).isSaltLost, false);
    });
  });

  it("continues from the values of its last row if the shared state is lost", async () => {
    const full = { ...ac, g: 80, w: 7000 };
    await scene.see(full);
    const other = new Scene(clock, scene.disk);
    await clock.advance(0);
    await other.see(full);
    assert.equal(scene.lines.length, 1, "nothing has changed");
    const { t } = JSON.parse(scene.lines[0] ?? "") as Row;
    assert.deepEqual(other.carStore.car(vin)?.recorded, {
      ...{ rowAt: t, seenAt: at(12, 5), connection: "ac", status: "charging" },
      ...{ level: 60, target: 80, power: 7000 },
    });
  });
});
