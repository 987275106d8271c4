import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "../../src/base/clock";
import {
  firstKeptMonth,
  headLine,
  lineLimit,
  monthEnd,
  monthOf,
  monthOfFile,
  parseMonth,
  sortedRows,
} from "../../src/history/rows";
import { mulberry } from "../support/random";
import { Computer, vinAt, type SimulatedWindow } from "../support/windows/computer";
import { slowBeats } from "../support/windows/month";

const vin = vinAt(0);
/** Of the test that kills windows. Environment variables ask for more seeds, and for months in place of days. */
const seeds = Number(process.env["HISTORY_SEEDS"] ?? 2);
const days = Number(process.env["HISTORY_DAYS"] ?? 4);

function months(computer: Computer): readonly (readonly [path: string, text: string])[] {
  return [...computer.disk.contents].filter(([path]) => path.includes("/history/") && path.endsWith(".jsonl"));
}

function rowsOf(computer: Computer) {
  return months(computer).flatMap(([, text]) => parseMonth(text, computer.clock.now()).rows);
}

/** The name of the current lock holder. */
function heldLock(computer: Computer): string | undefined {
  const locks = [...computer.disk.contents].flatMap(([path, text]) => {
    const number = /\/refresh\/(\d+)$/.exec(path)?.[1];
    return number === undefined ? [] : [{ number: Number(number), name: /^([0-9a-f-]{36}) \d+$/.exec(text)?.[1] }];
  });
  return locks.sort((a, b) => b.number - a.number)[0]?.name;
}

