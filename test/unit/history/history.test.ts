import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { carIdOf, idSaltFile } from "../../../src/history/carIds";
import { carLimit, headLine, monthEnd, monthLimit } from "../../../src/history/rows";
import { vinNumber } from "../../support/builders/builders";
import { systemError } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";
import { turnWith } from "../../support/turn";
import { at, readingAt, type ShortReading } from "./histories";
import { ac, intervalMs, out, Scene, vin } from "./scene";

describe("The history of a window", () => {
  let clock: FakeClock;
  let scene: Scene;

  beforeEach(async () => {
    clock = new FakeClock(at(12));
    scene = new Scene(clock);
    await clock.advance(0);
  });

  it("writes a row for a change, and nothing for an unchanged or missing reading", async () => {
    await scene.see(out);
    assert.equal(scene.lines.length, 1);
    const before = [...scene.disk.contents];
    scene.calls.length = 0;
    await scene.see(out);
    assert.deepEqual([...scene.disk.contents], before);
    assert.deepEqual(scene.calls, []);
    await scene.see(ac);
    assert.equal(scene.lines.length, 2);
    await scene.history.record(turnWith(), [vin], intervalMs);
    assert.equal(scene.lines.length, 2, "a failed check has no reading");
  });

  it("names the car by a lasting id that reveals nothing of the VIN", async () => {
    await scene.see(out);
    const salt = scene.disk.contents.get(`history/${idSaltFile}`) ?? "";
    const id = carIdOf(salt, vin);
    assert.equal(id, createHmac("sha256", salt).update(vin).digest("hex").slice(0, 16));
    assert.match(salt, /^[0-9a-f]{64}$/);
    assert.equal(scene.history.idOf(vin), id);
    assert.ok(scene.disk.contents.get(`history/${id}/2026-11.jsonl`)?.startsWith(`${headLine}\n{`));
    assert.doesNotMatch(JSON.stringify([...scene.disk.contents]), /YV1/);
    const other = new Scene(clock, scene.disk);
    await clock.advance(0);
    assert.equal(other.history.idOf(vin), id);
  });

  it("takes at most four calls of the folder for a row", async () => {
    for (const sight of [out, ac, out]) {
      scene.calls.length = 0;
      const isFirst = scene.lines.length === 0;
      await scene.see(sight);
      // The first row also creates the salt.
      assert.ok(scene.calls.length <= (isFirst ? 8 : 4), scene.calls.join("\n"));
    }
  });

  it("announces the rows of all cars of a check at once, including those before a failure", async () => {
    const vins = [1, 2, 3].map(vinNumber);
    scene.carStore.configure(vins.map((each) => ({ vin: each })));
    await clock.advance(0);
    const changes: string[] = [];
    scene.history.onDidChange(() => changes.push("history"));
    const check = async (sight: ShortReading) => {
      for (const each of vins) scene.carStore.succeeded(each, readingAt(clock.now(), sight));
      changes.length = 0;
      const watching = scene.carStore.onDidChange(() => changes.push("cars"));
      await scene.history.record(turnWith(), vins, intervalMs);
      watching.dispose();
      await clock.advance(intervalMs);
    };
    await check(out);
    assert.equal(scene.lines.length, 3);
    await check(out);
    assert.deepEqual(changes, ["cars"], "only the time of the check is new");
    let appends = 0;
    scene.fault = () => (++appends === 2 ? systemError("ENOSPC") : undefined);
    await check(ac);
    assert.deepEqual(changes, ["cars", "history"]);
    const recorded = scene.carStore.current.cars.map((car) => car.recorded?.connection);
    assert.deepEqual(recorded, ["ac", "out", "out"]);
  });

  it("is written only in a turn that has the lock and is still held", async () => {
    await scene.see(out, { isExclusive: false });
    await scene.see(out, { isHeldRecently: () => Promise.resolve(false) });
    assert.deepEqual(scene.lines, []);
  });

  it("records nothing while it is switched off, which leaves a gap", async () => {
    await scene.see(out);
    scene.isEnabled = false;
    for (let check = 0; check < 12; check++) await scene.see(ac);
    assert.equal(scene.lines.length, 1);
    scene.isEnabled = true;
    await scene.see(ac);
    const { p, x } = JSON.parse(scene.lines[1] ?? "") as { p: number; x: number };
    assert.deepEqual([p, x], [at(12), 1]);
  });

  it("pauses for an hour on a full disk, with one line in the log, which leaves a gap", async () => {
    await scene.see(out);
    scene.fault = () => systemError("ENOSPC");
    for (let check = 0; check < 6; check++) await scene.see(ac);
    scene.fault = () => undefined;
    for (let check = 0; check < 5; check++) await scene.see(ac);
    assert.equal(scene.lines.length, 1);
    assert.equal(scene.log.lines.filter((line) => line.includes("tried again in an hour")).length, 1);
    await clock.advance(10 * minuteMs);
    await scene.see(ac);
    assert.equal((JSON.parse(scene.lines[1] ?? "") as { x: number }).x, 1);
  });

  it("does not change a month of a newer version, which is logged", async () => {
    await scene.see(out);
    const path = [...scene.disk.contents.keys()].find((each) => each.endsWith(".jsonl")) ?? assert.fail();
    const text = '{"format":"volvo-charging-history","version":2}\n{"anything":1}\n';
    scene.disk.put(path, text);
    const other = new Scene(clock, scene.disk);
    await clock.advance(0);
    await other.see(ac);
    await other.see(out);
    assert.equal(scene.disk.contents.get(path), text);
    assert.equal(other.log.lines.filter((line) => line.includes("newer version")).length, 1);
    const [car] = await other.history.read();
    assert.deepEqual(car?.newerMonths, ["2026-11"]);
    assert.equal((await other.history.report()).cars[0]?.newer, 1);
  });

  it("counts unreadable lines, and continues after a torn one", async () => {
    await scene.see(out);
    const path = [...scene.disk.contents.keys()].find((each) => each.endsWith(".jsonl")) ?? assert.fail();
    scene.disk.put(path, `${scene.disk.contents.get(path) ?? ""}{"t":17643`);
    await scene.see(ac);
    const [car] = await scene.history.read();
    assert.deepEqual([car?.rows.length, car?.skippedLines], [2, 1]);
    assert.equal((await scene.history.report()).cars[0]?.skipped, 1);
  });

  it("records only changes of connection and status in a full month, and nothing at twice the size", async () => {
    await scene.see(out);
    const path = [...scene.disk.contents.keys()].find((each) => each.endsWith(".jsonl")) ?? assert.fail();
    scene.disk.put(path, `${scene.disk.contents.get(path) ?? ""}${" \n".repeat(monthLimit / 2)}`);
    scene.calls.length = 0;
    await scene.see({ ...out, b: 50 });
    await scene.see({ ...out, b: 50 });
    assert.equal(
      scene.calls.filter((call) => call.startsWith("append")).length,
      1,
      "a change of the level is tried once",
    );
    await scene.see(ac);
    const rows = scene.lines
      .filter((line) => line.startsWith("{"))
      .map((line) => (JSON.parse(line) as { c: string }).c);
    assert.deepEqual(rows, ["out", "ac"]);
    scene.disk.put(path, `${scene.disk.contents.get(path) ?? ""}${" \n".repeat((monthEnd - monthLimit) / 2)}`);
    const before = scene.disk.contents.get(path);
    await scene.see(out);
    assert.equal(scene.disk.contents.get(path), before, "nothing is added at twice the size");
    assert.equal(scene.log.lines.filter((line) => line.includes("has no room for more")).length, 1);
  });

  it("deletes months that are older than the setting, even of cars not in the list, but none of a newer version", async () => {
    await scene.see(out);
    const id = scene.history.idOf(vin) ?? "";
    const stranger = "f".repeat(16);
    for (const path of [`${id}/2024-11`, `${id}/2024-12`, `${stranger}/2024-11`, `${stranger}/2026-10`]) {
      scene.disk.put(`history/${path}.jsonl`, `${headLine}\n`);
    }
    scene.disk.put(`history/${id}/2024-10.jsonl`, headLine.replace('"version":1', '"version":2'));
    const other = new Scene(clock, scene.disk);
    await clock.advance(0);
    await other.see(ac);
    const kept = [...scene.disk.contents.keys()].flatMap((path) => /\w+\/\d{4}-\d\d/.exec(path)?.[0] ?? []).sort();
    assert.deepEqual(kept, [`${id}/2024-10`, `${id}/2024-12`, `${id}/2026-11`, `${stranger}/2026-10`].sort());
  });

  it("removes the oldest month of the largest car if the folder is too large", async () => {
    await scene.see(out);
    const [large, small] = ["a".repeat(16), "b".repeat(16)];
    const text = `${headLine}\n${`${"x".repeat(1023)}\n`.repeat(1900)}`;
    for (let month = 10; month <= 19; month++) {
      scene.disk.put(`history/${large}/20${month}-01.jsonl`, text);
      if (month < 18) scene.disk.put(`history/${small}/20${month}-01.jsonl`, text);
    }
    const other = new Scene(clock, scene.disk);
    other.keepMonths = 120 * 2;
    await clock.advance(0);
    await other.see(ac);
    const remaining = [...scene.disk.contents.keys()];
    assert.ok(!remaining.includes(`history/${large}/2011-01.jsonl`));
    assert.ok(
      remaining.includes(`history/${large}/2012-01.jsonl`) && remaining.includes(`history/${small}/2010-01.jsonl`),
    );
    const bytes = [...scene.disk.contents.values()].reduce((sum, each) => sum + each.length, 0);
    assert.ok(bytes <= 31 * 1024 * 1024 + 1000, `${bytes} bytes`);
  });

  it("does not begin a history for more cars than the limit, and checks that once", async () => {
    await scene.see(out);
    for (let car = 1; car < carLimit; car++) {
      scene.disk.put(`history/${String(car).padStart(16, "0")}/2026-11.jsonl`, `${headLine}\n`);
    }
    const other = vinNumber(2);
    scene.carStore.configure([{ vin }, { vin: other }]);
    await clock.advance(0);
    await scene.see(out, {}, other);
    scene.calls.length = 0;
    await scene.see(ac, {}, other);
    assert.deepEqual(scene.calls, []);
    assert.equal(scene.lines.length, 1);
  });

  it("never creates another salt while there is history: it records nothing, and reports that", async () => {
    await scene.see(out);
    const other = new Scene(clock, scene.disk);
    scene.disk.put(`history/${idSaltFile}`, "damaged");
    await clock.advance(0);
    const again = new Scene(clock, scene.disk);
    await clock.advance(0);
    await again.see(ac);
    assert.equal(again.history.idOf(vin), undefined);
    assert.equal(scene.lines.length, 1);
    assert.equal((await again.history.report()).isSaltLost, true);
    await again.history.forget();
    await again.see(ac);
    assert.equal(scene.lines.length, 1);
    assert.match(again.history.idOf(vin) ?? "", /^[0-9a-f]{16}$/);
    other.history.dispose();
  });

  it("has the same last charge in the window that writes and in the others", async () => {
    await scene.see(out);
    for (let b = 60; b < 70; b++) await scene.see({ ...ac, b });
    await scene.see({ c: "out", s: "idle", b: 70 });
    const other = new Scene(clock, scene.disk);
    other.carStore.adopt(scene.carStore.shared, clock.now());
    await clock.advance(0);
    for (const { history } of [scene, other]) {
      const session = history.lastCharge(vin);
      assert.deepEqual([session?.levelFrom, session?.levelTo], [60, 69]);
      assert.ok(session?.start.earliest !== undefined && history.hasHistory);
    }
    // The shared state tells the other window of a new row.
    await scene.see({ ...ac, b: 69 });
    other.carStore.adopt(scene.carStore.shared, clock.now());
    await clock.advance(0);
    assert.equal(other.history.lastCharge(vin)?.end, undefined);
  });

  it("continues after its last row if the shared state is lost", async () => {
    await scene.see(out);
    const other = new Scene(clock, scene.disk);
    await clock.advance(0);
    await other.see(out);
    assert.equal(scene.lines.length, 1, "nothing has changed");
    await clock.advance(2 * hourMs);
    await other.see(out);
    assert.equal((JSON.parse(scene.lines[1] ?? "") as { x: number }).x, 1);
  });

  it("keeps its ids when the rows of one or of all cars are deleted, and deletes them with everything", async () => {
    await scene.see(ac);
    const id = scene.history.idOf(vin);
    await scene.history.delete([vin]);
    assert.deepEqual(
      [scene.lines.length, scene.history.hasHistory, scene.history.lastCharge(vin)],
      [0, false, undefined],
    );
    await scene.see(ac);
    scene.disk.put(`history/${"f".repeat(16)}/2026-11.jsonl`, `${headLine}\n`);
    await scene.history.deleteAll();
    assert.deepEqual([...scene.disk.contents.keys()], [`history/${idSaltFile}`]);
    assert.equal(scene.history.idOf(vin), id);
    await scene.see(out);
    assert.equal(scene.lines.length, 1, "the history starts over");
    await scene.history.forget();
    assert.deepEqual([...scene.disk.contents.keys()], []);
  });
});
