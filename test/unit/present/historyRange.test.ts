import assert from "node:assert/strict";
import { dayMs, hourMs } from "../../../src/base/clock";
import { rangeUnits } from "../../../src/historyPage/view";
import { firstUnit, historyRange, timeTicks } from "../../../src/present/historyRange";
import type { Locale } from "../../../src/present/times";

const inZone = (timeZone: string, language = "en-US"): Locale => ({ language, timeZone });
const utc = inZone("UTC");
const hours = ({ from, to }: { from: number; to: number }) => (to - from) / hourMs;
const dayOf = (iso: string, locale: Locale) => historyRange({ unit: "day", at: Date.parse(iso) }, 0, locale);

describe("the days, weeks and months of the history", () => {
  it("begin and end at local midnight, even on days with 23 and 25 hours", () => {
    const berlin = inZone("Europe/Berlin");
    assert.equal(hours(dayOf("2026-03-29T12:00Z", berlin)), 23);
    assert.equal(hours(dayOf("2026-10-25T12:00Z", berlin)), 25);
    assert.equal(hours(dayOf("2026-10-26T12:00Z", berlin)), 24);
    assert.equal(dayOf("2026-10-25T23:30Z", berlin).from, Date.parse("2026-10-25T23:00Z"));
    assert.equal(dayOf("2026-10-25T22:30Z", berlin).from, Date.parse("2026-10-24T22:00Z"));
  });

  it("follow each other without gap or overlap through a year, in zones of every kind", () => {
    const zones = ["Europe/Berlin", "America/Los_Angeles", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu"];
    for (const zone of [...zones, "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "UTC"]) {
      for (const unit of rangeUnits) {
        let range = historyRange({ unit, at: Date.UTC(2026, 0, 15) }, 0, inZone(zone));
        for (let step = 0; step < (unit === "day" ? 366 : 14); step++) {
          const next = historyRange({ unit, at: range.after }, 0, inZone(zone));
          assert.equal(next.from, range.to, `${zone} ${unit} ${new Date(range.to).toISOString()}`);
          assert.equal(historyRange({ unit, at: next.before }, 0, inZone(zone)).from, range.from);
          range = next;
        }
      }
    }
  });

  it("begin with the first moment of the day if midnight is skipped, and with the first midnight if it occurs twice", () => {
    const cairo = dayOf("2026-04-24T12:00Z", inZone("Africa/Cairo"));
    assert.deepEqual([hours(cairo), new Date(cairo.from).toISOString()], [23, "2026-04-23T22:00:00.000Z"]);
    const havana = dayOf("2026-11-01T12:00Z", inZone("America/Havana"));
    assert.deepEqual([hours(havana), new Date(havana.from).toISOString()], [25, "2026-11-01T04:00:00.000Z"]);
  });

  it("are those of the user's zone, even if that is behind UTC", () => {
    const { from } = dayOf("2026-11-28T03:00Z", inZone("America/Los_Angeles"));
    assert.equal(new Date(from).toISOString(), "2026-11-27T08:00:00.000Z");
  });

  it("have weeks of seven days, of which the present one ends with today, on any day of the week", () => {
    for (let day = 23; day <= 29; day++) {
      const { from, to, isPresent } = historyRange({ unit: "week", at: undefined }, Date.UTC(2026, 10, day, 9), utc);
      assert.deepEqual([from, to], [Date.UTC(2026, 10, day - 6), Date.UTC(2026, 10, day + 1)]);
      assert.ok(isPresent);
    }
  });

  it("move by seven days for weeks, and keep the last day of the range when the unit changes", () => {
    const now = Date.UTC(2026, 10, 23, 9);
    const week = historyRange({ unit: "week", at: undefined }, now, utc);
    const before = historyRange({ unit: "week", at: week.before }, now, utc);
    assert.deepEqual([before.from, before.to], [Date.UTC(2026, 10, 10), Date.UTC(2026, 10, 17)]);
    assert.equal(historyRange({ unit: "week", at: before.after }, now, utc).from, week.from);
    assert.equal(historyRange({ unit: "day", at: week.before }, now, utc).from, Date.UTC(2026, 10, 16));
    const october = historyRange({ unit: "month", at: Date.UTC(2026, 9, 5) }, now, utc);
    const november = historyRange({ unit: "month", at: october.after }, now, utc);
    assert.equal(november.from, Date.UTC(2026, 10, 1));
    assert.equal(historyRange({ unit: "week", at: october.after }, now, utc).to, Date.UTC(2026, 11, 1));
  });

  it("are named in the user's language", () => {
    const at = Date.UTC(2026, 10, 25);
    const title = (unit: "day" | "week" | "month", language: string) =>
      historyRange({ unit, at }, 0, inZone("UTC", language)).title;
    assert.equal(title("day", "en-US"), "Wednesday, November 25, 2026");
    assert.equal(title("week", "en-US"), "November 19 – 25, 2026");
    assert.equal(title("month", "en-US"), "November 2026");
    assert.equal(title("week", "de"), "19.–25. November 2026");
    assert.equal(title("month", "fr"), "novembre 2026");
  });

  it("begin as a day where there is only today's history, else as a week", () => {
    const locale = { language: "en", timeZone: "Europe/Berlin" };
    const now = Date.UTC(2026, 10, 28, 12);
    const midnight = Date.UTC(2026, 10, 27, 23);
    assert.equal(firstUnit(now, now, locale), "day");
    assert.equal(firstUnit(midnight, now, locale), "day");
    assert.equal(firstUnit(midnight - 1, now, locale), "week");
  });

  it("without a time are those of the present, and marked as such", () => {
    const now = Date.UTC(2026, 10, 25, 12);
    const present = historyRange({ unit: "day", at: undefined }, now, inZone("UTC"));
    assert.deepEqual([present.isPresent, present.from], [true, Date.UTC(2026, 10, 25)]);
    assert.ok(!historyRange({ unit: "day", at: present.before }, now, inZone("UTC")).isPresent);
  });
});

describe("the time axis", () => {
  const labels = (iso: string, zone: string, unit: "day" | "week" | "month") => {
    const locale: Locale = { ...inZone(zone, "de"), clock: "24h" };
    return timeTicks(historyRange({ unit, at: Date.parse(iso) }, 0, locale), unit, locale).map(({ label }) => label);
  };

  it("has a label every three hours of local time, even if the clock changes", () => {
    const each = ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"];
    for (const day of ["2026-11-25", "2026-03-29", "2026-10-25"]) {
      assert.deepEqual(labels(`${day}T12:00Z`, "Europe/Berlin", "day"), each, day);
    }
  });

  it("has a label for each day of a week or month, even with a day of 25 hours", () => {
    assert.equal(labels("2026-10-22T12:00Z", "Europe/Berlin", "week").length, 7);
    const month = labels("2026-10-22T12:00Z", "Europe/Berlin", "month");
    assert.deepEqual(
      month,
      [...Array(31).keys()].map((day) => `${day + 1}`),
    );
    assert.equal(
      31 * dayMs <
        hours(historyRange({ unit: "month", at: Date.parse("2026-10-22T12:00Z") }, 0, inZone("Europe/Berlin"))) *
          hourMs,
      true,
    );
  });
});
