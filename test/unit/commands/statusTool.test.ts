import assert from "node:assert/strict";
import "../../support/product/standInEditor";
import type * as vscode from "vscode";
import { Emitter } from "../../../src/base/event";
import { dayMs, hourMs, secondMs } from "../../../src/base/clock";
import { createStatusTool } from "../../../src/commands/statusTool";
import type { Core } from "../../../src/core/core";
import type { CarHistory, Session } from "../../../src/history/model";
import type { RefreshOutcome } from "../../../src/polling/polling";
import { FakeClock } from "../../support/fakeClock";
import { carOf, now, readingOf, viewStateOf, vinOf } from "../present/viewStates";
import { idOf } from "../status/states";

describe("The tool that language models call", () => {
  let clock: FakeClock;
  let canceled: Emitter<void>;
  let isCanceled: boolean;
  /** The cars that were requested from Volvo. */
  let asked: unknown[];
  let answer: () => Promise<RefreshOutcome>;
  let view = viewStateOf();
  let histories: readonly CarHistory[] = [];

  beforeEach(() => {
    clock = new FakeClock();
    canceled = new Emitter();
    isCanceled = false;
    asked = [];
    answer = () => Promise.resolve({ kind: "checked", vins: [] });
    view = viewStateOf({ cars: [carOf(1, { name: "Elsa", reading: readingOf("connectedAc") }), carOf(2)] });
  });

  function call(input: unknown): Promise<string> {
    const refresh = (vins: unknown) => {
      asked.push(vins);
      return answer();
    };
    const demoSwitch = { current: { polling: { refresh } } as unknown as Core };
    const history = () => ({ read: () => Promise.resolve(histories) });
    const tool = createStatusTool({
      demoSwitch,
      viewState: () => view,
      idOf: () => Promise.resolve(idOf),
      history,
      clock,
    });
    const token = {
      get isCancellationRequested() {
        return isCanceled;
      },
      onCancellationRequested: canceled.event,
    } as vscode.CancellationToken;
    return tool.invoke(input, token);
  }

  it("sends no request to Volvo unless a refresh is requested, and then for the named car only", async () => {
    await call({});
    assert.deepEqual(asked, []);
    await call({ vehicle: "Elsa", refresh: true });
    await call({ refresh: true });
    assert.deepEqual(asked, [[vinOf(1)], undefined]);
  });

  it("answers with the last known values if a refresh takes longer than 35 s, and says so", async () => {
    answer = () => new Promise(() => undefined);
    const calling = call({ refresh: true });
    await clock.advance(35 * secondMs);
    const { refresh, vehicles } = JSON.parse(await calling) as { refresh: string; vehicles: unknown[] };
    assert.equal(refresh, "Volvo didn't respond within 35 s; these are the last known values.");
    assert.equal(vehicles.length, 2);
    answer = () => Promise.resolve({ kind: "unanswered" });
    assert.match(await call({ refresh: true }), /"refresh":"The window that checks the cars didn't respond\."/);
  });

  it("returns the sessions of the requested days, of one car or all, the newest first", async () => {
    const session = (daysAgo: number): Session => ({
      start: { earliest: now - daysAgo * dayMs - 2 * hourMs, latest: now - daysAgo * dayMs - hourMs, isOneTime: false },
      lastSeenAt: now - daysAgo * dayMs,
      charger: "ac",
      phases: [],
      chargedMs: 90 * 60_000,
      levelFrom: 41,
      levelTo: 80,
      energy: { kwh: 30.96, method: "level" },
      isTargetReached: true,
      isAfterUnseenUnplug: false,
      isBeforeUnseenUnplug: false,
      seenAgain: [],
    });
    const of = (car: number, ...days: readonly number[]): CarHistory => {
      return { id: idOf(vinOf(car)), rows: [], sessions: days.map(session), skippedLines: 0, newerMonths: [] };
    };
    histories = [of(1, 20, 3), of(2, 5)];
    interface Answer {
      readonly sessions?: readonly { readonly vehicle: string }[];
    }
    const sessionsOf = async (input: unknown) => (JSON.parse(await call(input)) as Answer).sessions;
    assert.equal(await sessionsOf({}), undefined);
    const all = (await sessionsOf({ history: { days: 7 } })) ?? [];
    assert.deepEqual(
      all.map(({ vehicle }) => vehicle),
      [idOf(vinOf(1)), idOf(vinOf(2))],
    );
    assert.deepEqual(all[0], {
      vehicle: idOf(vinOf(1)),
      start: { earliest: "2026-11-20T06:40:00Z", latest: "2026-11-20T07:40:00Z" },
      lastSeenAt: "2026-11-20T08:40:00Z",
      charger: "ac",
      chargedMinutes: 90,
      levelFrom: 41,
      levelTo: 80,
      energy: { kwh: 31, method: "level", estimated: true },
      targetReached: true,
    });
    assert.equal((await sessionsOf({ vehicle: "Elsa", history: { days: 31 } }))?.length, 2);
  });

  it("ends at once when the chat is canceled, and sends no request if that happened before", async () => {
    answer = () => new Promise(() => undefined);
    const calling = assert.rejects(call({ refresh: true }), { name: "Canceled" });
    await clock.advance(secondMs);
    canceled.fire();
    await calling;
    assert.equal(asked.length, 1);
    isCanceled = true;
    await assert.rejects(call({ refresh: true }), { name: "Canceled" });
    assert.equal(asked.length, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it("refuses wrong input, unknown cars and a window without cars, each with the next step", async () => {
    await assert.rejects(call({ history: { days: 0 }, refresh: true }), /“days” of “history” must be/);
    await assert.rejects(call({ vehicle: "Nobody", refresh: true }), {
      message: "There is no such car. Ask for one of these: Elsa, Volvo.",
    });
    view = viewStateOf();
    await assert.rejects(call({}), {
      message: "No car is set up. Run the command “Volvo Charging: Connect My Car…” first.",
    });
    assert.deepEqual(asked, []);
  });
});
