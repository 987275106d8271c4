import assert from "node:assert/strict";
import fc from "fast-check";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Connection, ConnectionKind } from "../../../src/charging/connection";
import { knownConnections } from "../../../src/charging/connection";
import type { ChargingStatus, Reading } from "../../../src/charging/reading";
import { nextReading, replugMs } from "../../../src/charging/targetReached";
import { type Baseline, type CarEventKind, confirmableAt, observe } from "../../../src/sync/carEvents";

const start = Date.UTC(2026, 10, 23, 8);

/** What Volvo says about the car at one time. */
interface Answer {
  readonly kind: ConnectionKind;
  readonly status?: ChargingStatus | { readonly raw: string };
  /** Percent, with a target of 80. */
  readonly level?: number;
  /** After the start of the history, ms. */
  readonly fetched: number;
  /** How long before; fetched at that very moment where left out, unknown where `null`. */
  readonly measuredBefore?: number | null;
  readonly statusMeasuredBefore?: number;
}

function readingOf({ kind, status, level, fetched, measuredBefore = 0, statusMeasuredBefore }: Answer): Reading {
  const value: Connection = kind === "unknown" ? { kind, reason: { kind: "noValue" } } : { kind };
  const fetchedAt = start + fetched;
  const measuredAt = measuredBefore === null ? undefined : fetchedAt - measuredBefore;
  const ownAt = statusMeasuredBefore === undefined ? measuredAt : fetchedAt - statusMeasuredBefore;
  const details = {
    ...(status !== undefined && { chargingStatus: { value: status, measuredAt: ownAt } }),
    ...(level !== undefined && { batteryLevel: { value: level, measuredAt }, targetLevel: { value: 80, measuredAt } }),
  };
  return { connection: { value, measuredAt }, details, servedBy: status === undefined ? "v1" : "v2", fetchedAt };
}

/** Watches a car as the garage does. */
class Watch {
  baseline: Baseline | undefined;
  private reading: Reading | undefined;
  readonly events: { readonly kind: CarEventKind; readonly since: number; readonly at: number }[] = [];

  sees(answer: Answer): readonly CarEventKind[] {
    const fresh = readingOf(answer);
    this.reading = nextReading(this.reading, fresh);
    const { baseline, events } = observe(this.baseline, this.reading, fresh);
    this.baseline = baseline;
    this.events.push(...events.map((event) => ({ ...event, since: event.since - start, at: answer.fetched })));
    return events.map(({ kind }) => kind);
  }
}

/** The events in a history of answers. */
function eventsIn(history: readonly Answer[]): readonly CarEventKind[] {
  const watch = new Watch();
  return history.flatMap((answer) => watch.sees(answer));
}

/** The events where the car is asked every five minutes and what it says is two minutes old. */
function everyFiveMinutes(...kinds: readonly ConnectionKind[]): readonly CarEventKind[] {
  return eventsIn(kinds.map((kind, index) => ({ kind, fetched: index * 5 * minuteMs, measuredBefore: 2 * minuteMs })));
}

const kinds = fc.constantFrom<ConnectionKind>(...knownConnections, "unknown");

describe("The events of a car", () => {
  it("are none in the first known state, whatever it is", () => {
    for (const kind of knownConnections) assert.deepEqual(everyFiveMinutes("unknown", kind, kind, "unknown", kind), []);
    for (const status of ["charging", "idle", "done", "scheduled", "fault"] as const) {
      assert.deepEqual(eventsIn([{ kind: "connectedAc", status, fetched: 0, measuredBefore: hourMs }]), []);
    }
  });

  it("are none where a server that is behind tells of the time before the last change", () => {
    const unplugged = { kind: "disconnected", fetched: 0, measuredBefore: 0 } as const;
    const late = { kind: "connectedAc", fetched: 10 * minuteMs, measuredBefore: hourMs } as const;
    for (const between of ["unknown", "disconnected"] as const) {
      const gap = { kind: between, fetched: 5 * minuteMs, measuredBefore: null } as const;
      assert.deepEqual(eventsIn([unplugged, gap, late, { ...late, fetched: 15 * minuteMs }]), []);
    }
  });

  it("are one when a fault begins, and none while it lasts or ends", () => {
    assert.deepEqual(everyFiveMinutes("connectedAc", "fault", "fault", "connectedAc"), ["fault"]);
    assert.deepEqual(everyFiveMinutes("disconnected", "fault"), ["fault"]);
  });

  it("tell of plugging in and unplugging, also where a fault lies between", () => {
    assert.deepEqual(everyFiveMinutes("disconnected", "connectedAc"), ["connected"]);
    assert.deepEqual(everyFiveMinutes("connectedDc", "disconnected"), ["disconnected"]);
    assert.deepEqual(everyFiveMinutes("disconnected", "fault", "connected"), ["fault", "connected"]);
    assert.deepEqual(everyFiveMinutes("connectedAc", "fault", "connectedAc"), ["fault"]);
  });

  it("are none when the kind of charger changes", () => {
    const plugged = fc.constantFrom<ConnectionKind>("connectedAc", "connectedDc", "connected");
    fc.assert(fc.property(fc.array(plugged), (history) => assert.deepEqual(everyFiveMinutes(...history), [])));
  });

  it("are the same however often nothing was known in between", () => {
    fc.assert(
      fc.property(fc.array(kinds), (history) => {
        const answers = history.map((kind, index) => ({
          kind,
          fetched: index * 20 * minuteMs,
          measuredBefore: 2 * minuteMs,
        }));
        assert.deepEqual(eventsIn(answers), eventsIn(answers.filter(({ kind }) => kind !== "unknown")));
      }),
    );
  });

  it("take turns: never twice plugged in without unplugged between, whatever the car says and when it was asked", () => {
    const answer = fc.record({
      kind: kinds,
      gap: fc.integer({ min: secondMs, max: 20 * minuteMs }),
      measuredBefore: fc.option(fc.integer({ min: 0, max: 30 * minuteMs }), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 60 }), (history) => {
        let fetched = 0;
        const answers = history.map(({ gap, ...rest }) => ({ ...rest, fetched: (fetched += gap) }));
        const plugs = eventsIn(answers).filter((kind) => kind === "connected" || kind === "disconnected");
        plugs.forEach((kind, index) => assert.notEqual(kind, plugs[index - 1]));
      }),
      { numRuns: 300 },
    );
  });
});

