import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs } from "../../../src/base/clock";
import type { HistoryContext, MomentRange, Row } from "../../../src/history/model";
import { lastChargeOf, sessionsOf } from "../../../src/history/sessions";
import { at, recordedBy, rising, type ShortReading } from "./histories";

const context: HistoryContext = { now: at(48) };
const out: ShortReading = { c: "out", m: at(7), s: "idle", b: 60 };
/** Plugged in at 18:02, and charging from 41 % at once with 10 points an hour. */
const charging = (t: number): ShortReading => {
  const b = rising(t, at(18, 2), 41, 10);
  return { c: "ac", m: at(18, 2), s: b < 80 ? "charging" : "done", b, g: 80, w: b < 80 ? 7200 : 0 };
};
const evening = { from: at(12), to: at(17, 55), seen: () => ({ ...out, b: 41 }) };

const clock = (time: number | undefined) =>
  time === undefined ? "?" : new Date(time).toISOString().slice(8, 16).replace("T", " ");
const range = (moment: MomentRange | undefined) =>
  moment && (moment.isOneTime ? clock(moment.latest) : `between ${clock(moment.earliest)} and ${clock(moment.latest)}`);

describe("A session", () => {
  it("lasts from plugged in to unplugged, with levels, charging and the target", () => {
    const rows = recordedBy([
      evening,
      { from: at(18), to: at(23, 30), seen: (t) => (t < at(18, 2) ? { ...out, b: 41 } : charging(t)) },
      { from: at(23, 35), to: at(24), seen: () => ({ c: "out", m: at(23, 33), s: "idle", b: 80 }) },
    ]);
    const [session, ...more] = sessionsOf(rows, { ...context, batteryKwh: 66 });
    assert.deepEqual(more, []);
    assert.ok(session);
    assert.deepEqual([range(session.start), range(session.end)], ["26 18:02", "26 23:33"]);
    assert.deepEqual(
      [session.levelFrom, session.levelTo, session.isTargetReached, session.charger],
      [41, 80, true, "ac"],
    );
    assert.deepEqual(session.energy, { kwh: 0.39 * 66, method: "level" });
    assert.equal(session.phases.length, 1);
    assert.ok(Math.abs(session.chargedMs - 3.9 * hourMs) < 10 * minuteMs, `${session.chargedMs / hourMs} h`);
    assert.equal(session.durationMs, at(23, 33) - at(18, 2));
    assert.deepEqual([session.isAfterUnseenUnplug, session.isBeforeUnseenUnplug], [false, false]);
  });

  it("lasts from plugged in to unplugged at any charger", () => {
    for (const c of ["ac", "dc", "in"] as const) {
      const [session] = sessionsOf(
        [
          { t: at(12), c: "out" },
          { t: at(12, 5), p: at(12), c },
          { t: at(14), p: at(13, 55), c: "out" },
        ],
        context,
      );
      assert.deepEqual([session?.charger, session?.durationMs], [c, 115 * minuteMs]);
      assert.deepEqual(session?.end, { earliest: at(13, 55), latest: at(14), isOneTime: true });
    }
  });

  it("has the last known charger", () => {
    const plugged = (...chargers: readonly ("ac" | "dc" | "in")[]) =>
      sessionsOf(
        chargers.map((c, index): Row => ({ t: at(12, index), p: at(12, index) - 1, c })),
        context,
      )[0]?.charger;
    assert.deepEqual([plugged("dc", "in"), plugged("in", "ac"), plugged("ac", "dc")], ["dc", "ac", "dc"]);
  });

  // The night is not observed: VS Code is closed at 45 % while the car charges, and opened long after the charge.
  it("charged from 45 to 80 % if VS Code was closed at 45 and opened at 80", () => {
    const rows = recordedBy([
      evening,
      { from: at(18, 5), to: at(18, 30), seen: (t) => ({ ...charging(t), b: 45 }) },
      { from: at(31), to: at(31, 30), seen: () => ({ c: "ac", m: at(18, 2), s: "done", b: 80, g: 80 }) },
    ]);
    const sessions = sessionsOf(rows, { ...context, batteryKwh: 66 });
    assert.equal(sessions.length, 1);
    const [session] = sessions;
    assert.deepEqual([session?.levelFrom, session?.levelTo, session?.isTargetReached], [45, 80, true]);
    assert.deepEqual(session?.energy, { kwh: 0.35 * 66, method: "level" });
    assert.equal(session.phases[0]?.isOpen, true, "the end of charging was not seen");
    // The power is known for half an hour only, which is not enough for the night.
    assert.equal(sessionsOf(rows, context)[0]?.energy, undefined);
  });

  it("has ranges for an unobserved start and end, and the report of the car narrows the start", () => {
    const night = (m: number | undefined): readonly Row[] =>
      recordedBy([
        { from: at(12), to: at(20), seen: () => out },
        { from: at(31), to: at(32), seen: () => ({ c: "ac", ...(m !== undefined && { m }), b: 70 }) },
        { from: at(40), to: at(41), seen: () => ({ c: "out", b: 70 }) },
      ]);
    const ranges = (m?: number) => sessionsOf(night(m), context).map(({ start, end }) => [range(start), range(end)]);
    assert.deepEqual(ranges(), [["between 26 20:00 and 27 07:00", "between 27 08:00 and 27 16:00"]]);
    assert.deepEqual(ranges(at(22)), [["between 26 20:00 and 26 22:00", "between 27 08:00 and 27 16:00"]]);
  });

  it("has an unknown start and no duration if the car was plugged in at its first reading", () => {
    const rows = recordedBy([{ from: at(18, 5), to: at(20), seen: charging }]);
    const [session] = sessionsOf(rows, { ...context, observedUntil: at(20) });
    assert.equal(session?.start.earliest, undefined);
    assert.deepEqual([session?.end, session?.durationMs, session?.lastSeenAt], [undefined, undefined, at(20)]);
    assert.deepEqual(session?.start, { latest: at(18, 2), isOneTime: false });
    assert.deepEqual([session.isAfterUnseenUnplug, session.isBeforeUnseenUnplug], [false, false]);
    assert.equal(session.isTargetReached, false);
    const over = sessionsOf([...rows, { t: at(20, 5), p: at(20), c: "out" }], context)[0];
    assert.deepEqual([over?.end?.latest, over?.durationMs], [at(20, 5), undefined]);
  });

  it("was last seen at the last reading with a known connection", () => {
    const rows: readonly Row[] = [
      { t: at(12), c: "out" },
      { t: at(12, 5), p: at(12), c: "ac" },
    ];
    const lastSeen = (more: readonly Row[], observedUntil?: number) =>
      sessionsOf([...rows, ...more], { ...context, ...(observedUntil !== undefined && { observedUntil }) })[0]
        ?.lastSeenAt;
    assert.equal(lastSeen([], at(14)), at(14));
    assert.equal(lastSeen([]), at(12, 5));
    assert.equal(lastSeen([{ t: at(13), p: at(12, 55), c: "?" }], at(14)), at(12, 55));
  });

  it("begins and ends at one time if the car was observed, or not observed for at most half an hour", () => {
    const isOneTime = (unseenMs: number, x?: 1) => {
      const [session] = sessionsOf(
        [
          { t: at(12), c: "out" },
          { t: at(12) + unseenMs, p: at(12), c: "ac", ...(x && { x }) },
          { t: at(12) + 2 * unseenMs, p: at(12) + unseenMs, c: "out", ...(x && { x }) },
        ],
        context,
      );
      return [session?.start.isOneTime, session?.end?.isOneTime];
    };
    assert.deepEqual(isOneTime(hourMs), [true, true], "checked every hour");
    assert.deepEqual(isOneTime(30 * minuteMs, 1), [true, true]);
    assert.deepEqual(isOneTime(30 * minuteMs + 1, 1), [false, false]);
  });

  it("begins in a range if its connection was unknown for more than half an hour before", () => {
    const rows: readonly Row[] = [
      { t: at(12), c: "out" },
      { t: at(12, 5), p: at(12), c: "?" },
      { t: at(14), p: at(13, 55), c: "ac" },
    ];
    assert.deepEqual(sessionsOf(rows, context)[0]?.start, { earliest: at(12), latest: at(14), isOneTime: false });
  });

  // teslamate#264, #4501; openeo#248: charges that were split by a restart, an outage or midnight.
  it("is not closed by a fault, an unknown state, a failed check, midnight or a change of the charger type", () => {
    const odd: Readonly<Record<string, (t: number) => ShortReading | undefined>> = {
      fault: (t) => ({ ...charging(t), c: "fault" }),
      "fault that stops charging": (t) => ({ ...charging(t), c: "fault", s: "fault" }),
      unknown: () => ({ c: "?" }),
      "no response": () => undefined,
      "connection only, of Energy v1": () => ({ c: "ac", m: at(18, 2) }),
      "another charger type": (t) => ({ ...charging(t), c: "in" }),
    };
    for (const [name, seen] of Object.entries(odd)) {
      const rows = recordedBy([
        evening,
        { from: at(18, 5), to: at(19), seen: charging },
        { from: at(19, 5), to: at(21), seen },
        { from: at(21, 5), to: at(25), seen: charging },
        { from: at(25, 5), to: at(26), seen: () => ({ c: "out", m: at(25, 1), b: 80 }) },
      ]);
      const sessions = sessionsOf(rows, context);
      assert.equal(sessions.length, 1, name);
      assert.deepEqual([range(sessions[0]?.start), range(sessions[0]?.end)], ["26 18:02", "27 01:01"], name);
      assert.deepEqual([sessions[0]?.levelFrom, sessions[0]?.levelTo], [41, 80], name);
    }
  });

  it("begins and ends after the last time at which the opposite was known, before faults and unknown states", () => {
    for (const c of ["?", "fault"] as const) {
      const rows = recordedBy([
        { from: at(12), to: at(17, 55), seen: () => ({ c: "out" }) },
        { from: at(18), to: at(19), seen: () => ({ c }) },
        { from: at(19, 5), to: at(22), seen: () => ({ c: "ac" }) },
        { from: at(22, 5), to: at(23), seen: () => ({ c }) },
        { from: at(23, 5), to: at(24), seen: () => ({ c: "out" }) },
      ]);
      const ranges = sessionsOf(rows, context).map(({ start, end }) => [range(start), range(end)]);
      assert.deepEqual(ranges, [["between 26 17:55 and 26 19:05", "between 26 22:00 and 26 23:05"]], c);
    }
  });

  it("is not opened by a fault or an unknown state", () => {
    const rows = recordedBy([
      { from: at(8), to: at(20), seen: (t) => ({ c: (["fault", "?"] as const)[(t / minuteMs) % 2] ?? "?" }) },
    ]);
    assert.deepEqual(sessionsOf(rows, context), []);
  });

  it("is the same after 1,000 unknown or failed readings between equal states", () => {
    const quiet = recordedBy([evening, { from: at(18, 5), to: at(30), seen: charging }], minuteMs);
    const [expected] = sessionsOf(quiet, context);
    fc.assert(
      fc.property(fc.array(fc.constantFrom("?", "none"), { minLength: 1000, maxLength: 1000 }), (odd) => {
        const seen = (t: number): ShortReading | undefined => {
          const index = Math.round((t - at(24)) / minuteMs);
          const what = index >= 0 ? odd[index] : undefined;
          return what === undefined ? charging(t) : what === "?" ? { c: "?" } : undefined;
        };
        const sessions = sessionsOf(recordedBy([evening, { from: at(18, 5), to: at(42), seen }], minuteMs), context);
        assert.equal(sessions.length, 1);
        const { start, levelFrom, levelTo, phases } = sessions[0] ?? assert.fail();
        assert.deepEqual([start, levelFrom, levelTo, phases], [expected?.start, 41, 80, expected?.phases]);
      }),
      { numRuns: 10 },
    );
  });

  it("is split if the level has fallen across a gap, because the car was probably unplugged in between", () => {
    const split = (b: number, hours: number, s: ShortReading["s"] = "idle") =>
      sessionsOf(
        recordedBy([
          evening,
          { from: at(18, 5), to: at(23), seen: charging },
          { from: at(23 + hours), to: at(24 + hours), seen: () => ({ c: "ac", m: at(23 + hours), s, b }) },
        ]),
        { now: at(200) },
      );
    const [before, after] = split(60, 14);
    assert.equal(before?.isBeforeUnseenUnplug, true);
    assert.equal(after?.isAfterUnseenUnplug, true);
    assert.deepEqual([before.levelTo, after.levelFrom], [80, 60]);
    assert.deepEqual(
      [range(before.end), range(after.start)],
      ["between 26 23:00 and 27 13:00", "between 26 23:00 and 27 13:00"],
    );
    assert.equal(split(77, 1).length, 1, "three points, but a little more is allowed for the hour");
    assert.equal(split(76, 1).length, 2);
    assert.equal(split(76, 49).length, 1, "a parked car may lose a point a day");
    assert.equal(split(60, 14, "discharging").length, 1, "it fed the house");
    assert.equal(split(76, 24).length, 2, "three points and one for the day");
  });

  it("is not split if the car was discharging at its last known status before the gap", () => {
    const sessions = (...statuses: readonly (Row["s"] | undefined)[]) =>
      sessionsOf(
        [
          ...statuses.map((s, index): Row => ({
            t: at(12, index),
            p: at(12, index) - 1,
            c: "ac",
            b: 80,
            ...(s && { s }),
          })),
          { t: at(20), p: at(13), c: "ac", b: 50, x: 1 },
        ],
        context,
      ).length;
    assert.equal(sessions("discharging"), 1);
    assert.equal(sessions("discharging", undefined), 1, "Energy v1 in between");
    assert.deepEqual([sessions("discharging", "idle"), sessions(undefined)], [2, 2]);
  });

  it("with an unseen end has one time for it only after a short gap, and only its successor is marked", () => {
    const fallen = (minutes: number) =>
      sessionsOf(
        [
          { t: at(11), c: "out" },
          { t: at(12), p: at(11, 55), c: "ac", b: 80 },
          { t: at(12, minutes), p: at(12), c: "ac", b: 50, x: 1 },
          { t: at(14), p: at(13, 55), c: "out", b: 50 },
          { t: at(15), p: at(14, 55), c: "ac", b: 50 },
        ],
        context,
      );
    const [before, after, next] = fallen(30);
    assert.deepEqual(before?.end, { earliest: at(12), latest: at(12, 30), isOneTime: true });
    assert.equal(fallen(31)[0]?.end?.isOneTime, false);
    assert.deepEqual(
      [before, after, next].map((each) => [each?.isAfterUnseenUnplug, each?.isBeforeUnseenUnplug]),
      [
        [false, true],
        [true, false],
        [false, false],
      ],
    );
  });

  it("without levels is seen again after a gap of more than six hours, and has no duration", () => {
    const seen = (): ShortReading => ({ c: "ac", m: at(18) });
    const sessions = (hours: number) =>
      sessionsOf(
        recordedBy([
          { from: at(17), to: at(17, 55), seen: () => ({ c: "out" }) },
          { from: at(18), to: at(19), seen },
          { from: at(19 + hours), to: at(20 + hours), seen },
          { from: at(20 + hours, 5), to: at(21 + hours), seen: () => ({ c: "out" }) },
        ]),
        context,
      );
    assert.deepEqual(sessions(7)[0]?.seenAgain, [{ from: at(19), to: at(26) }]);
    assert.deepEqual([sessions(7).length, sessions(7)[0]?.durationMs], [1, undefined]);
    assert.deepEqual(sessions(6)[0]?.seenAgain, []);
    assert.deepEqual([sessions(5)[0]?.seenAgain, sessions(5)[0]?.durationMs], [[], at(25, 5) - at(18)]);
  });

  it("continues to charge while Energy v1 answers, which has neither status nor level", () => {
    const rows = recordedBy([
      evening,
      { from: at(18, 5), to: at(19), seen: charging },
      { from: at(19, 5), to: at(20), seen: (t) => ({ c: t < at(19, 30) ? "in" : "ac", m: at(18, 2) }) },
      { from: at(20, 5), to: at(21), seen: charging },
    ]);
    assert.equal(rows.filter(({ s }) => s === undefined).length, 2, "a row each for the change of the charger");
    assert.equal(sessionsOf(rows, context)[0]?.phases.length, 1);
  });

  it("has the highest reached level, even if the car loses a point or two afterwards", () => {
    const seen = (t: number) => (t < at(24) ? charging(t) : { ...charging(t), s: "idle" as const, b: 78 });
    const rows = recordedBy([evening, { from: at(18, 5), to: at(30), seen }]);
    const [session] = sessionsOf(rows, { ...context, batteryKwh: 66 });
    assert.deepEqual([session?.levelFrom, session?.levelTo, session?.isTargetReached], [41, 80, true]);
    assert.equal(session?.energy?.kwh, 0.39 * 66);
  });

  it("has no energy by level for less than three points, because the error is a point", () => {
    const gained = (points: number) =>
      sessionsOf(
        recordedBy([
          evening,
          { from: at(18, 5), to: at(20), seen: (t) => noPower({ ...charging(t), b: t < at(19) ? 41 : 41 + points }) },
        ]),
        { ...context, batteryKwh: 66 },
      )[0]?.energy;
    assert.equal(gained(2), undefined);
    assert.deepEqual(gained(3), { kwh: 0.03 * 66, method: "level" });
  });

  it("joins pauses of charging under 15 minutes, as at a solar wallbox", () => {
    const sun = (pause: number) =>
      recordedBy([
        evening,
        {
          from: at(18, 5),
          to: at(22),
          seen: (t) => {
            const b = rising(t, at(18, 5), 41, 5);
            return { c: "ac", s: ((t - at(18, 5)) / minuteMs) % 60 < pause ? "idle" : "charging", b, g: 80 };
          },
        },
      ]);
    assert.equal(sessionsOf(sun(10), context)[0]?.phases.length, 1);
    assert.equal(sessionsOf(sun(20), context)[0]?.phases.length, 4);
  });

  it("has phases between the changes of the status, and ends an open one at the last reading before a gap", () => {
    const row = (t: number, s: Row["s"], more: Partial<Row> = {}): Row => ({
      t,
      p: t - 5 * minuteMs,
      c: "ac",
      ...(s && { s }),
      ...more,
    });
    const phases = (...rows: readonly Row[]) => sessionsOf(rows, context)[0]?.phases;
    const first = row(at(12), "charging", { m: at(11, 58) });
    assert.deepEqual(phases(first, row(at(13), "?"), row(at(14), undefined), row(at(15), "idle")), [
      { from: at(11, 58), to: at(15), isOpen: false },
    ]);
    assert.deepEqual(phases(first, row(at(15), "done", { p: at(13), x: 1 })), [
      { from: at(11, 58), to: at(13), isOpen: true },
    ]);
    assert.deepEqual(phases(first, row(at(13), undefined)), [{ from: at(11, 58), to: at(13), isOpen: true }]);
    assert.deepEqual(phases(first, row(at(13), "idle", { c: "out" })), [
      { from: at(11, 58), to: at(13), isOpen: false },
    ]);
    const paused = (minutes: number) =>
      phases(first, row(at(13), "idle"), row(at(13, minutes), "charging"), row(at(14), "idle"))?.length;
    assert.deepEqual([paused(14), paused(15)], [1, 2]);
  });

  it("has the highest level since charging began, not a higher one from before", () => {
    const levels = (...rows: readonly (readonly [number, Row["s"]])[]) => {
      const [session] = sessionsOf(
        rows.map(([b, s], index): Row => ({ t: at(12, index), p: at(12, index) - 1, c: "ac", b, ...(s && { s }) })),
        context,
      );
      return [session?.levelFrom, session?.levelTo];
    };
    assert.deepEqual(levels([50, "idle"], [47, "charging"], [48, "charging"]), [50, 48]);
    assert.deepEqual(levels([50, "idle"], [47, "charging"], [46, "idle"]), [50, 47]);
    assert.deepEqual(levels([50, "idle"], [51, "idle"], [49, "idle"]), [50, 51]);
  });

  it("has reached its target only by readings with a known connection", () => {
    const reached = (c: "ac" | "fault") =>
      sessionsOf(
        [
          { t: at(12), p: at(11, 55), c: "ac", s: "charging", b: 60, g: 80 },
          { t: at(13), p: at(12, 55), c, s: "done", b: 80, g: 80 },
        ],
        context,
      )[0]?.isTargetReached;
    assert.deepEqual([reached("ac"), reached("fault")], [true, false]);
  });

  it("continues while the car reports both unplugged and charging, because one of the reports is late", () => {
    const rows = recordedBy([
      evening,
      { from: at(18, 5), to: at(19), seen: charging },
      { from: at(19, 5), to: at(19, 15), seen: (t) => ({ ...charging(t), c: "out" }) },
      { from: at(19, 20), to: at(20), seen: charging },
    ]);
    assert.equal(sessionsOf(rows, context).length, 1);
  });

  it("has its energy by power if the capacity is unknown and the power is known for most of the time", () => {
    const withPowerFor = (share: number) =>
      sessionsOf(
        recordedBy([
          evening,
          {
            from: at(18, 5),
            to: at(22, 30),
            seen: (t) => (t < at(18, 5) + share * 3.9 * hourMs ? charging(t) : noPower(charging(t))),
          },
        ]),
        context,
      )[0]?.energy;
    const full = withPowerFor(1);
    assert.equal(full?.method, "power");
    assert.ok(Math.abs(full.kwh - 7.2 * 3.9) < 1.5, `${full.kwh} kWh`);
    assert.equal(withPowerFor(0.9)?.method, "power");
    assert.equal(withPowerFor(0.7), undefined);
  });

  it("is never shortened or doubled by the end of daylight saving time", () => {
    // The night in which German clocks go back: the hour from 2 to 3 comes twice.
    const fall = Date.UTC(2026, 9, 24, 22);
    const rows = recordedBy([
      { from: fall - 2 * hourMs, to: fall - 5 * minuteMs, seen: () => ({ c: "out", b: 40 }) },
      {
        from: fall,
        to: fall + 6 * hourMs,
        seen: (t) => ({ c: "ac", m: fall, s: "charging", b: rising(t, fall, 40, 6) }),
      },
      { from: fall + 6 * hourMs + 5 * minuteMs, to: fall + 7 * hourMs, seen: () => ({ c: "out", s: "idle", b: 76 }) },
    ]);
    const [session, ...more] = sessionsOf(rows, context);
    assert.equal(session?.durationMs, 6 * hourMs + 5 * minuteMs);
    assert.deepEqual(more, []);
  });

  it("is found in any rows without an exception, and sessions follow each other", () => {
    const anyRow = fc.record({
      step: fc.integer({ min: 1, max: 20 * hourMs }),
      c: fc.constantFrom("ac", "dc", "in", "out", "fault", "?"),
      s: fc.constantFrom("charging", "idle", "done", "?", undefined),
      b: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
      w: fc.option(fc.integer({ min: 0, max: 11_000 }), { nil: undefined }),
      back: fc.integer({ min: 0, max: 20 * hourMs }),
      x: fc.constantFrom(1, undefined),
    });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 40 }), (parts) => {
        let t = at(0) - 30 * dayMs;
        const rows = parts.map(({ step, back, ...values }) => {
          t += step;
          return JSON.parse(JSON.stringify({ t, p: t - back - 1, ...values })) as Row;
        });
        const sessions = sessionsOf(rows, { ...context, batteryKwh: 66 });
        sessions.forEach((session, index) => {
          const next = sessions[index + 1];
          assert.ok((session.start.earliest ?? session.start.latest) <= session.start.latest);
          assert.ok(!session.end || (session.end.earliest ?? 0) <= session.end.latest);
          assert.ok(session.end !== undefined || !next, "only the last can be open");
          assert.ok(!next || (session.end?.latest ?? 0) <= next.start.latest);
          for (const phase of session.phases) assert.ok(phase.from <= phase.to);
          assert.ok((session.energy?.kwh ?? 0) >= 0);
        });
      }),
    );
  });
});

function noPower({ w: _, ...sight }: ShortReading): ShortReading {
  return sight;
}

describe("The last charge", () => {
  it("is the last session in which the car charged or gained a point", () => {
    const rows = recordedBy([
      evening,
      { from: at(18, 5), to: at(23), seen: charging },
      { from: at(23, 5), to: at(25), seen: () => ({ c: "out", s: "idle", b: 70 }) },
      { from: at(25, 5), to: at(27), seen: () => ({ c: "ac", s: "idle", b: 70 }) },
    ]);
    const sessions = sessionsOf(rows, context);
    assert.equal(sessions.length, 2);
    assert.equal(lastChargeOf(sessions), sessions[0]);
    const gained = recordedBy([
      { from: at(18), to: at(18, 30), seen: () => ({ c: "ac", b: 50, m: at(17) }) },
      { from: at(30), to: at(30, 30), seen: () => ({ c: "ac", b: 51, m: at(17) }) },
    ]);
    assert.equal(lastChargeOf(sessionsOf(gained, context))?.levelTo, 51);
    assert.equal(lastChargeOf([]), undefined);
  });
});
