import assert from "node:assert/strict";
import { hourMs } from "../../../src/base/clock";
import type { Problem } from "../../../src/charging/problem";
import { isoText } from "../../../src/present/times";
import { tree } from "../../../src/present/tree";
import { carOf, chargingDetails, measured, now, readingOf, viewStateOf, vinOf } from "./viewStates";

function rowsOf(changes: Parameters<typeof carOf>[1], settings = {}) {
  const [row] = tree(viewStateOf({ cars: [carOf(1234, changes)], settings }));
  assert.ok(row);
  return row;
}

const charging = readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" });

describe("The rows of a car", () => {
  it("stand in a driver's order, with what a diagnosis needs at the end, and each has an icon", () => {
    const { children } = rowsOf({ reading: charging });
    assert.deepEqual(
      children.map(({ label }) => label),
      [
        ...["Battery", "Range", "Status", "Power", "Done at", "Target", "Connection", "Measured", "Checked"],
        ...["Current limit", "Source", "VIN"],
      ],
    );
    assert.ok(children.every(({ icon }) => icon !== undefined));
    assert.equal(new Set(children.map(({ icon }) => icon?.id)).size, children.length);
  });

  it("name connection and charger in one row", () => {
    const { children } = rowsOf({ reading: readingOf("connected") });
    const values = children
      .filter(({ description }) => description?.includes("harger"))
      .map(({ description }) => description);
    assert.deepEqual(values, ["Connected, charger type not reported"]);
  });

  it("show times in the short form for today, with their age, and in ISO 8601 in the hover", () => {
    const { children } = rowsOf({ reading: charging });
    const row = children.find(({ label }) => label === "Measured");
    assert.equal(row?.description, "8:28 AM · 12 min ago");
    assert.ok(row.tooltip.replaceAll("\\", "").includes(isoText(now - 12 * 60_000)));
  });

  it("begin with the problem, and that with its time or its cause", () => {
    const first = (problem: Problem) => {
      const [row] = rowsOf({ reading: charging, problem }).children;
      return `${row?.label ?? ""} | ${row?.description ?? ""}`;
    };
    const quota = { kind: "quotaSpent", until: now + hourMs } as const;
    assert.match(first(quota), /^Quota used up until 9:40 AM \| The daily call quota/);
    assert.equal(first({ kind: "timeout" }), "No answer | Refresh");
    assert.equal(first({ kind: "apiKeyRejected" }), "API key refused | Set VCC API Key");
  });

  it("leave room for the state beside a long name", () => {
    const name = "The red estate car of the neighbours’ son";
    const row = rowsOf({ name, reading: charging });
    assert.ok(row.label.length <= 24, row.label);
    assert.ok(row.spoken.startsWith(name));
    assert.ok(row.tooltip.includes(name));
  });

  it("say that a car is pinned", () => {
    const pinned = rowsOf({ reading: charging }, { "statusBar.vehicle": vinOf(1234) });
    assert.equal(pinned.description, "AC · 12 min ago · pinned");
    assert.equal(rowsOf({ reading: charging }).description, "AC · 12 min ago");
  });

  it("do not say of an unknown state that its time is unknown", () => {
    const value = { kind: "unknown", reason: { kind: "noValue" } } as const;
    const noTime = rowsOf({ reading: readingOf("fault", { connection: { value, measuredAt: undefined } }) });
    assert.equal(noTime.description, "Unknown");
    const timed = rowsOf({ reading: readingOf("fault", { connection: measured(value) }) });
    assert.equal(timed.description, "Unknown · 12 min ago");
  });
});
