import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import type { Reading } from "../../../src/charging/reading";
import { CarStore } from "../../../src/charging/carStore";
import type { Notice } from "../../../src/charging/notice";
import { ReminderWatch } from "../../../src/notify/reminder";
import { dueOccurrence, nextOccurrence, reminderLimitMs } from "../../../src/notify/reminderTime";
import { vinNumber } from "../../support/builders/builders";
import { FakeClock, settle } from "../../support/fakeClock";
import { turnsWith } from "../../support/turn";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { Computer, vinAt } from "../../support/windows/computer";

/** Clocks change by an hour at 2:00 in Berlin and New York, by half an hour in Lord Howe, and at midnight in Santiago. */
const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC"];
/** Days before a clock change in one of the zones. */
const starts = ["2026-03-06", "2026-03-27", "2026-04-03", "2026-10-02", "2026-10-23", "2026-10-30", "2026-09-04"];
const zoneBefore = process.env["TZ"];

const time = fc.record({ hour: fc.nat(23), minute: fc.nat(59) });
const car = vinNumber(1);

function localText(at: number): string {
  return new Date(at).toString().slice(0, 21);
}

function localDay(at: number): string {
  return new Date(at).toDateString();
}

afterEach(() => {
  if (zoneBefore === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zoneBefore;
});

describe("The time of the reminder", () => {
  it("comes once a local day, at that time, on days on which the clock is put forward or back as well", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.constantFrom(...starts), time, (zone, start, wanted) => {
        process.env["TZ"] = zone;
        let at = Date.parse(`${start}T12:00:00Z`);
        for (let day = 0; day < 5; day++) {
          const { day: name, at: next } = nextOccurrence(wanted, at);
          assert.ok(next > at && next - at <= dayMs + 2 * hourMs, `${localText(at)} → ${localText(next)}`);
          const local = new Date(next);
          const isShifted = local.getHours() !== wanted.hour || local.getMinutes() !== wanted.minute;
          // The hour that is left out: nothing else may move it.
          const before = new Date(next - 2 * hourMs).getTimezoneOffset();
          assert.ok(!isShifted || before !== local.getTimezoneOffset(), `${zone} ${localText(next)}`);
          assert.equal(dueOccurrence(wanted, next)?.day, name);
          assert.equal(dueOccurrence(wanted, next + reminderLimitMs - 1)?.at, next);
          assert.notEqual(dueOccurrence(wanted, next + reminderLimitMs)?.at, next);
          at = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Windows that watch the time independently, each with its own state of one car. */
class House {
  readonly clock: FakeClock;
  readonly disk = new MemoryDisk();
  readonly told: { readonly at: number; readonly id: string }[] = [];
  readonly carStores: CarStore[] = [];
  refreshes = 0;
  kind: "disconnected" | "connectedAc" = "disconnected";
  level: number | undefined;
  staleAfterMs = 12 * hourMs;
  measuredBefore = 0;
  online = true;
  private readonly changed = new Emitter<void>();
  readonly ticked = new Emitter<void>();
  private readonly watches: ReminderWatch[] = [];

  constructor(
    startAt: number,
    public wanted: { hour: number; minute: number } | undefined,
    public belowLevel = 100,
  ) {
    this.clock = new FakeClock(startAt);
  }

  open(): CarStore {
    const carStore = new CarStore();
    carStore.configure([{ vin: car }]);
    this.carStores.push(carStore);
    const seen = new Set<Notice>();
    carStore.onDidChange(({ events }) => {
      for (const notice of events) {
        if (notice.kind === "reminder" && !seen.has(notice)) this.told.push({ at: this.clock.now(), id: notice.id });
        seen.add(notice);
      }
    });
    const current = () => ({
      reminder: { time: this.wanted, belowLevel: this.belowLevel },
      staleAfterMs: this.staleAfterMs,
    });
    const write = () => undefined;
    this.watches.push(
      new ReminderWatch({
        clock: this.clock,
        carStore,
        log: { trace: write, debug: write, info: write, warn: write, error: write },
        settings: {
          get current() {
            return current();
          },
          onDidChange: this.changed.event,
        },
        folder: this.disk.open("reminders"),
        polling: {
          isOn: true,
          refresh: () => {
            this.refreshes++;
            this.reads(carStore);
            return Promise.resolve();
          },
        },
        turns: turnsWith(),
        wallTimer: { onTick: this.ticked.event },
      }),
    );
    return carStore;
  }

  reads(carStore: CarStore): void {
    const fetchedAt = this.clock.now();
    if (!this.online) {
      carStore.failed(car, { kind: "offline", certificate: false }, fetchedAt, true);
      return;
    }
    const measuredAt = fetchedAt - this.measuredBefore;
    const reading: Reading = {
      connection: { value: { kind: this.kind }, measuredAt },
      details: this.level === undefined ? {} : { batteryLevel: { value: this.level, measuredAt } },
      servedBy: this.level === undefined ? "v1" : "v2",
      fetchedAt,
    };
    carStore.succeeded(car, reading);
  }

  changeSettings(): void {
    this.changed.fire();
  }

  /** Advances the clock, and reads the car in all windows every five minutes. */
  async run(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) {
      await this.clock.advance(Math.min(5 * minuteMs, end - this.clock.now()));
      for (const carStore of this.carStores) this.reads(carStore);
      await settle();
    }
  }

  async sleep(ms: number): Promise<void> {
    this.clock.jump(ms);
    for (const carStore of this.carStores) this.reads(carStore);
    await settle();
  }

  close(): void {
    for (const watch of this.watches) watch.dispose();
  }
}

const evening = { hour: 21, minute: 30 };

describe("The reminder to plug in", () => {
  let house: House;

  function at(text: string): number {
    return new Date(text).getTime();
  }

  async function begin(start: string, wanted: House["wanted"] | "none" = evening, belowLevel = 100): Promise<House> {
    house = new House(at(start), wanted === "none" ? undefined : wanted, belowLevel);
    house.reads(house.open());
    await settle();
    return house;
  }

  afterEach(() => {
    house.close();
  });

  it("comes at its time for an unplugged car, once a day", async () => {
    await begin("2026-11-23T20:00");
    await house.run(3 * dayMs);
    assert.deepEqual(
      house.told.map((each) => localText(each.at)),
      ["Mon Nov 23 2026 21:30", "Tue Nov 24 2026 21:30", "Wed Nov 25 2026 21:30"],
    );
    assert.equal(new Set(house.told.map(({ id }) => id)).size, 3);
    assert.ok(house.disk.contents.size <= 2, "files of earlier days are removed");
  });

  it("has a timer only if a time is set", async () => {
    await begin("2026-11-23T20:00", "none");
    assert.equal(house.clock.pendingTimers, 0);
    house.wanted = evening;
    house.changeSettings();
    assert.equal(house.clock.pendingTimers, 1);
    house.wanted = undefined;
    house.changeSettings();
    assert.equal(house.clock.pendingTimers, 0);
  });

  it("does not come for a car that is plugged in, even if it is unplugged later", async () => {
    await begin("2026-11-23T21:00");
    house.kind = "connectedAc";
    await house.run(hourMs);
    house.kind = "disconnected";
    await house.run(3 * hourMs);
    assert.deepEqual(house.told, []);
  });

  it("comes for a battery below the level or with an unknown level, and not for one at or above it", async () => {
    for (const [level, count] of [
      [60, 0],
      [59, 1],
      [undefined, 1],
    ] as const) {
      await begin("2026-11-23T21:25", evening, 60);
      house.level = level;
      house.carStores.forEach((carStore) => house.reads(carStore));
      await house.run(15 * minuteMs);
      assert.equal(house.told.length, count, String(level));
      house.close();
    }
  });

  it("does not come for a reading that is out of date", async () => {
    await begin("2026-11-23T21:20");
    house.measuredBefore = 13 * hourMs;
    for (const carStore of house.carStores) carStore.forgetAll(house.clock.now());
    await house.run(4 * hourMs);
    assert.deepEqual(house.told, []);
  });

  it("comes at the next tick after a sleep, without a new reading", async () => {
    await begin("2026-11-23T21:00");
    house.clock.jump(hourMs);
    await settle();
    assert.deepEqual(house.told, []);
    house.ticked.fire();
    await house.run(minuteMs);
    assert.equal(house.told.length, 1);
  });

  it("comes after a sleep of up to three hours past its time, and not in the next morning", async () => {
    for (const [slept, count] of [
      [2 * hourMs, 1],
      [4 * hourMs, 0],
      [10 * hourMs, 0],
    ] as const) {
      await begin("2026-11-23T21:00");
      await house.sleep(slept);
      await house.run(hourMs);
      assert.equal(house.told.length, count, `${slept / hourMs} h`);
      house.close();
    }
  });

  it("does not come after a sleep if the car was plugged in during it", async () => {
    await begin("2026-11-23T21:00");
    house.kind = "connectedAc";
    await house.sleep(hourMs);
    await house.run(hourMs);
    assert.deepEqual(house.told, []);
  });

  it("waits for the network to be back", async () => {
    await begin("2026-11-23T21:00");
    house.online = false;
    await house.run(90 * minuteMs);
    assert.deepEqual(house.told, []);
    house.online = true;
    await house.run(10 * minuteMs);
    assert.equal(house.told.length, 1);
    assert.equal(house.refreshes, 1, "the reminder itself asks once");
  });

  it("asks once if there is no recent reading", async () => {
    await begin("2026-11-23T21:00");
    await house.clock.advance(31 * minuteMs);
    assert.equal(house.refreshes, 1);
    assert.equal(house.told.length, 1);
  });

  it("comes at a later time that is set on the same day if it has not come yet, and not twice a day", async () => {
    await begin("2026-11-23T18:00", { hour: 18, minute: 0 });
    house.kind = "connectedAc";
    await house.run(hourMs);
    house.kind = "disconnected";
    house.wanted = evening;
    house.changeSettings();
    await house.run(3 * hourMs);
    assert.equal(house.told.length, 1);
    house.wanted = { hour: 22, minute: 30 };
    house.changeSettings();
    await house.run(3 * hourMs);
    assert.equal(house.told.length, 1);
  });

  it("comes even if the shared folder cannot be used", async () => {
    house = new House(at("2026-11-23T21:00"), evening);
    house.disk.open = () => new MemoryDisk().open("x", { fault: () => new Error("read-only") });
    house.reads(house.open());
    await house.run(2 * dayMs);
    assert.equal(house.told.length, 2);
  });

  it("comes once over all windows on every day on which a window is open at its time, around clock changes", async function () {
    this.timeout(20_000);
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant("run" as const), ms: fc.integer({ min: 1, max: 8 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms: fc.integer({ min: 1, max: 12 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("open" as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(...starts),
        time,
        fc.array(step, { minLength: 3, maxLength: 10 }),
        async (zone, start, wanted, steps) => {
          process.env["TZ"] = zone;
          house = new House(Date.parse(`${start}T12:00:00Z`), wanted);
          house.reads(house.open());
          await settle();
          const awake: { from: number; to: number }[] = [];
          for (const each of steps) {
            const from = house.clock.now();
            if (each.kind === "open") {
              house.reads(house.open());
              await settle();
            } else if (each.kind === "sleep") await house.sleep(each.ms * hourMs);
            else await house.run(each.ms * hourMs);
            if (each.kind === "run") awake.push({ from, to: house.clock.now() });
          }
          house.close();
          // Reminders of one day have the same id, so that a claim lets one window show it.
          const days = new Map(house.told.map(({ id, at: when }) => [id, when]));
          for (const when of days.values()) {
            const due = dueOccurrence(wanted, when);
            assert.ok(due, `${localText(when)} is too far from the set time`);
          }
          for (const { from, to } of awake) {
            const due = nextOccurrence(wanted, from);
            if (due.at + minuteMs > to) continue;
            const when = days.get(`reminder-${due.day}`);
            assert.ok(when !== undefined, `no reminder at ${localText(due.at)} in ${zone}`);
            assert.ok(when >= due.at && when <= due.at + minuteMs, localText(when));
          }
          assert.equal(house.told.length, days.size, "announced by one window only");
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("The reminder in several windows", () => {
  beforeEach(() => {
    process.env["TZ"] = "Europe/Berlin";
  });

  async function evenings(settings: Readonly<Record<string, unknown>> = {}): Promise<Computer> {
    const startAt = new Date("2026-10-24T21:20").getTime();
    const computer = new Computer({ cars: 2, startAt, settings: { "reminder.time": "21:30", ...settings } });
    computer.service.plugs.set(vinAt(0), "DISCONNECTED");
    return Promise.resolve(computer);
  }

  function told(computer: Computer): readonly number[] {
    return computer.windows.map((window) => window.told.filter(({ kind }) => kind === "reminder").length);
  }

  it("is shown once, in the focused window", async () => {
    const computer = await evenings();
    computer.open();
    computer.open({ isFocused: true });
    computer.open();
    await computer.run(9 * minuteMs);
    assert.deepEqual(told(computer), [0, 0, 0]);
    await computer.run(minuteMs + 30 * secondMs);
    assert.deepEqual(told(computer), [0, 1, 0]);
    computer.windows[0]!.close();
    computer.open({ isFocused: true });
    await computer.run(hourMs);
    assert.deepEqual(told(computer), [0, 1, 0, 0]);
    assert.equal(localDay(computer.clock.now()), "Sat Oct 24 2026");
  });

  it("waits for a window to get focus", async () => {
    const computer = await evenings();
    computer.open();
    computer.open();
    await computer.run(80 * minuteMs);
    assert.deepEqual(told(computer), [0, 0]);
    computer.windows[1]!.focus();
    await computer.run(secondMs);
    assert.deepEqual(told(computer), [0, 1]);
  });

  it("is shown by another window after a kill of the last asker and a sleep past its time", async () => {
    const computer = await evenings();
    computer.open({ isFocused: true });
    computer.open({ isFocused: true });
    await computer.run(8 * minuteMs);
    computer.lastAsker.kill();
    computer.clock.sleep(30 * minuteMs);
    await computer.run(2 * minuteMs);
    assert.equal(
      told(computer).reduce((sum, count) => sum + count),
      1,
    );
  });

  it("is not shown if no time is set, or if all cars are plugged in or full enough", async () => {
    for (const settings of [{ "reminder.time": "" }, { "reminder.belowBatteryLevel": 40 }]) {
      const computer = await evenings(settings);
      computer.service.levels.set(vinAt(0), 40);
      computer.open({ isFocused: true });
      await computer.run(30 * minuteMs);
      assert.deepEqual(told(computer), [0]);
    }
  });
});
