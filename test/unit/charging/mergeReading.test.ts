import assert from "node:assert/strict";
import fc from "fast-check";
import type { Connection } from "../../../src/charging/connection";
import { type ChargerType, type Details, mergeReading, type Reading } from "../../../src/charging/reading";
import { aReading, readingOf } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23);
/** The n-th minute of a scenario. */
const t = (n: number): number => start + n * 60_000;

interface Answer {
  readonly is: Exclude<Connection["kind"], "unknown">;
  readonly at?: number;
  readonly type?: ChargerType;
  readonly typeAt?: number;
  readonly fetched?: number;
}

/** An Energy v2 response, before it is merged. */
function v2({ is, at, type, typeAt, fetched = 0 }: Answer): Reading {
  return readingOf(is, at === undefined ? undefined : t(at), {
    fetchedAt: t(fetched),
    ...(type && { chargerType: { value: type, measuredAt: typeAt === undefined ? undefined : t(typeAt) } }),
  });
}

function v1(is: Answer["is"], at: number): Reading {
  return readingOf(is, t(at), { servedBy: "v1", fetchedAt: t(at) });
}

const noValue = (fetched: number): Reading =>
  aReading({
    connection: { value: { kind: "unknown", reason: { kind: "noValue" } }, measuredAt: undefined },
    fetchedAt: t(fetched),
  });

/** The connection shown after each of the responses, in order. */
function story(...answers: readonly Reading[]): string[] {
  let kept: Reading | undefined;
  return answers.map((answer) => (kept = mergeReading(kept, answer)).connection.value.kind);
}

describe("the first reading of a car", () => {
  it("is kept unchanged", () => {
    for (const first of [v2({ is: "disconnected", at: 5 }), v2({ is: "fault", at: 5 }), noValue(5)]) {
      assert.deepEqual(mergeReading(undefined, first), first);
    }
  });

  it("is narrowed to AC or DC by a charger type of the same measurement", () => {
    assert.deepEqual(story(v2({ is: "connected", at: 5, type: "ac", typeAt: 5 })), ["connectedAc"]);
    assert.deepEqual(story(v2({ is: "connected", at: 5, type: "dc", typeAt: 6 })), ["connectedDc"]);
    assert.deepEqual(story(v2({ is: "connected", at: 5 })), ["connected"]);
  });

  it("keeps the value of an unrecognized charger type of the same measurement", () => {
    const chargerType = { value: { raw: "WIRELESS" }, measuredAt: t(5) };
    const wireless = mergeReading(undefined, { ...v2({ is: "connected", at: 5 }), chargerType });
    assert.deepEqual(wireless.connection.value, { kind: "connected", charger: "WIRELESS" });
    const later = mergeReading(undefined, { ...v2({ is: "connected", at: 6 }), chargerType });
    assert.deepEqual(later.connection.value, { kind: "connected" });
    const known = mergeReading(wireless, v2({ is: "connected", at: 5, type: "ac", typeAt: 7 }));
    assert.deepEqual(known.connection.value, { kind: "connectedAc" });
  });

  it("is not narrowed by an older charger type until the type is measured again", () => {
    const shown = story(
      v2({ is: "connected", at: 5, type: "dc", typeAt: 4 }),
      v2({ is: "connected", at: 9, type: "dc", typeAt: 4 }),
      v2({ is: "connected", at: 10, type: "ac", typeAt: 10 }),
    );
    assert.deepEqual(shown, ["connected", "connected", "connectedAc"]);
  });

  it("is narrowed if a time is missing, because nothing contradicts it", () => {
    assert.deepEqual(story(v2({ is: "connected", type: "dc", typeAt: 4 })), ["connectedDc"]);
    assert.deepEqual(story(v2({ is: "connected", at: 5, type: "dc" })), ["connectedDc"]);
  });

  it("is not narrowed unless it is plugged in", () => {
    for (const is of ["disconnected", "fault"] as const) {
      assert.deepEqual(story(v2({ is, at: 5, type: "dc", typeAt: 5 })), [is]);
    }
  });
});