describe("The history of several windows", () => {
  it("has one row per change, whichever window saw it", async () => {
    const computer = new Computer({ startAt: Date.UTC(2026, 10, 26, 12) });
    computer.service.plugs.set(vin, "DISCONNECTED");
    [0, 1, 2].map((index) => computer.open({ isFocused: index === 0 }));
    for (const plug of ["AC", "DISCONNECTED", "DC", "FAULT", "UNKNOWN", "DISCONNECTED"] as const) {
      await computer.run(11 * minuteMs);
      computer.lastAsker.close();
      computer.open();
      computer.service.plugs.set(vin, plug);
    }
    await computer.run(20 * minuteMs);
    const seen = rowsOf(computer).map(({ c }) => c);
    assert.deepEqual(seen, ["out", "ac", "out", "dc", "fault", "?", "out"]);
  });

  it("is shown by all windows, even those that have not asked", async () => {
    const computer = new Computer({ startAt: Date.UTC(2026, 10, 26, 12) });
    computer.service.plugs.set(vin, "DISCONNECTED");
    computer.service.levels.set(vin, 50);
    const windows = [0, 1, 2].map((index) => computer.open({ isFocused: index === 0 }));
    await computer.run(10 * minuteMs);
    computer.service.plugs.set(vin, "AC");
    for (let level = 50; level < 60; level++) {
      computer.service.levels.set(vin, level);
      await computer.run(5 * minuteMs);
    }
    for (const { core } of windows) {
      const session = core.history.lastCharge(core.carStore.current.cars[0]!.vin);
      assert.deepEqual([session?.levelFrom, session?.end], [50, undefined]);
      assert.ok((session?.levelTo ?? 0) >= 58, `${session?.levelTo}`);
      const id = (await core.history.carIds())(core.carStore.current.cars[0]!.vin);
      assert.match(id, /^[0-9a-f]{16}$/);
      assert.ok(months(computer).every(([path]) => path.includes(`/history/${id}/`)));
    }
  });

  for (let seed = 1; seed <= seeds; seed++) {
    it(`keeps every whole line of windows that are killed anywhere, and is written only by the window that has the turn (seed ${seed})`, async () => {
      const random = mulberry(seed);
      const keepMonths = seed % 2 === 0 ? 1 : 24;
      const computer = new Computer({
        ...{ cars: 3, random, startAt: Date.UTC(2026, 10, 28) },
        settings: { "history.keepMonths": keepMonths },
        ...(days > 4 && { times: slowBeats }),
      });
      /** Rows written by a window without the turn. */
      let rowsOutsideTurn = 0;
      const holders = new Map<string, SimulatedWindow>();
      const open = () => {
        let window: SimulatedWindow | undefined = undefined as SimulatedWindow | undefined;
        const onStep = () => {
          if (random() < 0.001) window?.kill();
        };
        const before = (call: string) => {
          if (call !== "append" || !window) return;
          const lock = heldLock(computer);
          const holder = lock && (holders.get(lock) ?? window);
          if (lock && holder === window) holders.set(lock, window);
          else rowsOutsideTurn++;
        };
        window = computer.open({ isFocused: random() < 0.5, onStep, before });
      };
      const plugs = ["AC", "DC", "DISCONNECTED", "FAULT", "UNKNOWN"] as const;
      let written: ReadonlyMap<string, string> = new Map();
      let deletedRows = 0;
      const monthsSeen = new Set<string>();
      for (let hour = 0; hour < 24 * days; hour++) {
        for (const each of [0, 1, 2].map(vinAt)) {
          if (random() < 0.3) computer.service.plugs.set(each, plugs[Math.floor(random() * plugs.length)]!);
          computer.service.levels.set(each, Math.floor(random() * 100));
        }
        while (computer.windows.filter(({ isGone }) => !isGone).length < 2) open();
        await computer.run(hourMs);
        monthsSeen.add(monthOf(computer.clock.now() - hourMs));
        const now = new Map(months(computer));
        const first = firstKeptMonth(computer.clock.now(), keepMonths);
        for (const [path, text] of written) {
          const isOver = (monthOfFile(path.split("/").at(-1) ?? "") ?? "") < first;
          if (isOver && !now.has(path)) deletedRows += text.split("\n").length;
          else assert.ok(now.get(path)?.startsWith(text), `a line of ${path} is lost`);
        }
        written = now;
      }
      const kills = computer.windows.filter(({ isGone }) => isGone).length;
      assert.ok(kills > days, `${kills} kills`);
      assert.equal(rowsOutsideTurn, 0);
      const kept = new Set(months(computer).map(([path]) => path.split("/").at(-1)));
      assert.equal(kept.size, keepMonths === 1 ? 1 : monthsSeen.size);
      for (const [path, text] of months(computer)) {
        assert.ok(text.startsWith(`${headLine}\n`) && text.length <= monthEnd, path);
        assert.equal(text.split(headLine).length, 2, "one head line");
        assert.ok(text.split("\n").every((line) => line.length <= lineLimit));
        const { rows, skipped } = parseMonth(text, computer.clock.now());
        assert.equal(skipped, 0);
        assert.deepEqual(sortedRows(rows), rows);
      }
      assert.ok(deletedRows + rowsOf(computer).length > 20 * days);
      assert.doesNotMatch(months(computer).join("\n"), /YV1|token/);
    }).timeout(days > 4 ? 0 : 120_000);
  }

  it("is not written between two checks, nor after a check without a change", async () => {
    const computer = new Computer({ startAt: Date.UTC(2026, 10, 26, 12) });
    computer.open({ isFocused: true });
    computer.service.levels.set(vin, 50);
    // At each check the simulated car has a new time of measurement, which alone is no change.
    await computer.run(6 * minuteMs);
    const before = months(computer);
    assert.equal(before.length, 1);
    const requests = computer.service.requests.length;
    await computer.run(25 * minuteMs);
    assert.ok(computer.service.requests.length >= requests + 4);
    assert.deepEqual(months(computer), before);
  });

  it("is not written on a full disk, which does not affect polling", async () => {
    const computer = new Computer({ startAt: Date.UTC(2026, 10, 26, 12) });
    const fault = (call: string) =>
      call === "append" ? Object.assign(new Error("full"), { code: "ENOSPC" }) : undefined;
    const window = computer.open({ isFocused: true, fault });
    await computer.run(31 * minuteMs);
    assert.equal(window.shown, "connectedAc");
    assert.ok(computer.service.requests.length >= 6);
    assert.equal(computer.state?.cars[Object.keys(computer.state.cars)[0]!]?.recorded, undefined);
    assert.equal(window.log.filter((line) => line.includes("history")).length, 1, window.log.join("\n"));
    assert.deepEqual(months(computer), []);
  });

  it("is deleted in all windows, and starts again", async () => {
    const computer = new Computer({ startAt: Date.UTC(2026, 10, 26, 12) });
    computer.service.levels.set(vin, 50);
    const [first, second] = [computer.open({ isFocused: true }), computer.open()];
    await computer.run(6 * minuteMs);
    assert.ok(first.core.history.hasHistory && second.core.history.hasHistory);
    const deleted = second.core.deleteHistory("all");
    await computer.run(5 * secondMs);
    await deleted;
    assert.deepEqual(months(computer), []);
    assert.deepEqual(
      [first, second].map(({ core }) => core.history.hasHistory),
      [false, false],
    );
    await computer.run(10 * minuteMs);
    assert.equal(rowsOf(computer).length, 1);
    const forgotten = second.core.forgetAll();
    await computer.run(5 * secondMs);
    await forgotten;
    assert.deepEqual(
      computer.files.filter((path) => path.includes("/history")),
      [],
    );
  });
});
