import assert from "node:assert/strict";
import { statusOf } from "../../../src/status/status";
import { mostBytes, refreshText, toolInput, toolQuestion, toolText } from "../../../src/status/tool";
import { carOf, chargingDetails, now, readingOf, viewStateOf } from "../present/viewStates";
import { stateOf } from "./states";

describe("The language-model tool", () => {
  it("accepts a vehicle, a refresh and days of history", () => {
    assert.deepEqual(toolInput({}), { refresh: false });
    assert.deepEqual(toolInput(undefined), { refresh: false });
    const all = { vehicle: "Elsa", refresh: true, history: { days: 31 } };
    assert.deepEqual(toolInput(all), { vehicle: "Elsa", refresh: true, days: 31 });
  });

  it("rejects all other input with one sentence", () => {
    const days = "“days” of “history” must be a whole number from 1 to 31.";
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ history: { days: 0 } }, days],
      [{ history: { days: 32 } }, days],
      [{ history: { days: 1.5 } }, days],
      [{ history: { days: "7" } }, days],
      [{ history: {} }, days],
      [{ history: 7 }, "Pass an object with only these members: days."],
      [{ refresh: "yes" }, "“refresh” must be true or false."],
      [{ vehicle: "x".repeat(10_000) }, "“vehicle” must be the name or the id of a car, with at most 60 characters."],
      [{ vin: "x" }, "Pass an object with only these members: vehicle, refresh, history."],
      ["Elsa", "Pass an object with only these members: vehicle, refresh, history."],
    ];
    for (const [input, message] of wrong) assert.throws(() => toolInput(input), { name: "TypeError", message });
  });

  it("asks the user first for any input, and mentions history and a refresh", () => {
    for (const input of [undefined, null, 7, "x", {}, { history: { days: 0 } }]) {
      assert.equal(toolQuestion(input).title, "Share the charging status of your cars?");
    }
    const { message } = toolQuestion({ refresh: true, history: { days: 7 } });
    assert.match(message, /when someone is home\. Fresh values are requested from Volvo first\.$/);
    assert.doesNotMatch(toolQuestion({}).message, /home|Volvo/);
  });

  const cars = Array.from({ length: 100 }, (_, index) =>
    carOf(index, {
      name: `Car with a rather long name ${index}`,
      reading: readingOf("connectedAc", { details: chargingDetails }),
    }),
  );
  const status = statusOf(stateOf(viewStateOf({ cars })), now);

  it("answers with at most 20 cars and 8 kB, and says that it is truncated", () => {
    const text = toolText({ status });
    const answer = JSON.parse(text) as { truncated: string; vehicles: unknown[]; version: number };
    assert.ok(Buffer.byteLength(text) <= mostBytes);
    assert.equal(answer.version, 1);
    assert.ok(answer.vehicles.length <= 20 && answer.vehicles.length > 10);
    assert.equal(answer.truncated, `${answer.vehicles.length} of 100 cars are shown; ask for one by its name.`);
    assert.ok(!("truncated" in JSON.parse(toolText({ status: { ...status, vehicles: status.vehicles.slice(0, 3) } }))));
  });

  it("answers with at most 50 sessions, the newest, and leaves sessions out before cars", () => {
    const sessions = Array.from({ length: 80 }, (_, index) => ({ number: index }));
    const few = { ...status, vehicles: status.vehicles.slice(0, 2) };
    const answer = JSON.parse(toolText({ status: few, sessions })) as {
      truncated: string;
      sessions: { number: number }[];
    };
    assert.deepEqual([answer.sessions.length, answer.sessions[0]?.number], [50, 0]);
    assert.equal(answer.truncated, "The last 50 of 80 sessions are shown.");
    const long = sessions.map(({ number }) => ({ number, text: "x".repeat(300) }));
    const cut = JSON.parse(toolText({ status: few, sessions: long })) as { vehicles: unknown[]; sessions: unknown[] };
    assert.equal(cut.vehicles.length, 2);
    assert.ok(cut.sessions.length > 10 && cut.sessions.length < 50);
  });

  it("explains in a sentence why a refresh has no new reading", () => {
    const view = viewStateOf({ cars });
    assert.equal(refreshText({ kind: "checked", vins: [] }, view), undefined);
    assert.equal(refreshText({ kind: "recent", at: now - 4_000 }, view), "Checked 4 s ago");
    assert.match(refreshText({ kind: "held", hold: { kind: "quotaSpent", until: now + 1 } }, view) ?? "", /\.$/);
    assert.match(refreshText({ kind: "held", hold: { kind: "budgetSpent", until: now + 1 } }, view) ?? "", /budget/);
    assert.equal(refreshText({ kind: "notReady" }, view), "There is no car to check yet.");
    assert.match(refreshText({ kind: "unanswered" }, view) ?? "", /didn't respond/);
  });
});
