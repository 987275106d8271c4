import assert from "node:assert/strict";
import fc from "fast-check";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { type ConnectionKind, knownConnections } from "../../../src/charging/connection";
import { chargingStatuses, type ChargingStatus, type Reading } from "../../../src/charging/reading";
import { expectedDoneAt, isTargetReached, nextReading, stopOf } from "../../../src/charging/targetReached";
import { readingOf } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);

interface Answer {
  readonly kind?: ConnectionKind;
  readonly status?: ChargingStatus;
  readonly level?: number | undefined;
  readonly target?: number | undefined;
  /** Minutes to the target. */
  readonly left?: number;
  /** The time by which level and status are older than the connection. */
  readonly age?: number;
}

function answerAt(at: number, { kind = "connectedAc", status, level, target, left, age = 0 }: Answer): Reading {
  const own = <T>(value: T) => ({ value, measuredAt: at - age });
  const details = {
    ...(status && { chargingStatus: own(status) }),
    ...(level !== undefined && { batteryLevel: own(level) }),
    ...(left !== undefined && { minutesToTarget: own(left) }),
    // The owner sets it once.
    ...(target !== undefined && { targetLevel: { value: target, measuredAt: start - 1000 * hourMs } }),
  };
  const reading = readingOf(kind === "unknown" ? "connected" : kind, at, { fetchedAt: at, details });
  if (kind !== "unknown") return reading;
  return { ...reading, connection: { value: { kind, reason: { kind: "noValue" } }, measuredAt: undefined } };
}

/** The merged reading after these answers, which are `everyMs` apart. */
function after(answers: readonly Answer[], everyMs = 5 * minuteMs): Reading {
  const readings = answers.map((answer, index) => answerAt(start + index * everyMs, answer));
  const last = readings.reduce<Reading | undefined>((kept, fresh) => nextReading(kept, fresh), undefined);
  assert.ok(last);
  return last;
}

/** Whether the target counts as reached after each of the answers. */
function reached(...answers: readonly Answer[]): readonly boolean[] {
  return answers.map((_, index) => isTargetReached(after(answers.slice(0, index + 1))));
}

const charging = (level?: number, target?: number): Answer => ({ status: "charging", level, target });
const idle = (level?: number, target?: number): Answer => ({ status: "idle", level, target });
const done = (level?: number, target?: number): Answer => ({ status: "done", level, target });
const unplugged: Answer = { kind: "disconnected", status: "idle", level: 50, target: 90 };

describe("the target of a car that is plugged in", () => {
  it("is reached if the car reports DONE, at a rounded level of the target less one point, or at 99.5 % without a target", () => {
    assert.deepEqual(reached(done()), [true]);
    assert.deepEqual(reached(done(62, 90)), [true]);
    for (const level of [90, 89.6, 89, 88.5]) assert.deepEqual(reached(idle(level, 90)), [true], String(level));
    for (const level of [88.4, 60, 0]) assert.deepEqual(reached(idle(level, 90)), [false], String(level));
    assert.deepEqual(reached(idle(100)), [true]);
    assert.deepEqual(reached(idle(99.5)), [true]);
    assert.deepEqual(reached(idle(99.4)), [false]);
    assert.deepEqual(reached({ level: 90, target: 90 }), [true], "no charging status");
    assert.deepEqual(reached(idle(undefined, 90)), [false]);
  });

  it("is not reached while the car charges or is unplugged", () => {
    assert.deepEqual(reached(charging(89, 90), charging(90, 90)), [false, false]);
    assert.deepEqual(reached({ ...done(90, 90), kind: "disconnected" }), [false]);
    assert.deepEqual(reached({ ...done(90, 90), kind: "fault" }), [false]);
  });

  it("is not reached by values that were measured before this plug-in", () => {
    for (const old of [done(90, 90), idle(90, 90)]) {
      assert.deepEqual(reached(unplugged, { ...old, age: 10 * minuteMs }), [false, false]);
    }
  });

  it("stays reached while the car loses a point or two and tops up", () => {
    const story = [charging(89, 90), done(90, 90), idle(89, 90), idle(88, 90), charging(88, 90), idle(88, 90)];
    assert.deepEqual(reached(...story), [false, true, true, true, true, true]);
  });

  it("is no longer reached three points below, unless the car still reports DONE", () => {
    assert.deepEqual(reached(done(90, 90), idle(88, 90), idle(87, 90), idle(88, 90)), [true, true, false, false]);
    assert.deepEqual(reached(done(90, 90), done(87, 90), idle(87, 90)), [true, true, false]);
    assert.deepEqual(reached(idle(100), idle(98), idle(97)), [true, true, false]);
    assert.deepEqual(reached(done(90, 90), { ...charging(87, 90) }), [true, false]);
  });

  it("is no longer reached when it is raised above the level", () => {
    assert.deepEqual(reached(done(80, 80), done(80, 100), charging(81, 100), idle(92, 100)), [
      true,
      true,
      false,
      false,
    ]);
    assert.deepEqual(reached(idle(70, 60), idle(70, 90)), [true, false]);
    assert.deepEqual(reached(done(62, 90), idle(62, 90)), [true, true], "it was not raised");
    assert.deepEqual(reached(done(62, 90), idle(62, 50), idle(62, 90)), [true, true, false]);
    assert.deepEqual(reached(done(80, 80), idle(80, 81)), [true, true]);
  });

  it("is no longer reached after unplugging, but is still reached after a fault or an unknown connection", () => {
    assert.deepEqual(reached(done(90, 90), unplugged, unplugged, idle(88, 90)), [true, false, false, false]);
    for (const kind of ["unknown", "fault"] as const) {
      assert.deepEqual(reached(done(90, 90), { kind }, idle(88, 90)), [true, false, true], kind);
    }
  });

  it("stays reached if the cable was unplugged for less than a minute", () => {
    const story = [done(90, 90), unplugged, idle(88, 90)];
    assert.ok(isTargetReached(after(story, 30 * secondMs)));
    assert.ok(!isTargetReached(after([done(90, 90), unplugged, unplugged, unplugged, idle(88, 90)], 30 * secondMs)));
    const doubtful = { ...unplugged, status: "charging" } as const;
    assert.ok(isTargetReached(after([done(90, 90), doubtful, doubtful, idle(88, 90)])));
  });

  it("is determined by the reading alone if nothing earlier is known", () => {
    const { charge: _, ...bare } = after([idle(90, 90)]);
    assert.ok(isTargetReached(bare));
  });
});