describe("a charger type", () => {
  it("of an earlier charge does not apply to a new one until it is measured again", () => {
    const shown = story(
      v2({ is: "connected", at: 1, type: "dc", typeAt: 1 }),
      v2({ is: "disconnected", at: 5, type: "dc", typeAt: 1 }),
      v2({ is: "connected", at: 10, type: "dc", typeAt: 1 }),
      v2({ is: "connected", at: 12, type: "dc", typeAt: 1 }),
      v2({ is: "connected", at: 14, type: "ac", typeAt: 13 }),
    );
    assert.deepEqual(shown, ["connectedDc", "disconnected", "connected", "connected", "connectedAc"]);
  });

  it("of an earlier charge does not apply either if the new one has no time", () => {
    const shown = story(
      v2({ is: "disconnected", at: 5, type: "dc", typeAt: 1 }),
      v2({ is: "connected", type: "dc", typeAt: 1 }),
      v2({ is: "connected", type: "ac", typeAt: 6 }),
    );
    assert.deepEqual(shown, ["disconnected", "connected", "connectedAc"]);
  });

  it("of this charge applies while the car stays plugged in, also after the connection is measured again", () => {
    const shown = story(
      v2({ is: "connected", at: 10, type: "ac", typeAt: 10 }),
      v2({ is: "connected", at: 60, type: "ac", typeAt: 10 }),
      v2({ is: "connected", at: 600, type: "ac", typeAt: 10 }),
    );
    assert.deepEqual(shown, ["connectedAc", "connectedAc", "connectedAc"]);
  });

  it("does not count after a gap in which the car may have been moved, until it is measured again", () => {
    const yesterday = v2({ is: "connected", at: 10, type: "dc", typeAt: 10, fetched: 11 });
    const next = (fetched: number, typeAt = 10) => v2({ is: "connected", at: fetched, type: "dc", typeAt, fetched });
    assert.deepEqual(story(yesterday, next(40)), ["connectedDc", "connectedDc"]);
    assert.deepEqual(story(yesterday, next(41), next(46)), ["connectedDc", "connected", "connected"]);
    assert.deepEqual(story(yesterday, next(900), next(905, 905)), ["connectedDc", "connected", "connectedDc"]);
  });

  it("counts after any time if the car has reported nothing since", () => {
    const report = (fetched: number) => v2({ is: "connected", at: 10, type: "dc", typeAt: 9, fetched });
    const first = v2({ is: "connected", at: 9, type: "dc", typeAt: 9, fetched: 9 });
    assert.deepEqual(story(first, report(11), report(900)), ["connectedDc", "connectedDc", "connectedDc"]);
  });

  it("that is older than the known one does not replace it", () => {
    const shown = story(
      v2({ is: "connected", at: 10, type: "ac", typeAt: 11 }),
      v2({ is: "connected", at: 20, type: "dc", typeAt: 21 }),
      v2({ is: "connected", at: 30, type: "ac", typeAt: 11 }),
    );
    assert.deepEqual(shown, ["connectedAc", "connectedDc", "connectedDc"]);
  });

  it("that is no longer reported is no longer shown", () => {
    assert.deepEqual(story(v2({ is: "connected", at: 10, type: "ac", typeAt: 10 }), v2({ is: "connected", at: 20 })), [
      "connectedAc",
      "connected",
    ]);
  });
});