describe("A cable that is taken out and put back", () => {
  it("within a minute was never out", () => {
    const watch = new Watch();
    watch.sees({ kind: "connectedAc", fetched: 0 });
    assert.deepEqual(watch.sees({ kind: "disconnected", fetched: 5 * minuteMs, measuredBefore: 20 * secondMs }), []);
    assert.equal(confirmableAt(watch.baseline), start + 5 * minuteMs - 20 * secondMs + replugMs);
    assert.deepEqual(watch.sees({ kind: "connectedAc", fetched: 5 * minuteMs + 40 * secondMs }), []);
    assert.equal(confirmableAt(watch.baseline), undefined);
    assert.deepEqual(watch.sees({ kind: "connectedAc", fetched: 20 * minuteMs }), []);
  });

  it("later is told of, at once where the car's own time shows that a minute has passed", () => {
    const watch = new Watch();
    watch.sees({ kind: "connectedAc", fetched: 0 });
    watch.sees({ kind: "disconnected", fetched: 5 * minuteMs, measuredBefore: 20 * secondMs });
    watch.sees({ kind: "disconnected", fetched: 5 * minuteMs + 40 * secondMs });
    watch.sees({ kind: "connectedAc", fetched: 30 * minuteMs, measuredBefore: 3 * minuteMs });
    assert.deepEqual(watch.events, [
      { kind: "disconnected", since: 5 * minuteMs - 20 * secondMs, at: 5 * minuteMs + 40 * secondMs },
      { kind: "connected", since: 27 * minuteMs, at: 30 * minuteMs },
    ]);
  });

  it("counts from the first sight where the car tells no time", () => {
    const blind = { measuredBefore: null };
    const watch = new Watch();
    watch.sees({ kind: "connectedAc", fetched: 0, ...blind });
    assert.deepEqual(watch.sees({ kind: "disconnected", fetched: minuteMs, ...blind }), []);
    assert.deepEqual(watch.sees({ kind: "unknown", fetched: 1.5 * minuteMs, ...blind }), []);
    assert.deepEqual(watch.sees({ kind: "disconnected", fetched: 2 * minuteMs, ...blind }), ["disconnected"]);
  });

  it("again and again is told of twice and then only once it lasts", () => {
    const told: number[] = [];
    const watch = new Watch();
    watch.sees({ kind: "disconnected", fetched: 0 });
    for (let minute = 2; minute < 60; minute += 2) {
      const kind = minute % 4 === 0 ? "disconnected" : "connectedAc";
      const events = watch.sees({ kind, fetched: minute * minuteMs, measuredBefore: 90 * secondMs });
      if (events.length > 0) told.push(minute);
    }
    assert.deepEqual(told.slice(0, 2), [2, 4]);
    assert.ok(told.length <= 8, `told ${told.join()}`);
    const last = watch.events.at(-1)?.kind === "connected" ? "disconnected" : "connectedAc";
    watch.sees({ kind: last, fetched: 60 * minuteMs });
    assert.deepEqual(watch.sees({ kind: last, fetched: 71 * minuteMs }), [
      last === "disconnected" ? "disconnected" : "connected",
    ]);
  });

  it("is not believed to be out while the car says that it charges", () => {
    const out = { kind: "disconnected", status: "charging" } as const;
    const inside = { kind: "connectedAc", status: "charging", fetched: 0 } as const;
    assert.deepEqual(eventsIn([inside, { ...out, fetched: hourMs, measuredBefore: 5 * minuteMs }]), []);
  });
});

