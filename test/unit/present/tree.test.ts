import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import type { Connection } from "../../../src/charging/connection";
import type { Problem } from "../../../src/charging/problem";
import { statusBar } from "../../../src/present/statusBar";
import { isoText } from "../../../src/present/times";
import type { Row } from "../../../src/present/row";
import { tree, treeModel } from "../../../src/present/tree";
import { carOf, chargingDetails, measured, now, readingOf, viewStateOf, vinOf } from "./viewStates";

function rowsOf(changes: Parameters<typeof carOf>[1], settings = {}) {
  const row = tree(viewStateOf({ cars: [carOf(1234, changes)], settings })).find(
    ({ context }) => context !== "problem",
  );
  assert.ok(row);
  return row;
}

/** The label and the description of a row. */
function seen(row: Row | undefined): string {
  return [row?.label, row?.description].filter((part) => part !== "").join(" | ");
}

const charging = readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" });

describe("The rows of a car", () => {
  it("are in a driver's order, with diagnostic rows at the end, and each has an icon", () => {
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

  it("show connection and charger in one row that fits a side bar, with the full sentence in hover and label", () => {
    const notReported: Connection = { kind: "unknown", reason: { kind: "notReported" } };
    for (const [connection, word, sentence] of [
      ["connectedAc", "AC", "Connected to an AC charger"],
      ["connectedDc", "DC", "Connected to a DC charger"],
      ["connected", "Plugged in", "Connected, charger type not reported"],
      ["disconnected", "Unplugged", "Not connected to a charger"],
      ["fault", "Fault", "Fault with the charging connection"],
      [notReported, "Unknown: not reported", "Unknown: the car doesn't report it"],
    ] as const) {
      const value: Connection = typeof connection === "string" ? { kind: connection } : connection;
      const { children } = rowsOf({ reading: readingOf("fault", { connection: measured(value) }) });
      const rows = children.filter(({ label, spoken }) => /connect|charger/i.test(`${label} ${spoken}`));
      assert.equal(rows.length, 1, word);
      assert.equal(seen(rows[0]), `Connection | ${word}`);
      assert.equal(rows[0]?.spoken, `Connection: ${sentence}`);
      assert.equal(rows[0].tooltip.replaceAll("\\", "").replaceAll("&nbsp;", " "), `Connection: ${sentence}`);
    }
  });

  it("show times in the short form for today, with their age, and in ISO 8601 in the hover", () => {
    const { children } = rowsOf({ reading: charging });
    const row = children.find(({ label }) => label === "Measured");
    assert.equal(row?.description, "8:28 AM · 12 min ago");
    assert.ok(row.tooltip.replaceAll("\\", "").includes(isoText(now - 12 * 60_000)));
  });

  it("begin with a problem that the other cars do not have", () => {
    const cars = [carOf(1, { reading: charging, problem: { kind: "timeout" } }), carOf(2, { reading: charging })];
    const [first, second] = tree(viewStateOf({ cars }));
    assert.equal(first?.description, "AC · 12 min ago · no response");
    assert.match(first.spoken, /didn't respond in time/);
    assert.equal(seen(first.children[0]), "No response | Refresh");
    assert.equal(second?.children[0]?.context, "battery");
  });

  it("begin with a problem that is about the car, even if all cars have it", () => {
    const problem: Problem = { kind: "notSupported" };
    const rows = tree(viewStateOf({ cars: [carOf(1, { problem }), carOf(2, { problem })] }));
    assert.deepEqual(
      rows.map((row) => seen(row.children[0])),
      Array(2).fill("Not supported | Volvo doesn't offer charging data for this car model."),
    );
  });

  it("leave room for the state beside a long name", () => {
    const name = "The red estate car of the neighbours’ son";
    const row = rowsOf({ name, reading: charging });
    assert.ok(row.label.length <= 24, row.label);
    assert.ok(row.spoken.startsWith(name));
    assert.ok(row.tooltip.includes(name));
  });

  it("show that a car is pinned", () => {
    const pinned = rowsOf({ reading: charging }, { "statusBar.vehicle": vinOf(1234) });
    assert.equal(pinned.description, "AC · 12 min ago · pinned");
    assert.equal(rowsOf({ reading: charging }).description, "AC · 12 min ago");
  });

  it("do not report the unknown time of an unknown state", () => {
    const value = { kind: "unknown", reason: { kind: "noValue" } } as const;
    const noTime = rowsOf({ reading: readingOf("fault", { connection: { value, measuredAt: undefined } }) });
    assert.equal(noTime.description, "Unknown");
    const timed = rowsOf({ reading: readingOf("fault", { connection: measured(value) }) });
    assert.equal(timed.description, "Unknown · 12 min ago");
  });
});

describe("The row of a problem that all cars share", () => {
  const nextCheckAt = now + 4 * minuteMs;

  function rowsWith(problem: Problem, changes: Parameters<typeof viewStateOf>[0] = {}): readonly Row[] {
    const cars = [1, 2, 3].map((tail) => carOf(tail, { reading: charging, problem: { ...problem } }));
    return tree(viewStateOf({ cars, ...changes }));
  }

  it("is shown once above them, with its command, and not repeated for each car", () => {
    const shared: readonly Problem[] = [
      { kind: "offline", certificate: false },
      { kind: "rateLimited", until: now + hourMs },
      { kind: "signInEnded" },
      { kind: "tokenEnded" },
      { kind: "apiKeyRejected" },
      { kind: "serviceUnavailable", cause: "keyRefused" },
    ];
    for (const problem of shared) {
      const [first, ...cars] = rowsWith(problem);
      assert.deepEqual([first?.context, first?.car, cars.length], ["problem", "", 3], problem.kind);
      for (const { description, spoken, children } of cars) {
        assert.equal(description, "AC · 12 min ago", problem.kind);
        assert.doesNotMatch(spoken, /Volvo (?:asked|doesn't|refused)|reached|expired/);
        assert.ok(!children.some(({ context }) => context === "problem"));
      }
    }
  });

  it("begins with its end or its cause, without repetition", () => {
    const first = (problem: Problem) => seen(rowsWith(problem)[0]);
    assert.equal(first({ kind: "quotaSpent", until: now + hourMs }), "Quota used up until 9:40 AM");
    assert.equal(first({ kind: "apiKeyRejected" }), "API key refused | Set VCC API Key");
  });

  it("shows the time of the next check if its text has none, like the hover", () => {
    const first = (problem: Problem, changes = {}) => seen(rowsWith(problem, changes)[0]);
    assert.equal(first({ kind: "timeout" }), "No response | Next check 8:44 AM · Refresh");
    const error = { kind: "serviceUnavailable", cause: "error", status: 503 } as const;
    assert.equal(first(error), "Service error | Next check 8:44 AM");
    assert.equal(first({ kind: "rateLimited", until: now }), "Rate limited until 8:44 AM");
    const view = viewStateOf({ cars: [carOf(1, { reading: charging, problem: error })] });
    assert.match(statusBar(view)?.tooltip.replaceAll("\\", "") ?? "", /Next check 8:44 AM/);
    assert.ok(treeModel(view).shownTimes.includes(nextCheckAt), "it is repainted then");
  });

  it("stands below the user's pause, without a next check, where it has a command or lasts longer", () => {
    const paused = { kind: "paused", since: now, until: now + hourMs } as const;
    const second = (problem: Problem) => seen(rowsWith(problem, { carStore: { mode: paused, nextCheckAt } })[1]);
    assert.equal(second({ kind: "timeout" }), "No response | Refresh");
    assert.equal(second({ kind: "tokenEnded" }), "Token expired | Set Access Token");
    assert.equal(second({ kind: "rateLimited", until: now + 2 * hourMs }), "Rate limited until 10:40 AM");
  });

  it("shows no next check while the user has paused the checks, and is below the pause", () => {
    const mode = { kind: "paused", since: now } as const;
    const error = { kind: "serviceUnavailable", cause: "error", status: 503 } as const;
    for (const [problem, sentence] of [
      [error, "Volvo's service reported an error (HTTP 503)."],
      [{ kind: "rateLimited", until: now + hourMs }, "Volvo asked us to wait until 9:40 AM."],
    ] as const) {
      const [pause, ...cars] = rowsWith(problem, { carStore: { mode, nextCheckAt } });
      assert.equal(seen(pause), "Checking paused | Resume");
      assert.equal(pause?.spoken, `Checking paused. Resume Checking. ${sentence}`);
      assert.equal(cars.length, 3);
    }
  });
});