describe("a car that stops charging", () => {
  const estimating = (left: number, level = 70): Answer => ({ ...charging(level), left });

  it("is done if the last estimate had nearly run out, and the car reports neither a target nor DONE", () => {
    const finished = after([estimating(60), estimating(15), idle(80)]);
    assert.deepEqual([isTargetReached(finished), stopOf(finished)], [true, undefined]);
    const byTime = after([estimating(20), idle(80), idle(80)]);
    assert.deepEqual([isTargetReached(byTime), stopOf(byTime)], [true, undefined], "five minutes later");
  });

  it("was interrupted if the last estimate had much time left, even if it stopped long ago", () => {
    const stopped = after([estimating(60), ...Array.from({ length: 30 }, () => idle(80))]);
    assert.deepEqual([isTargetReached(stopped), stopOf(stopped)], [false, "interrupted"]);
  });

  it("has only stopped if there was no estimate either", () => {
    for (const story of [
      [charging(70), idle(80)],
      [estimating(0), idle(80)],
    ]) {
      assert.deepEqual([isTargetReached(after(story)), stopOf(after(story))], [false, "stopped"]);
    }
  });

  it("was interrupted if it is below its target, with any estimate, or by a fault", () => {
    assert.equal(stopOf(after([{ ...charging(70, 90), left: 3 }, idle(71, 90)])), "interrupted");
    assert.equal(stopOf(after([charging(), { status: "fault" }])), "interrupted");
  });

  it("has not stopped while it charges, waits, discharges or has reached its target, nor in another plug-in", () => {
    for (const status of chargingStatuses) {
      if (status === "idle" || status === "fault") continue;
      assert.equal(stopOf(after([charging(70, 90), { status, level: 71, target: 90 }])), undefined, status);
    }
    assert.equal(stopOf(after([charging(70, 90), idle(90, 90)])), undefined);
    assert.equal(stopOf(after([idle(70, 90)])), undefined);
    assert.equal(stopOf(after([charging(70, 90), unplugged, unplugged, idle(60, 90)])), undefined);
    assert.equal(
      stopOf(after([charging(70, 90), { ...idle(69, 90), status: "discharging" }, idle(30, 90)])),
      undefined,
    );
  });
});

describe("the record of a plug-in", () => {
  const answers = fc.array(
    fc.record({
      kind: fc.constantFrom<ConnectionKind>(...knownConnections, "unknown"),
      status: fc.constantFrom(...chargingStatuses),
      level: fc.option(fc.integer({ min: 80, max: 100 }), { nil: undefined }),
      target: fc.constantFrom(undefined, 80, 90, 100),
      left: fc.integer({ min: 0, max: 90 }),
      age: fc.constantFrom(0, 7 * minuteMs),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it("is not changed by a repeated answer and can be stored as JSON", () => {
    fc.assert(
      fc.property(answers, (story) => {
        const kept = after(story);
        const again = nextReading(kept, answerAt(kept.fetchedAt, story.at(-1)!));
        assert.deepEqual(again.charge, kept.charge);
        assert.deepEqual(JSON.parse(JSON.stringify(kept.charge ?? null)), kept.charge ?? null);
      }),
      { numRuns: 500 },
    );
  });

  it("never contains both a reached target and the reason why it is not reached", () => {
    fc.assert(
      fc.property(answers, (story) => {
        const kept = after(story);
        assert.ok(!isTargetReached(kept) || stopOf(kept) === undefined);
      }),
    );
  });

  it("does not exist for a car that was never seen charging", () => {
    assert.equal(after([{ kind: "connectedAc" }]).charge, undefined);
    assert.equal(after([unplugged]).charge, undefined);
  });
});

describe("The time at which a car is done", () => {
  const doneAt = (answer: Answer, now = start) => expectedDoneAt(answerAt(start, answer), now);

  it("counts from the measurement of the remaining minutes", () => {
    assert.equal(doneAt({ status: "charging", left: 95, age: 5 * minuteMs }), start + 90 * minuteMs);
  });

  it("counts from the answer if the time of the measurement is unknown", () => {
    const { details, ...reading } = answerAt(start, { status: "charging" });
    const minutesToTarget = { value: 95, measuredAt: undefined };
    assert.equal(
      expectedDoneAt({ ...reading, details: { ...details, minutesToTarget } }, start),
      start + 95 * minuteMs,
    );
  });

  it("is unknown while the car does not charge, without an estimate, and once it has passed", () => {
    assert.equal(doneAt({ status: "idle", left: 95 }), undefined);
    assert.equal(doneAt({ status: "charging", left: 0 }), undefined);
    assert.equal(doneAt({ status: "charging" }), undefined);
    assert.equal(doneAt({ status: "charging", left: 95 }, start + 95 * minuteMs), undefined);
  });
});