describe("The end of charging", () => {
  const charging = { kind: "connectedAc", status: "charging", fetched: 0 } as const;

  it("is told of once, and again after another charge", () => {
    const history: readonly Answer[] = [
      charging,
      { ...charging, status: "done", fetched: 20 * minuteMs },
      { ...charging, status: "done", fetched: 40 * minuteMs },
      { ...charging, status: "charging", fetched: 60 * minuteMs },
      { ...charging, status: "done", fetched: 80 * minuteMs },
    ];
    assert.deepEqual(eventsIn(history), ["chargingDone", "chargingDone"]);
  });

  it("is none for a full car that is plugged in, nor where nothing was known of this plug-in", () => {
    const history: readonly Answer[] = [
      charging,
      { kind: "disconnected", status: "idle", fetched: hourMs, measuredBefore: 5 * minuteMs },
      { kind: "connectedAc", status: "done", fetched: 2 * hourMs, measuredBefore: 5 * minuteMs },
      { kind: "connectedAc", status: "done", fetched: 3 * hourMs, measuredBefore: 5 * minuteMs },
    ];
    assert.deepEqual(eventsIn(history), ["disconnected", "connected"]);
  });

  it("is not told by a word that this version does not know, nor by Energy v1, which has no status", () => {
    const later = { kind: "connectedAc", fetched: hourMs } as const;
    assert.deepEqual(
      eventsIn([charging, { ...later, status: { raw: "FULL" } }, { ...charging, fetched: 2 * hourMs }]),
      [],
    );
    assert.deepEqual(eventsIn([charging, later, { ...later, fetched: 2 * hourMs }]), []);
  });
});

describe("A car that is plugged in and does not charge", () => {
  const idle = { kind: "connected", status: "idle" } as const;
  const out = { kind: "disconnected", status: "idle", fetched: 0 } as const;

  it("is told of after fifteen minutes, once", () => {
    const watch = new Watch();
    watch.sees(out);
    for (let minute = 5; minute < 60; minute += 5) watch.sees({ ...idle, fetched: minute * minuteMs });
    assert.deepEqual(
      watch.events.map(({ kind, at }) => [kind, at / minuteMs]),
      [
        ["connected", 10],
        ["pluggedButIdle", 20],
      ],
    );
    assert.equal(watch.events[1]?.since, 5 * minuteMs);
  });

  it("counts from the time at which the car stopped", () => {
    const history: readonly Answer[] = [
      { kind: "connectedAc", status: "charging", fetched: 0 },
      { kind: "connectedAc", status: "idle", fetched: hourMs, measuredBefore: 16 * minuteMs },
    ];
    assert.deepEqual(eventsIn(history), ["pluggedButIdle"]);
  });

  it("is told of where the editor was opened within those minutes, and not where it was opened after", () => {
    assert.deepEqual(
      eventsIn([
        { ...idle, fetched: 0, measuredBefore: 5 * minuteMs },
        { ...idle, fetched: 10 * minuteMs },
      ]),
      ["pluggedButIdle"],
    );
    assert.deepEqual(
      eventsIn([
        { ...idle, fetched: 0, measuredBefore: 15 * minuteMs },
        { ...idle, fetched: 30 * minuteMs },
      ]),
      [],
    );
  });

  it("is told of where the charge has failed, and not while it waits for its schedule, gives power or is full", () => {
    const watched = (status: ChargingStatus, level?: number) =>
      eventsIn([
        { kind: "connectedAc", status: "charging", fetched: 0 },
        ...[20, 40, 60].map((minute) => ({
          kind: "connectedAc" as const,
          status,
          fetched: minute * minuteMs,
          ...(level !== undefined && { level }),
        })),
      ]);
    assert.deepEqual(watched("fault"), ["pluggedButIdle"]);
    assert.deepEqual(watched("idle", 78), ["pluggedButIdle"]);
    for (const status of ["scheduled", "discharging", "charging"] as const) assert.deepEqual(watched(status), []);
    for (const level of [79, 80]) assert.deepEqual(watched("idle", level), []);
  });

  it("is not judged by a status from before this plug-in, nor by none", () => {
    const plugged = { kind: "connected", status: "idle", measuredBefore: 2 * minuteMs } as const;
    const answers = [20, 40, 60].map((minute) => ({
      ...plugged,
      fetched: minute * minuteMs,
      statusMeasuredBefore: minute * minuteMs,
    }));
    assert.deepEqual(eventsIn([out, ...answers]), ["connected"]);
    const v1 = [20, 40, 60].map((minute) => ({ kind: "connected" as const, fetched: minute * minuteMs }));
    assert.deepEqual(eventsIn([out, ...v1]), ["connected"]);
  });
});