describe("a response that is older than the known reading", () => {
  it("does not replace it, but counts as a check", () => {
    const last = mergeReading(undefined, v2({ is: "connected", at: 10, type: "ac", typeAt: 10, fetched: 11 }));
    const merged = mergeReading(last, v2({ is: "disconnected", at: 9, fetched: 20 }));
    assert.deepEqual(merged, { ...last, fetchedAt: t(20) });
  });

  it("replaces it if both are of the same minute", () => {
    assert.deepEqual(story(v2({ is: "connected", at: 10 }), v2({ is: "disconnected", at: 10 })), [
      "connected",
      "disconnected",
    ]);
  });

  it("is not considered older if its time is unknown", () => {
    assert.deepEqual(story(v2({ is: "connected", at: 10 }), v2({ is: "disconnected" }), v2({ is: "fault", at: 10 })), [
      "connected",
      "disconnected",
      "fault",
    ]);
    assert.deepEqual(story(v2({ is: "disconnected" }), v2({ is: "fault", at: 1 })), ["disconnected", "fault"]);
  });

  it("is considered older even if the reading in between had no time or was missing", () => {
    assert.deepEqual(story(v2({ is: "disconnected", at: 12 }), noValue(13), v2({ is: "connected", at: 11 })), [
      "disconnected",
      "unknown",
      "unknown",
    ]);
    assert.deepEqual(
      story(v2({ is: "disconnected", at: 12 }), v2({ is: "connected" }), noValue(13), v2({ is: "fault", at: 11 })),
      ["disconnected", "connected", "unknown", "unknown"],
    );
  });

  it("does not restore a removed detail or charger type", () => {
    const level = (value: number, at: number): Details => ({ batteryLevel: { value, measuredAt: t(at) } });
    const first = { ...v2({ is: "connected", at: 10, type: "ac", typeAt: 10 }), details: level(50, 10) };
    const kept = mergeReading(mergeReading(undefined, first), v2({ is: "connected", at: 11 }));
    const late = mergeReading(kept, {
      ...v2({ is: "connected", at: 12, type: "dc", typeAt: 9 }),
      details: level(40, 9),
    });
    assert.deepEqual([late.details, late.connection.value, late.chargerType], [{}, { kind: "connected" }, undefined]);
    const next = mergeReading(late, {
      ...v2({ is: "connected", at: 13, type: "dc", typeAt: 13 }),
      details: level(51, 13),
    });
    assert.deepEqual([next.details, next.connection.value], [level(51, 13), { kind: "connectedDc" }]);
    assert.equal(next.newest, undefined);
  });

  it("is compared member by member", () => {
    const last: Details = {
      batteryLevel: { value: 50, measuredAt: t(10) },
      targetLevel: { value: 80, measuredAt: t(10) },
      power: { value: 7000, measuredAt: t(10) },
      currentLimit: { value: 16, measuredAt: undefined },
    };
    const fresh: Details = {
      batteryLevel: { value: 49, measuredAt: t(9) },
      targetLevel: { value: 90, measuredAt: t(11) },
      currentLimit: { value: 32, measuredAt: t(1) },
      minutesToTarget: { value: 30, measuredAt: t(5) },
    };
    const merged = mergeReading(
      { ...v2({ is: "connected", at: 10 }), details: last },
      {
        ...v2({ is: "disconnected", at: 12 }),
        details: fresh,
      },
    );
    assert.equal(merged.connection.value.kind, "disconnected");
    assert.deepEqual(merged.details, {
      batteryLevel: last.batteryLevel,
      targetLevel: fresh.targetLevel,
      currentLimit: fresh.currentLimit,
      minutesToTarget: fresh.minutesToTarget,
    });
  });

  it("provides its newer details, although its connection is older", () => {
    const last = { ...v2({ is: "connected", at: 10 }), details: { batteryLevel: { value: 50, measuredAt: t(10) } } };
    const fresh = { ...v2({ is: "disconnected", at: 9 }), details: { batteryLevel: { value: 51, measuredAt: t(12) } } };
    const merged = mergeReading(last, fresh);
    assert.equal(merged.connection.value.kind, "connected");
    assert.equal(merged.details.batteryLevel?.value, 51);
  });
});

describe("a reading after a change of the API version", () => {
  it("continues from the previous version's reading", () => {
    const shown = story(
      v1("connectedAc", 10),
      v2({ is: "connected", at: 12, type: "ac", typeAt: 10 }),
      v1("connectedAc", 14),
      v2({ is: "connected", at: 16, type: "dc", typeAt: 5 }),
      v1("disconnected", 20),
      v2({ is: "connected", at: 30, type: "ac", typeAt: 16 }),
    );
    assert.deepEqual(shown, ["connectedAc", "connectedAc", "connectedAc", "connected", "disconnected", "connected"]);
  });

  it("names the version that served last, and has no v2 details if v1 serves", () => {
    const detailed = { ...v2({ is: "connected", at: 5 }), details: { power: { value: 1, measuredAt: t(5) } } };
    const merged = mergeReading(mergeReading(undefined, detailed), v1("connectedDc", 6));
    assert.deepEqual([merged.servedBy, merged.details], ["v1", {}]);
    assert.equal(mergeReading(merged, v2({ is: "fault", at: 1 })).servedBy, "v2");
  });
});

describe("an unknown connection", () => {
  it("replaces the known one, and is never shown as unplugged", () => {
    const shown = story(
      v2({ is: "connected", at: 5, type: "ac", typeAt: 5 }),
      noValue(10),
      v2({ is: "connected", at: 12 }),
    );
    assert.deepEqual(shown, ["connectedAc", "unknown", "connected"]);
  });

  it("ends all knowledge about the plug-in, because the cable may have been moved", () => {
    const shown = story(
      v2({ is: "connected", at: 5, type: "ac", typeAt: 5 }),
      noValue(10),
      v2({ is: "connected", at: 12, type: "ac", typeAt: 5 }),
    );
    assert.deepEqual(shown, ["connectedAc", "unknown", "connected"]);
  });
});

