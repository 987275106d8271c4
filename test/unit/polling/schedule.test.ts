import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { ChargingStatus, Reading } from "../../../src/charging/reading";
import type { Baseline } from "../../../src/charging/changes";
import { utcDay } from "../../../src/charging/quota";
import { replugMs } from "../../../src/charging/targetReached";
import {
  intervalOf,
  longestIntervalMs,
  minimumGapMs,
  planNextCheck,
  type ScheduledCar,
  scheduled,
  type ScheduleInput,
  type ScheduleSettings,
  shortestInterval,
} from "../../../src/polling/schedule";
import { readingOf, vinNumber } from "../../support/builders/builders";

const morning = Date.UTC(2026, 10, 23, 8);
const base = 5 * minuteMs;

function carAt(number: number, changes: Partial<ScheduledCar> = {}): ScheduledCar {
  return {
    vin: vinNumber(number),
    attemptedAt: morning,
    failures: 0,
    unreadable: false,
    dcChargeUntil: undefined,
    recheck: false,
    ...changes,
  };
}

function inputWith(changes: Partial<ScheduleInput> = {}): ScheduleInput {
  return {
    now: morning,
    settings: { refreshIntervalMs: base, adaptive: true, dailyCallBudget: 5000 },
    cars: [carAt(1)],
    calls: { day: utcDay(morning), calls: 0 },
    holdUntil: undefined,
    stopped: false,
    focusedAt: changes.now ?? morning,
    focusRegainedAt: undefined,
    jitter: 0,
    ...changes,
  };
}

/** The time of the planned check (ms after `morning`), and its cars by their index in the list. */
function planOf(input: ScheduleInput): { readonly afterMs: number; readonly cars: readonly number[] } {
  const plan = planNextCheck(input);
  assert.equal(plan.kind, "check");
  const places = plan.vins.map((vin) => input.cars.findIndex((car) => car.vin === vin));
  return { afterMs: plan.at - morning, cars: places.sort() };
}

