import assert from "node:assert/strict";
import fc from "fast-check";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { Connection, ConnectionKind } from "../../../src/charging/connection";
import { knownConnections } from "../../../src/charging/connection";
import type { ChargingStatus, Reading } from "../../../src/charging/reading";
import { nextReading, replugMs } from "../../../src/charging/targetReached";
import {
  type Baseline,
  type CarChange,
  type CarEventKind,
  confirmableAt,
  eventId,
  observe,
} from "../../../src/charging/changes";
import { vinNumber } from "../../support/builders/builders";

const start = Date.UTC(2026, 10, 23, 8);

/** An answer of Volvo about the car. */
interface Answer {
  readonly kind: ConnectionKind;
  readonly status?: ChargingStatus | { readonly raw: string };
  /** Percent. */
  readonly level?: number;
  readonly target?: number | "none";
  /** ms after `start`. */
  readonly fetched: number;
  /** ms before the fetch; 0 by default, `null` for an unknown time. */
  readonly measuredBefore?: number | null;
  readonly statusMeasuredBefore?: number;
}

function readingOf({
  kind,
  status,
  level,
  target = 80,
  fetched,
  measuredBefore = 0,
  statusMeasuredBefore,
}: Answer): Reading {
  const value: Connection = kind === "unknown" ? { kind, reason: { kind: "noValue" } } : { kind };
  const fetchedAt = start + fetched;
  const measuredAt = measuredBefore === null ? undefined : fetchedAt - measuredBefore;
  const ownAt = statusMeasuredBefore === undefined ? measuredAt : fetchedAt - statusMeasuredBefore;
  const details = {
    ...(status !== undefined && { chargingStatus: { value: status, measuredAt: ownAt } }),
    ...(level !== undefined && { batteryLevel: { value: level, measuredAt } }),
    ...(level !== undefined && target !== "none" && { targetLevel: { value: target, measuredAt } }),
  };
  return { connection: { value, measuredAt }, details, servedBy: status === undefined ? "v1" : "v2", fetchedAt };
}

/** Observes a car like the carStore. */
class Watch {
  baseline: Baseline | undefined;
  private reading: Reading | undefined;

  constructor(private readonly levels: readonly number[] = []) {}

  readonly events: (CarChange & { readonly at: number })[] = [];

  sees(answer: Answer): readonly CarEventKind[] {
    const fresh = readingOf(answer);
    this.reading = nextReading(this.reading, fresh);
    const { baseline, events } = observe(this.baseline, this.reading, fresh, [this.levels]);
    this.baseline = baseline;
    this.events.push(...events.map((event) => ({ ...event, since: event.since - start, at: answer.fetched })));
    return events.map(({ kind }) => kind);
  }
}

/** The kinds of events in a history of answers. */
function eventsIn(history: readonly Answer[]): readonly CarEventKind[] {
  const watch = new Watch();
  return history.flatMap((answer) => watch.sees(answer));
}

/** The kinds of events if the car is read every five minutes, with measurements two minutes old. */
function everyFiveMinutes(...kinds: readonly ConnectionKind[]): readonly CarEventKind[] {
  return eventsIn(kinds.map((kind, index) => ({ kind, fetched: index * 5 * minuteMs, measuredBefore: 2 * minuteMs })));
}

const kinds = fc.constantFrom<ConnectionKind>(...knownConnections, "unknown");