describe("over any sequence of responses,", () => {
  const time = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined });
  const kind = fc.constantFrom<Answer["is"] | "unknown">("connected", "disconnected", "fault", "unknown");
  const answer = fc
    .record({
      kind,
      at: time,
      type: fc.constantFrom(undefined, "ac" as const, "dc" as const),
      typeAt: time,
      battery: time,
    })
    .map(({ kind, at, type, typeAt, battery }): Reading => {
      const measuredAt = at === undefined ? undefined : t(at);
      const details: Details =
        battery === undefined
          ? {}
          : { batteryLevel: { value: battery, measuredAt: at === undefined ? at : t(battery) } };
      if (kind === "unknown") return { ...noValue(0), details };
      const read = v2({ is: kind, ...(type && { type }), ...(typeAt !== undefined && { typeAt }) });
      return { ...read, connection: { value: { kind }, measuredAt }, details };
    });
  const answers = fc.array(answer, { minLength: 1, maxLength: 10 });

  interface Step {
    readonly kept: Reading | undefined;
    readonly fresh: Reading;
    readonly merged: Reading;
  }

  function forEachSequence(check: (steps: readonly Step[]) => void): void {
    fc.assert(
      fc.property(answers, (sequence) => {
        const steps: Step[] = [];
        for (const [index, answer] of sequence.entries()) {
          const kept = steps.at(-1)?.merged;
          const fresh = { ...answer, fetchedAt: t(100 + index) };
          steps.push({ kept, fresh, merged: mergeReading(kept, fresh) });
        }
        check(steps);
      }),
      { numRuns: 300 },
    );
  }

  function forEachStep(check: (kept: Reading | undefined, fresh: Reading, merged: Reading) => void): void {
    forEachSequence((steps) => {
      for (const { kept, fresh, merged } of steps) check(kept, fresh, merged);
    });
  }

  it("no value is older than an earlier one, regardless of the number of responses between them", () => {
    const values = [
      ({ connection }: Reading) => connection,
      ({ details }: Reading) => details.batteryLevel,
      ({ chargerType }: Reading) => chargerType,
    ];
    forEachSequence((steps) => {
      for (const valueOf of values) {
        let newest = -Infinity;
        for (const { kept, merged } of steps) {
          if (kept) newest = Math.max(newest, valueOf(kept)?.measuredAt ?? -Infinity);
          const { measuredAt = Infinity } = valueOf(merged) ?? {};
          assert.ok(measuredAt >= newest, JSON.stringify(steps));
        }
      }
    });
  });

  it("a value that is newer than all before it replaces them", () => {
    forEachSequence((steps) => {
      for (const [index, { fresh, merged }] of steps.entries()) {
        const before = steps.slice(0, index).map((step) => step.fresh.connection.measuredAt ?? -Infinity);
        const { measuredAt } = fresh.connection;
        if (measuredAt !== undefined && measuredAt < Math.max(...before)) continue;
        assert.equal(merged.connection.measuredAt, measuredAt);
      }
    });
  });

  it("the check is the last one, and every value is from a response", () => {
    forEachStep((kept, fresh, merged) => {
      assert.equal(merged.fetchedAt, fresh.fetchedAt);
      const isOld = merged.connection === kept?.connection;
      const source = isOld ? kept.connection : fresh.connection;
      assert.equal(merged.connection.measuredAt, source.measuredAt);
      assert.ok([kept?.details.batteryLevel, fresh.details.batteryLevel].includes(merged.details.batteryLevel));
    });
  });

  it("no car becomes unplugged without a response that says so", () => {
    forEachStep((kept, fresh, merged) => {
      const said = [kept, fresh].some((reading) => reading?.connection.value.kind === "disconnected");
      if (!said) assert.notEqual(merged.connection.value.kind, "disconnected");
    });
  });

  it("AC and DC require a type that was not measured before the car was last known to be unplugged", () => {
    forEachStep((kept, fresh, merged) => {
      const kind = merged.connection.value.kind;
      if (kind !== "connectedAc" && kind !== "connectedDc") return;
      assert.equal(merged.chargerType?.value, kind === "connectedAc" ? "ac" : "dc");
      const unpluggedAt = kept?.connection.value.kind === "disconnected" ? kept.connection.measuredAt : undefined;
      const typeAt = merged.chargerType.measuredAt;
      if (unpluggedAt !== undefined && typeAt !== undefined) assert.ok(typeAt >= unpluggedAt);
      if (merged.pluggedInSince !== undefined && typeAt !== undefined) assert.ok(typeAt >= merged.pluggedInSince);
    });
  });

  it("a repeated response changes nothing", () => {
    forEachStep((_, fresh, merged) => assert.deepEqual(mergeReading(merged, fresh), merged));
  });

  it("the reading survives serialization", () => {
    forEachStep((_, fresh, merged) => {
      const restored = JSON.parse(JSON.stringify(merged)) as Reading;
      assert.deepEqual(
        JSON.parse(JSON.stringify(mergeReading(restored, fresh))),
        JSON.parse(JSON.stringify(mergeReading(merged, fresh))),
      );
    });
  });
});
