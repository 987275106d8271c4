import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import type { Session } from "../../../src/history/model";
import { lastChargeText } from "../../../src/present/lastChargeText";
import { tree } from "../../../src/present/tree";
import type { CarHistoryView, ViewState } from "../../../src/present/viewState";
import { carOf, chargingDetails, now, readingOf, viewStateOf } from "./viewStates";
import { sessionsOf } from "../../../src/history/sessions";
import { at, recordedBy, rising, type ShortReading } from "../history/histories";

const english = { language: "en", region: "SE", timeZone: "UTC" };
const german = { language: "de", timeZone: "UTC" };
const batteryKwh = 79;

function charge(until: number): Session {
  const seen = (t: number): ShortReading => {
    if (t < at(18)) return { c: "out", s: "idle", b: 41 };
    const b = rising(t, at(18), 41, 9);
    return { c: "ac", s: b < 80 ? "charging" : "done", b, g: 80 };
  };
  const rows = recordedBy([{ from: at(17), to: until, seen }]);
  const context = { now: until, observedUntil: until, batteryKwh };
  return sessionsOf(rows, context)[0] ?? assert.fail();
}

describe("The last charge in words", () => {
  it("has its times, levels and estimated energy", () => {
    const { text, spoken, note } = lastChargeText(charge(at(23)), at(40), english);
    assert.equal(text, "Thu 18:00 – 22:20 · 41 → 80% · ≈ 31 kWh");
    assert.equal(spoken, "Thu 18:00 to 22:20, from 41% to 80%, about 31 kWh, estimated");
    assert.match(note, /not for billing/);
  });

  it("is still in progress while the car charges", () => {
    const { label, text, spoken, note } = lastChargeText(charge(at(20, 30)), at(20, 30), english);
    assert.deepEqual([label, text, note], ["This charge", "since 18:00 · 41 → 63%", ""]);
    assert.equal(spoken, "Charging since 18:00, from 41% to 63%, about 17 kWh, estimated");
    assert.ok(`${label} ${text}`.length < 40, "fits a side bar of ordinary width");
  });

  it("has no end if that was not observed", () => {
    const session = charge(at(20, 30));
    const seenAgain: Session = { ...session, lastSeenAt: at(31), levelTo: 80 };
    assert.equal(lastChargeText(seenAgain, at(31), english).text, "Thu 18:00 · 41 → 80% · ≈ 17 kWh");
  });

  it("follows the language, and names the date after six days", () => {
    assert.equal(
      lastChargeText(charge(at(23)), at(23 + 24 * 8), german).text,
      "26. Nov., 18:00 – 22:20 · 41 → 80\u00a0% · ≈ 31 kWh",
    );
  });
});

describe("The Vehicles view", () => {
  const history = (otherMinutes: number): CarHistoryView => ({
    hasHistory: true,
    lastCharge: () => charge(at(23)),
    observedFinish: () => now + otherMinutes * minuteMs,
  });
  const rowsOf = (view: ViewState) => tree(view)[0]?.children ?? [];
  const view = viewStateOf({
    cars: [carOf(1234, { reading: readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" }) })],
  });
  const shown = (id: string, view: ViewState) => rowsOf(view).find((row) => row.id.endsWith(`/${id}`));

  it("has a row for the last charge of a car that has one", () => {
    const row = shown("lastCharge", { ...view, history: history(95) });
    assert.equal(row?.label, "Last charge");
    assert.match(row.description ?? "", /41 → 80% · ≈ 31 kWh$/);
    assert.match(row.spoken, /^Last charge: .*from 41% to 80%, about 31 kWh, estimated$/);
    assert.match(row.tooltip, /not for billing/);
    assert.equal(shown("lastCharge", view), undefined);
  });

  it("shows the finish at the observed rate beside the car's estimate if they differ by more than 15 minutes", () => {
    // Some minutes ago, the car reported 95 minutes.
    assert.match(shown("doneAt", { ...view, history: history(200) })?.description ?? "", / · at the observed rate /);
    assert.doesNotMatch(shown("doneAt", { ...view, history: history(90) })?.description ?? "", /observed/);
  });
});