describe("The schedule", () => {
  it("does nothing without a car, or while the user must act", () => {
    assert.deepEqual(planNextCheck(inputWith({ cars: [] })), { kind: "idle" });
    assert.deepEqual(planNextCheck(inputWith({ stopped: true })), { kind: "idle" });
  });

  it("reads a new car at once, and others after the base interval plus up to a tenth", () => {
    assert.equal(planOf(inputWith({ cars: [carAt(1, { attemptedAt: undefined })] })).afterMs, 0);
    assert.equal(planOf(inputWith()).afterMs, base);
    assert.equal(planOf(inputWith({ jitter: 1 })).afterMs, base * 1.1);
  });

  it("reads a car that charges on DC every minute, and each car at three times the interval after 15 minutes without focus", () => {
    const onDc = carAt(1, { dcChargeUntil: morning + 1 });
    const watched = { settings: inputWith().settings, now: morning, focusedAt: morning };
    const unwatched = { ...watched, focusedAt: morning - 15 * minuteMs };
    assert.equal(intervalOf(onDc, watched), minuteMs);
    assert.equal(intervalOf(onDc, { ...watched, now: morning + 1 }), base);
    assert.equal(intervalOf(onDc, unwatched), 3 * minuteMs);
    assert.equal(intervalOf(carAt(1), unwatched), 3 * base);
    assert.equal(intervalOf(carAt(1), { ...unwatched, focusedAt: morning - 15 * minuteMs + 1 }), base);
    const rigid = { ...unwatched, settings: { ...watched.settings, adaptive: false } };
    assert.equal(intervalOf(carAt(1), rigid), base);
    assert.equal(intervalOf(onDc, rigid), base);
  });

  it("treats a car on DC as charging while v2 says so, and on v1 for half an hour after the measurement", () => {
    const { settings } = inputWith();
    const interval = (reading: Reading) => {
      const car = scheduled({ vin: vinNumber(1), failures: 0, attemptedAt: morning, reading }, settings);
      return intervalOf(car, { settings, now: morning, focusedAt: morning });
    };
    const v1 = (ageMs: number) => readingOf("connectedDc", morning - ageMs, { servedBy: "v1", fetchedAt: morning });
    assert.equal(interval(v1(0)), minuteMs);
    assert.equal(interval(v1(30 * minuteMs - 1)), minuteMs);
    assert.equal(interval(v1(30 * minuteMs)), base);
    assert.equal(interval(v1(30 * hourMs)), base);
    assert.equal(interval(readingOf("connectedDc", undefined, { fetchedAt: morning })), minuteMs, "time unknown");
    const v2 = (
      value: ChargingStatus | { raw: string },
      ageMs = 0,
      kind: "connectedDc" | "connectedAc" = "connectedDc",
    ) => readingOf(kind, morning - ageMs, { details: { chargingStatus: { value, measuredAt: morning - ageMs } } });
    assert.equal(interval(v2("charging")), minuteMs);
    assert.equal(interval(v2("charging", hourMs)), minuteMs);
    assert.equal(interval(v2("charging", 30 * hourMs)), base);
    for (const status of ["done", "idle", "scheduled", "fault"] as const)
      assert.equal(interval(v2(status)), base, status);
    assert.equal(interval(v2({ raw: "CHARGING_FAST" })), minuteMs, "as on v1");
    assert.equal(interval(v2("charging", 0, "connectedAc")), base);
  });

  it("backs off to half an hour, but never to less than the interval", () => {
    const intervals = [1, 2, 3, 4, 5, 50].map((failures) => intervalOf(carAt(1, { failures }), inputWith()));
    assert.deepEqual(
      intervals,
      [5, 10, 20, 30, 30, 30].map((minutes) => minutes * minuteMs),
    );
    const rare = inputWith({ settings: { refreshIntervalMs: 6 * hourMs, adaptive: false, dailyCallBudget: 5000 } });
    assert.equal(intervalOf(carAt(1, { failures: 9 }), rare), 6 * hourMs);
  });

  it("reads at once when focus returns, if the reading is older than the base interval", () => {
    const cars = [carAt(1, { attemptedAt: morning - base })];
    const input = { cars, focusedAt: morning - hourMs };
    assert.equal(planOf(inputWith({ ...input, focusRegainedAt: morning })).afterMs, 0);
    assert.equal(
      planOf(inputWith({ ...input, cars: [carAt(1, { attemptedAt: morning - base + 1 })] })).afterMs,
      2 * base + 1,
    );
  });

  it("includes cars that are due within a quarter of the interval, and none that are due later", () => {
    const cars = [
      carAt(1, { attemptedAt: morning - base }),
      carAt(2, { attemptedAt: morning - 0.75 * base }),
      carAt(3),
    ];
    assert.deepEqual(planOf(inputWith({ cars })), { afterMs: 0, cars: [0, 1] });
    const later = [carAt(1, { attemptedAt: morning - base }), carAt(2, { attemptedAt: morning - 0.75 * base + 1 })];
    assert.deepEqual(planOf(inputWith({ cars: later })), { afterMs: 0, cars: [0] });
  });

  it("includes no car that was asked for within the last ten seconds", () => {
    const planned = (agoMs: number) => {
      const justAsked = carAt(2, { attemptedAt: morning - agoMs, recheck: true });
      return planOf(inputWith({ cars: [carAt(1, { attemptedAt: morning - base }), justAsked] })).cars;
    };
    assert.deepEqual([planned(minimumGapMs), planned(minimumGapMs - 1)], [[0, 1], [0]]);
  });

  it("leaves ten seconds between two requests for a car, even if it is due at once", () => {
    assert.equal(planOf(inputWith({ cars: [carAt(1, { recheck: true })] })).afterMs, minimumGapMs);
  });

  it("reads a car again as soon as that can confirm a change for an enabled notification", () => {
    const doubted = { isTrue: false, doubtedSince: morning, toldAt: [] };
    const baseline: Baseline = { plug: doubted };
    const due = (notifications: ScheduleSettings["notifications"]) => {
      const settings = { ...inputWith().settings, refreshIntervalMs: hourMs, ...(notifications && { notifications }) };
      const car = scheduled({ vin: vinNumber(1), failures: 0, attemptedAt: morning, baseline }, settings);
      return planOf(inputWith({ settings, cars: [car] })).afterMs;
    };
    assert.equal(due({ connected: true, disconnected: false }), replugMs);
    assert.equal(due({ connected: false, disconnected: true }), replugMs);
    for (const none of [undefined, { connected: false, disconnected: false }]) assert.equal(due(none), hourMs);
  });

  it("asks no more often if the reading to confirm a change has failed", () => {
    const settings = { ...inputWith().settings, refreshIntervalMs: hourMs };
    for (const confirmAt of [morning, morning - minuteMs]) {
      assert.equal(planOf(inputWith({ settings, cars: [carAt(1, { confirmAt })] })).afterMs, hourMs);
    }
  });

  it("has a longest interval between two checks of a car, by interval, back-off or budget", () => {
    const longest = (refreshIntervalMs: number, dailyCallBudget: number, cars: number) =>
      longestIntervalMs({ refreshIntervalMs, dailyCallBudget }, cars);
    assert.equal(longest(base, 5000, 1), hourMs * 1.1 + minuteMs, "an unreadable car");
    assert.equal(longest(2 * hourMs, 5000, 1), 6 * hourMs * 1.1 + minuteMs, "without focus");
    assert.equal(longest(base, 24, 10), 10 * hourMs * 1.1 + minuteMs, "24 calls a day for ten cars");
  });

  it("has a shortest interval, that of the most frequently checked car, if there are calls for it", () => {
    const cars = [carAt(1), carAt(2, { dcChargeUntil: morning + hourMs }), carAt(3, { failures: 9 })];
    assert.equal(shortestInterval(inputWith({ cars })), minuteMs);
    const calls = (spent: number) => ({ calls: { day: utcDay(morning), calls: spent } });
    assert.equal(shortestInterval(inputWith(calls(5000 - 16))), hourMs);
    assert.equal(shortestInterval(inputWith(calls(5000))), undefined);
    assert.equal(shortestInterval(inputWith({ cars: [] })), undefined);
  });

  it("reads no car during a pause, and at its end those that are due", () => {
    const until = morning + hourMs;
    const cars = [carAt(1, { attemptedAt: undefined }), carAt(2, { recheck: true }), carAt(3)];
    const paused = { cars, mode: { kind: "paused", since: morning, until } } as const;
    assert.deepEqual(planOf(inputWith(paused)), { afterMs: hourMs, cars: [0, 1, 2] });
    assert.equal(planOf(inputWith({ ...paused, focusRegainedAt: morning })).afterMs, hourMs);
    const late = { ...paused, cars: [carAt(1)], settings: { ...inputWith().settings, refreshIntervalMs: 3 * hourMs } };
    assert.equal(planOf(inputWith(late)).afterMs, 3 * hourMs, "a car that is due after the pause");
    assert.equal(planOf(inputWith({ ...paused, holdUntil: until + hourMs })).afterMs, 2 * hourMs);
    assert.equal(planOf(inputWith({ ...paused, holdUntil: until - minuteMs })).afterMs, hourMs);
  });

  it("does nothing while it is paused until the user resumes", () => {
    const mode = { kind: "paused", since: morning } as const;
    const cars = [carAt(1, { attemptedAt: undefined }), carAt(2, { recheck: true })];
    assert.deepEqual(planNextCheck(inputWith({ mode, cars, focusRegainedAt: morning })), { kind: "idle" });
  });

  it("reads every car every minute while it watches closely, with or without focus", () => {
    const mode = { kind: "closely", since: morning, until: morning + hourMs } as const;
    for (const adaptive of [true, false]) {
      const settings = { ...inputWith().settings, adaptive };
      for (const focusedAt of [morning, morning - 5 * hourMs]) {
        assert.equal(planOf(inputWith({ mode, settings, focusedAt })).afterMs, minuteMs);
        assert.equal(
          intervalOf(carAt(1, { dcChargeUntil: morning + hourMs }), inputWith({ mode, settings })),
          minuteMs,
        );
      }
    }
  });

  it("watches no more closely than Volvo, the budget and failures allow", () => {
    const mode = { kind: "closely", since: morning, until: morning + hourMs } as const;
    assert.equal(planOf(inputWith({ mode, holdUntil: morning + hourMs })).afterMs, hourMs);
    assert.equal(planOf(inputWith({ mode, calls: { day: utcDay(morning), calls: 5000 - 16 } })).afterMs, hourMs);
    assert.deepEqual(planNextCheck(inputWith({ mode, stopped: true })), { kind: "idle" });
    const intervals = [1, 2, 6, 50].map((failures) => intervalOf(carAt(1, { failures }), inputWith({ mode })));
    assert.deepEqual(
      intervals,
      [1, 2, 30, 30].map((minutes) => minutes * minuteMs),
    );
  });

  it("asks for a car that Volvo reports as unreadable at growing intervals, up to an hour", () => {
    const minutes = (failures: number) => intervalOf(carAt(1, { unreadable: true, failures }), inputWith()) / minuteMs;
    assert.deepEqual([1, 2, 3, 4, 5, 50].map(minutes), [5, 10, 20, 40, 60, 60]);
    const cars = [carAt(1, { unreadable: true, failures: 50 })];
    assert.equal(planOf(inputWith({ cars, jitter: 1 })).afterMs, hourMs);
  });

  it("reads no car during the back-off of a failed renewal, unless the token is still valid", () => {
    const renewal = { until: morning + hourMs, tokenUntil: morning, isRefused: false };
    assert.equal(planOf(inputWith({ renewal })).afterMs, hourMs);
    assert.equal(planOf(inputWith({ renewal: { ...renewal, until: morning + minuteMs } })).afterMs, 5 * minuteMs);
    assert.equal(planOf(inputWith({ renewal: { ...renewal, tokenUntil: morning + hourMs } })).afterMs, 5 * minuteMs);
    assert.equal(planOf(inputWith({ renewal: { ...renewal, tokenUntil: morning + base } })).afterMs, hourMs);
  });

  it("retries the renewal at the end of its back-off if the application was refused", () => {
    const renewal = { until: morning + minuteMs, tokenUntil: morning, isRefused: true };
    assert.equal(planOf(inputWith({ renewal })).afterMs, minuteMs);
    assert.equal(planOf(inputWith({ renewal: { ...renewal, until: morning + hourMs } })).afterMs, hourMs);
    assert.equal(
      planOf(inputWith({ renewal: { ...renewal, until: morning } })).afterMs,
      base,
      "tried and refused again",
    );
  });

  it("reads no car until the end of Volvo's wait", () => {
    assert.equal(planOf(inputWith({ holdUntil: morning + hourMs })).afterMs, hourMs);
  });

  it("spreads the remaining budget over the rest of the day, and waits for the new day if it is used up", () => {
    const calls = (spent: number) => ({ calls: { day: utcDay(morning), calls: spent } });
    assert.equal(planOf(inputWith(calls(5000 - 16))).afterMs, hourMs);
    assert.equal(planOf(inputWith({ ...calls(5000), jitter: 0.5 })).afterMs, 16 * hourMs + 30 * secondMs);
    assert.equal(planOf(inputWith({ ...calls(5000), cars: [carAt(1, { recheck: true })] })).afterMs, 16 * hourMs);
  });

  it("reads a car on DC every minute beside eleven others as long as the budget suffices", () => {
    const others = Array.from({ length: 11 }, (_, index) => carAt(index + 2));
    const cars = [carAt(1, { dcChargeUntil: morning + hourMs }), ...others];
    const spent = (calls: number) => inputWith({ cars, calls: { day: utcDay(morning), calls } });
    assert.deepEqual(planOf(spent(1667)), { afterMs: minuteMs, cars: [0] });
    assert.ok(planOf(spent(2000)).afterMs > minuteMs);
  });

  it("uses the calls of the new day for postponed checks", () => {
    const late = Date.UTC(2026, 10, 23, 22);
    const cars = Array.from({ length: 12 }, (_, index) => carAt(index, { attemptedAt: late }));
    const plan = planNextCheck(inputWith({ now: late, cars, calls: { day: utcDay(late), calls: 4999 } }));
    assert.equal(plan.kind === "check" && plan.at, late + 2 * hourMs);
  });

  it("asks first for the cars that have waited longest", () => {
    const cars = [
      carAt(1, { attemptedAt: morning - base }),
      carAt(2, { attemptedAt: undefined }),
      carAt(3, { attemptedAt: morning - 2 * base }),
    ];
    const plan = planNextCheck(inputWith({ cars }));
    assert.deepEqual(plan.kind === "check" && plan.vins, [vinNumber(2), vinNumber(3), vinNumber(1)]);
  });

  const anyCar = fc.record({
    attemptedAt: fc.option(fc.integer({ min: morning - dayMs, max: morning + hourMs }), { nil: undefined }),
    failures: fc.nat(12),
    unreadable: fc.boolean(),
    dcChargeUntil: fc.constantFrom(undefined, morning, morning + hourMs),
    recheck: fc.boolean(),
  });
  const anyInput = fc
    .record({
      cars: fc.array(anyCar, { minLength: 1, maxLength: 12 }),
      refreshIntervalMs: fc.integer({ min: minuteMs, max: dayMs }),
      adaptive: fc.boolean(),
      dailyCallBudget: fc.integer({ min: 1, max: 10_000 }),
      spent: fc.nat(10_000),
      holdUntil: fc.option(fc.integer({ min: morning - hourMs, max: morning + 2 * dayMs }), { nil: undefined }),
      focusedAt: fc.integer({ min: morning - dayMs, max: morning }),
      focusRegainedAt: fc.option(fc.integer({ min: morning - hourMs, max: morning }), { nil: undefined }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ cars, refreshIntervalMs, adaptive, dailyCallBudget, spent, ...rest }) =>
      inputWith({
        ...rest,
        cars: cars.map((car, index) => ({ ...car, vin: vinNumber(index) })),
        settings: { refreshIntervalMs, adaptive, dailyCallBudget },
        calls: { day: utcDay(morning), calls: spent },
      }),
    );

  it("never plans a check in the past, within ten seconds of the last one, or within Volvo's wait", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = planNextCheck(input);
        assert.equal(plan.kind, "check");
        assert.ok(plan.at >= input.now);
        assert.ok(plan.at >= (input.holdUntil ?? 0));
        assert.ok(plan.vins.length > 0);
        assert.equal(new Set(plan.vins).size, plan.vins.length);
        for (const { vin, attemptedAt } of input.cars) {
          if (!plan.vins.includes(vin) || attemptedAt === undefined) continue;
          assert.ok(plan.at - Math.min(attemptedAt, input.now) >= minimumGapMs);
        }
        const spent = input.calls.calls >= input.settings.dailyCallBudget;
        if (spent) assert.ok(utcDay(plan.at) > utcDay(morning));
      }),
    );
  });

  it("never postpones a car beyond its interval, the wait or the end of the day", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const plan = planNextCheck(input);
        assert.equal(plan.kind, "check");
        const longest = Math.max(...input.cars.map((car) => intervalOf(car, input)));
        const latest = Math.max(input.now + longest * 1.1, input.holdUntil ?? 0, Date.UTC(2026, 10, 24) + minuteMs);
        assert.ok(plan.at <= latest);
      }),
    );
  });

  it("keeps the budget on any day, and uses most of it if the interval demands more", () => {
    const day = fc.record({
      cars: fc.integer({ min: 1, max: 12 }),
      refreshIntervalMs: fc.integer({ min: minuteMs, max: hourMs }),
      budget: fc.integer({ min: 1, max: 2_000 }),
      startMs: fc.nat(20 * hourMs),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(day, ({ cars, refreshIntervalMs, budget, startMs, jitter }) => {
        const midnight = Date.UTC(2026, 10, 24);
        let now = midnight - dayMs + startMs;
        const lastAt = new Map<string, number>();
        let calls = 0;
        for (let batches = 0; batches < 20_000; batches++) {
          const plan = planNextCheck(
            inputWith({
              now,
              settings: { refreshIntervalMs, adaptive: false, dailyCallBudget: budget },
              cars: Array.from({ length: cars }, (_, index) => {
                return carAt(index, { attemptedAt: lastAt.get(vinNumber(index)) });
              }),
              calls: { day: utcDay(midnight - 1), calls },
              jitter,
            }),
          );
          assert.equal(plan.kind, "check");
          if (plan.at >= midnight) break;
          now = plan.at;
          for (const vin of plan.vins.slice(0, budget - calls)) {
            lastAt.set(vin, now);
            calls++;
          }
        }
        assert.ok(calls <= budget);
        const asked = (cars * (dayMs - startMs)) / (refreshIntervalMs * 1.1);
        assert.ok(calls >= Math.min(budget, asked) * 0.8 - 2 * cars, `${calls} of ${budget}, ${asked} asked for`);
      }),
    );
  });
});