describe("The events of a car", () => {
  it("are none in the first known state of any kind", () => {
    for (const kind of knownConnections) assert.deepEqual(everyFiveMinutes("unknown", kind, kind, "unknown", kind), []);
    for (const status of ["charging", "idle", "done", "scheduled", "fault"] as const) {
      assert.deepEqual(eventsIn([{ kind: "connectedAc", status, fetched: 0, measuredBefore: hourMs }]), []);
    }
  });

  it("do not include an outdated answer of a server", () => {
    const unplugged = { kind: "disconnected", fetched: 0, measuredBefore: 0 } as const;
    const late = { kind: "connectedAc", fetched: 10 * minuteMs, measuredBefore: hourMs } as const;
    for (const between of ["unknown", "disconnected"] as const) {
      const gap = { kind: between, fetched: 5 * minuteMs, measuredBefore: null } as const;
      assert.deepEqual(eventsIn([unplugged, gap, late, { ...late, fetched: 15 * minuteMs }]), []);
    }
  });

  it("include the beginning of a fault, but not its end", () => {
    assert.deepEqual(everyFiveMinutes("connectedAc", "fault", "fault", "connectedAc"), ["fault"]);
    assert.deepEqual(everyFiveMinutes("disconnected", "fault"), ["fault"]);
    const [plugged, fault, out] = [
      { kind: "connectedAc", fetched: 0 },
      { kind: "fault", fetched: hourMs },
      { kind: "disconnected", status: "charging", fetched: 2 * hourMs },
    ] as const;
    const again = { ...fault, fetched: 3 * hourMs };
    assert.deepEqual(eventsIn([plugged, fault, out, again]), ["fault", "fault"], "it ends with any other answer");
  });

  it("include plugging in and unplugging, even with a fault in between", () => {
    assert.deepEqual(everyFiveMinutes("disconnected", "connectedAc"), ["connected"]);
    assert.deepEqual(everyFiveMinutes("connectedDc", "disconnected"), ["disconnected"]);
    assert.deepEqual(everyFiveMinutes("disconnected", "fault", "connected"), ["fault", "connected"]);
    assert.deepEqual(everyFiveMinutes("connectedAc", "fault", "connectedAc"), ["fault"]);
  });

  it("do not include a change of the charger type", () => {
    const plugged = fc.constantFrom<ConnectionKind>("connectedAc", "connectedDc", "connected");
    fc.assert(fc.property(fc.array(plugged), (history) => assert.deepEqual(everyFiveMinutes(...history), [])));
  });

  it("are the same with any number of unknown connections in between", () => {
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

  it("alternate between plugged in and unplugged, for any answers at any times", () => {
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

describe("Unplugging and plugging in again", () => {
  it("within a minute is no event", () => {
    const watch = new Watch();
    watch.sees({ kind: "connectedAc", fetched: 0 });
    assert.deepEqual(watch.sees({ kind: "disconnected", fetched: 5 * minuteMs, measuredBefore: 20 * secondMs }), []);
    assert.equal(confirmableAt(watch.baseline), start + 5 * minuteMs - 20 * secondMs + replugMs);
    assert.deepEqual(watch.sees({ kind: "connectedAc", fetched: 5 * minuteMs + 40 * secondMs }), []);
    assert.equal(confirmableAt(watch.baseline), undefined);
    assert.deepEqual(watch.sees({ kind: "connectedAc", fetched: 20 * minuteMs }), []);
  });

  it("later is two events, at once if the car's own time shows that a minute has passed", () => {
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

  it("counts from the first reading if the car reports no time", () => {
    const blind = { measuredBefore: null };
    const watch = new Watch();
    watch.sees({ kind: "connectedAc", fetched: 0, ...blind });
    assert.deepEqual(watch.sees({ kind: "disconnected", fetched: minuteMs, ...blind }), []);
    assert.deepEqual(watch.sees({ kind: "unknown", fetched: 1.5 * minuteMs, ...blind }), []);
    assert.deepEqual(watch.sees({ kind: "disconnected", fetched: 2 * minuteMs, ...blind }), ["disconnected"]);
  });

  it("repeatedly is two events, and then more only for changes that last", () => {
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

  it("is no event while the car reports charging", () => {
    const out = { kind: "disconnected", status: "charging" } as const;
    const inside = { kind: "connectedAc", status: "charging", fetched: 0 } as const;
    assert.deepEqual(eventsIn([inside, { ...out, fetched: hourMs, measuredBefore: 5 * minuteMs }]), []);
  });
});

describe("The end of charging", () => {
  const charging = { kind: "connectedAc", status: "charging", fetched: 0 } as const;

  it("is one event for each plug-in, even if the car tops up", () => {
    const topUps = Array.from({ length: 4 }, (_, index): readonly Answer[] => [
      { ...charging, status: "done", fetched: (1 + 2 * index) * hourMs },
      { ...charging, fetched: (2 + 2 * index) * hourMs },
    ]);
    assert.deepEqual(eventsIn([charging, ...topUps.flat()]), ["chargingDone"]);
    const withLevels = topUps.flat().map((answer) => ({ ...answer, level: answer.status === "done" ? 80 : 78 }));
    assert.deepEqual(eventsIn([{ ...charging, level: 60 }, ...withLevels]), ["chargingDone"]);
  });

  it("is another event after another plug-in or a raised target", () => {
    const plugIn = (hour: number): readonly Answer[] => [
      { ...charging, fetched: hour * hourMs, measuredBefore: 5 * minuteMs },
      { ...charging, status: "done", fetched: (hour + 1) * hourMs },
      { kind: "disconnected", status: "idle", fetched: (hour + 2) * hourMs, measuredBefore: 5 * minuteMs },
    ];
    assert.deepEqual(eventsIn([...plugIn(0), ...plugIn(3)]), [
      "chargingDone",
      "disconnected",
      "connected",
      "chargingStarted",
      "chargingDone",
      "disconnected",
    ]);
    const raised: readonly Answer[] = [
      { ...charging, level: 70 },
      { ...charging, status: "done", level: 80, fetched: hourMs },
      { ...charging, status: "done", level: 80, fetched: 2.2 * hourMs },
      { ...charging, level: 81, target: 100, fetched: 2.5 * hourMs },
      { ...charging, status: "done", level: 100, target: 100, fetched: 4 * hourMs },
    ];
    assert.deepEqual(eventsIn(raised), ["chargingDone", "chargingStarted", "chargingDone"]);
  });

  it("is not told of again where the target was raised to a level that is as good as reached", () => {
    const raised: readonly Answer[] = [
      { ...charging, level: 70 },
      { ...charging, status: "done", level: 80, fetched: hourMs },
      { ...charging, level: 80, target: 81, fetched: 3 * hourMs },
      { ...charging, status: "done", level: 81, target: 81, fetched: 4 * hourMs },
    ];
    assert.deepEqual(eventsIn(raised), ["chargingDone"]);
  });

  it("is an event if the car becomes idle at its target without DONE", () => {
    const at = (level: number, status: ChargingStatus, hour: number): Answer => {
      return { ...charging, status, level, target: 90, fetched: hour * hourMs };
    };
    assert.deepEqual(eventsIn([at(89, "charging", 0), at(90, "idle", 1), at(90, "idle", 2)]), ["chargingDone"]);
    assert.deepEqual(eventsIn([at(89, "charging", 0), at(90, "charging", 1)]), [], "the car still charges");
  });

  it("is no event for a car that is plugged in at its target, even if it tops up", () => {
    const out = { kind: "disconnected", status: "idle", level: 85, fetched: 0 } as const;
    const at = (level: number, status: ChargingStatus, hour: number): Answer => {
      return { ...charging, status, level, fetched: hour * hourMs };
    };
    assert.deepEqual(eventsIn([out, at(85, "idle", 1), at(84, "idle", 2), at(84, "charging", 3), at(85, "done", 4)]), [
      "connected",
    ]);
  });

  it("is no event for a full car that is plugged in", () => {
    const history: readonly Answer[] = [
      charging,
      { kind: "disconnected", status: "idle", fetched: hourMs, measuredBefore: 5 * minuteMs },
      { kind: "connectedAc", status: "done", fetched: 2 * hourMs, measuredBefore: 5 * minuteMs },
      { kind: "connectedAc", status: "done", fetched: 3 * hourMs, measuredBefore: 5 * minuteMs },
    ];
    assert.deepEqual(eventsIn(history), ["disconnected", "connected"]);
  });

  it("is not detected from an unrecognized status or without a status, as with Energy v1", () => {
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

  it("is one event after fifteen minutes", () => {
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

  it("counts from the time at which the car was plugged in", () => {
    const later = { ...idle, fetched: hourMs, measuredBefore: 16 * minuteMs } as const;
    assert.deepEqual(eventsIn([out, later]), ["connected", "pluggedButIdle"]);
  });

  it("is an event if VS Code was opened within those minutes, but not if it was opened later", () => {
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

  it("is an event if charging fails at once, but not if the car waits for its schedule, discharges or is full", () => {
    const watched = (status: ChargingStatus, level?: number) =>
      eventsIn([
        out,
        ...[20, 40, 60].map((minute) => ({
          kind: "connectedAc" as const,
          status,
          fetched: minute * minuteMs,
          ...(level !== undefined && { level }),
        })),
      ]).filter((kind) => kind !== "connected");
    assert.deepEqual(watched("fault"), ["pluggedButIdle"]);
    assert.deepEqual(watched("idle", 78), ["pluggedButIdle"]);
    for (const status of ["scheduled", "discharging"] as const) assert.deepEqual(watched(status), []);
    for (const level of [79, 80]) assert.deepEqual(watched("idle", level), []);
  });

  it("is no event if it is full without a target, or two points below its target after DONE", () => {
    const full = { kind: "connectedAc", status: "idle", level: 100, target: "none" } as const;
    assert.deepEqual(eventsIn([out, ...[1, 2, 3].map((hour) => ({ ...full, fetched: hour * hourMs }))]), ["connected"]);
    const after = [1, 2, 3].map((hour) => ({ ...idle, level: 78, fetched: hour * hourMs }));
    assert.deepEqual(eventsIn([{ ...idle, status: "done", level: 80, fetched: 0 }, ...after]), []);
  });

  it("is no event once the car has charged or discharged in this plug-in", () => {
    for (const status of ["charging", "discharging"] as const) {
      const history = [1, 2, 3].map((hour) => ({ ...idle, fetched: hour * hourMs }));
      assert.deepEqual(eventsIn([{ ...idle, status, fetched: 0 }, ...history]), [], status);
    }
  });

  it("is no event with a status from before this plug-in or without a status", () => {
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

describe("The start of charging", () => {
  const out = { kind: "disconnected", status: "idle", level: 40, fetched: 0 } as const;
  const at = (minute: number, status: ChargingStatus, level = 50): Answer => {
    return { kind: "connectedAc", status, level, fetched: minute * minuteMs };
  };
  const started = (...history: readonly Answer[]) =>
    eventsIn([out, ...history]).filter((kind) => kind === "chargingStarted").length;

  it("is an event of the first reading that shows it, from the time of its measurement", () => {
    const watch = new Watch();
    watch.sees(out);
    watch.sees({ ...at(10, "charging"), measuredBefore: 4 * minuteMs });
    assert.deepEqual(watch.events.at(-1), { kind: "chargingStarted", since: 6 * minuteMs, at: 10 * minuteMs });
    assert.equal(started(at(10, "idle"), at(20, "scheduled"), at(200, "charging"), at(210, "charging")), 1);
  });

  it("is one event for each plug-in at a solar wallbox that stops at each cloud", () => {
    const clouds = Array.from({ length: 12 }, (_, index) => at(10 + 20 * index, index % 2 ? "idle" : "charging"));
    assert.equal(started(...clouds), 1);
  });

  it("is another event after an hour without charging", () => {
    assert.equal(started(at(10, "charging"), at(20, "idle"), at(60, "idle"), at(75, "charging")), 1);
    assert.equal(started(at(10, "charging"), at(20, "idle"), at(81, "idle"), at(85, "charging")), 2);
  });

  it("is not told of again after an hour of which the status is not known", () => {
    const unknown = { ...at(20, "charging"), status: { raw: "ODD" } };
    const history = [at(10, "charging"), unknown, { ...unknown, fetched: 100 * minuteMs }, at(110, "charging")];
    assert.equal(started(...history), 1);
    const { status: _, ...v1 } = at(81, "idle");
    assert.equal(started(at(10, "charging"), at(20, "idle"), v1, at(85, "charging")), 1);
  });

  it("is no event while the target is reached", () => {
    assert.equal(started(at(10, "charging"), at(20, "done", 80), at(120, "idle", 78), at(200, "charging", 78)), 1);
  });

  it("is no event for a car that charges at its first reading, or after an unplugging of seconds", () => {
    assert.deepEqual(eventsIn([at(0, "charging"), at(10, "charging")]), []);
    const flicker = { ...out, fetched: 15 * minuteMs, measuredBefore: 10 * secondMs };
    assert.equal(started({ ...at(10, "charging"), measuredBefore: 2 * minuteMs }, flicker, at(16, "charging")), 1);
  });
});

describe("An interrupted charge", () => {
  const at = (minute: number, status: ChargingStatus, level = 50): Answer => {
    return { kind: "connectedAc", status, level, fetched: minute * minuteMs };
  };

  it("is an event once two readings five minutes apart are idle below the target", () => {
    assert.deepEqual(eventsIn([at(0, "charging"), at(10, "idle")]), []);
    assert.deepEqual(eventsIn([at(0, "charging"), at(10, "idle"), at(14.9, "idle")]), []);
    assert.deepEqual(eventsIn([at(0, "charging"), at(10, "idle"), at(15, "idle")]), ["chargingInterrupted"]);
    assert.deepEqual(eventsIn([at(0, "charging"), at(10, "idle"), at(12, "charging"), at(15, "idle")]), []);
    const late = { ...at(60, "idle"), measuredBefore: 50 * minuteMs };
    assert.deepEqual(eventsIn([at(0, "charging"), late]), [], "one reading is not enough, even if its status is older");
  });

  it("is one event for each plug-in, and not also a plugged-in car without charging", () => {
    const story = [0, 60, 120].flatMap((m) => [at(m, "charging"), at(m + 10, "idle"), at(m + 20, "idle")]);
    assert.deepEqual(eventsIn(story), ["chargingInterrupted"]);
  });

  it("is no event if the car is done, discharges, or has neither a target nor an estimate", () => {
    const none: readonly (readonly Answer[])[] = [
      [at(0, "charging"), at(10, "idle", 79), at(20, "idle", 79)],
      [at(0, "charging"), at(10, "discharging"), at(20, "idle", 30), at(40, "idle", 30)],
      [at(0, "charging"), at(10, "idle"), at(20, "idle")].map((answer) => ({ ...answer, target: "none" })),
    ];
    for (const story of none) assert.ok(!eventsIn(story).includes("chargingInterrupted"));
  });

  it("is no event if the charge was already interrupted at the first reading", () => {
    const watch = new Watch();
    watch.sees(at(0, "charging"));
    watch.baseline = undefined;
    assert.deepEqual([...watch.sees(at(10, "idle")), ...watch.sees(at(20, "idle"))], []);
  });
});

describe("The battery levels in the settings", () => {
  const at = (hour: number, kind: "connectedAc" | "disconnected", level: number): Answer => {
    return { kind, status: "idle", level, target: "none", fetched: hour * hourMs, measuredBefore: 2 * minuteMs };
  };
  const told = (...history: readonly Answer[]) => {
    const watch = new Watch([20, 50, 80]);
    history.forEach((answer) => watch.sees(answer));
    return watch.events.flatMap((event) => (event.kind === "batteryLevel" ? [[event.level, event.direction]] : []));
  };

  it("are one event each on the way up while the car is plugged in", () => {
    const up = [40, 49.4, 49.6, 51, 49, 51, 79, 80, 85].map((level, hour) => at(hour, "connectedAc", level));
    assert.deepEqual(told(...up), [
      [50, "up"],
      [80, "up"],
    ]);
  });

  it("are one event each on the way down while the car is unplugged", () => {
    const down = [81, 80, 79, 60, 50, 52, 49, 21, 14].map((level, hour) => at(hour, "disconnected", level));
    assert.deepEqual(told(...down), [
      [80, "down"],
      [50, "down"],
      [20, "down"],
    ]);
  });

  it("are events again after the car was plugged in or unplugged", () => {
    const days = [0, 10].flatMap((hour) => [
      at(hour, "disconnected", 60),
      at(hour + 1, "disconnected", 45),
      at(hour + 2, "connectedAc", 45),
      at(hour + 3, "connectedAc", 60),
    ]);
    assert.deepEqual(told(...days), [
      [50, "down"],
      [50, "up"],
      [50, "down"],
      [50, "up"],
    ]);
  });

  it("are one event for the last of several that were crossed at once, counted from the last reading if the plug has changed", () => {
    assert.deepEqual(told(at(0, "disconnected", 10), at(5, "connectedAc", 85)), [[80, "up"]]);
    assert.deepEqual(told(at(0, "disconnected", 85), at(5, "disconnected", 10)), [[20, "down"]]);
    assert.deepEqual(told(at(0, "disconnected", 90), at(5, "connectedAc", 60)), []);
    assert.deepEqual(told(at(0, "connectedAc", 85), at(1, "connectedAc", 60), at(5, "disconnected", 55)), []);
  });

  it("are told of with the time of their measurement", () => {
    const watch = new Watch([50]);
    for (const answer of [at(0, "connectedAc", 40), at(1, "connectedAc", 60)]) watch.sees(answer);
    const event = watch.events.find(({ kind }) => kind === "batteryLevel");
    assert.deepEqual([event?.since, event?.at], [hourMs - 2 * minuteMs, hourMs]);
  });

  it("are no events in the first reading, and have an id for each level", () => {
    assert.deepEqual(told(at(0, "connectedAc", 85)), []);
    const change = { kind: "batteryLevel", since: start, direction: "up" } as const;
    const vin = vinNumber(1);
    assert.notEqual(eventId(vin, { ...change, level: 50 }), eventId(vin, { ...change, level: 80 }));
  });
});
