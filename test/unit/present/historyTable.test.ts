import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import type { Session } from "../../../src/history/model";
import { historyTable } from "../../../src/present/historyTable";
import type { Locale } from "../../../src/present/times";

const locale: Locale = { language: "en-US", timeZone: "UTC" };
const start = Date.UTC(2026, 10, 1);
const range = { from: start, to: start + 30 * dayMs };

function session(day: number, changes: Partial<Session> = {}): Session {
  const from = start + day * dayMs + 18 * hourMs;
  const to = from + 12 * hourMs;
  return {
    start: { earliest: from - 5 * minuteMs, latest: from, isOneTime: true },
    end: { earliest: to - 5 * minuteMs, latest: to, isOneTime: true },
    ...{ lastSeenAt: to, charger: "ac", phases: [{ from, to: from + 4 * hourMs, isOpen: false }] },
    ...{ chargedMs: 4.5 * hourMs, levelFrom: 41, levelTo: 80, energy: { kwh: 25.7, method: "level" } },
    ...{ isTargetReached: false, isAfterUnseenUnplug: false, isBeforeUnseenUnplug: false, seenAgain: [] },
    ...changes,
  };
}

const tableOf = (sessions: readonly Session[], page = 0) => historyTable(sessions, range, page, locale);

describe("the table of sessions", () => {
  it("shows time, charger, levels, duration and energy, and the source of the energy", () => {
    const { rows, notes } = tableOf([session(3)]);
    assert.deepEqual(rows, [
      ["Wed, Nov 4, 6:00 PM", "Thu, Nov 5, 6:00 AM", "AC", "41 → 80%", "4 h 30 min", "≈ 26 kWh, by level", ""],
    ]);
    assert.match(notes.join(" "), /estimated, not for billing/);
  });

  it("shows a start or end in a gap as a range, and an open session as still plugged in", () => {
    const from = start + 18 * hourMs;
    const [late, unknown, open] = tableOf([
      session(0, { start: { latest: from, isOneTime: false } }),
      session(1, { end: undefined } as unknown as Partial<Session>),
      session(2, { end: { earliest: from + 2 * dayMs, latest: from + 2.3 * dayMs, isOneTime: false } }),
    ]).rows.toReversed();
    assert.equal(late?.[0], "Before Sun, Nov 1, 6:00 PM");
    assert.equal(unknown?.[1], "Still plugged in");
    assert.equal(open?.[1], "Between Tue, Nov 3, 6:00 PM and Wed, Nov 4, 1:12 AM");
  });

  it("notes an unseen unplugging, a car that was seen again, and a reached target", () => {
    const seenAgain = [{ from: start, to: start + dayMs }];
    const [row] = tableOf([session(1, { isBeforeUnseenUnplug: true, isTargetReached: true, seenAgain })]).rows;
    assert.equal(
      row?.[6],
      "Target reached · Probably unplugged after this session (not observed) · Seen again Mon, Nov 2, 12:00 AM; may have been away",
    );
  });

  it("shows unknown values as a dash, and totals of the known ones with their number", () => {
    const bare = {
      levelFrom: undefined,
      levelTo: undefined,
      energy: undefined,
      chargedMs: 0,
    } as unknown as Partial<Session>;
    const { rows, totals } = tableOf([
      session(1),
      session(2, bare),
      session(3, { energy: { kwh: 5, method: "power" } }),
    ]);
    assert.deepEqual(rows[1]?.slice(3, 6), ["–", "–", "–"]);
    assert.equal(rows[0]?.[5], "≈ 5 kWh, by power");
    assert.deepEqual(totals, ["Total: 3", "", "", "", "9 h", "≈ 31 kWh", "known for 2 of 3"]);
  });

  it("has 25 rows per page, the newest first, and totals of all pages", () => {
    const sessions = Array.from({ length: 60 }, (_, index) => session(index / 2.1));
    const pages = [0, 1, 2].map((page) => tableOf(sessions, page));
    assert.deepEqual(
      pages.map(({ rows }) => rows.length),
      [25, 25, 10],
    );
    assert.deepEqual(
      pages.map(({ pages: text }) => text),
      ["1 – 25 of 60", "26 – 50 of 60", "51 – 60 of 60"],
    );
    assert.deepEqual(
      pages.map(({ hasNextPage }) => hasNextPage),
      [true, true, false],
    );
    assert.equal(new Set(pages.map(({ totals }) => totals.join())).size, 1);
    const shown = pages.flatMap(({ rows }) => rows.map(([first]) => first));
    assert.equal(shown.at(-1), "Sun, Nov 1, 6:00 PM");
    assert.equal(tableOf(sessions, 7).page, 2, "the last page if there are fewer");
  });

  it("has no pages for 25 sessions, and a sentence if there is no session", () => {
    assert.equal(tableOf(Array.from({ length: 25 }, (_, day) => session(day))).pages, "");
    const { rows, totals, caption } = tableOf([]);
    assert.deepEqual([rows, totals], [[], []]);
    assert.match(caption, /No charging sessions/);
  });

  it("says nothing of a charge below a minute", () => {
    const { rows, totals } = tableOf([{ ...session(0), chargedMs: 59_000 }]);
    assert.deepEqual([rows[0]?.[4], totals[4]], ["–", "–"]);
  });

  it("includes sessions that are only partly in the range, and says that they count in full", () => {
    const { rows, notes } = tableOf([session(-2), session(-1), session(29), session(30)]);
    assert.equal(rows.length, 2);
    assert.match(notes.join(" "), /counted in full/);
    assert.doesNotMatch(tableOf([session(3)]).notes.join(" "), /counted in full/);
  });
});
