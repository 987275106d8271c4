import assert from "node:assert/strict";
import fc from "fast-check";
import { minuteMs, secondMs } from "../../src/base/clock";
import { WallTimer } from "../../src/base/wallTimer";
import type { Vin } from "../../src/charging/vin";
import { CarStore } from "../../src/charging/carStore";
import { Poller } from "../../src/polling/poller";
import { okMember, RecordingLog, v2Body, vinNumber } from "../support/builders/builders";
import { anyText } from "../support/builders/arbitrary";
import { type Answers, ClientRig, jsonResponse } from "../support/builders/transport";
import { FakeFocus } from "../support/fakeFocus";
import { fixture, fixtureNames } from "../support/fixtures";
import { mutatedText } from "../support/mutated";
import { turnsWith } from "../support/turn";

const [odd, healthy] = [vinNumber(1), vinNumber(2)];
const checks = 4;

const answers = fixtureNames.flatMap((name): unknown[] => {
  try {
    return [JSON.parse(fixture(name).body) as unknown];
  } catch {
    return [];
  }
});

/** The states of the healthy car, one per check of `cars`, while the other car's answers are `bodies`. */
async function healthyCarBeside(bodies: readonly string[], cars: readonly Vin[]): Promise<unknown> {
  const carStore = new CarStore();
  let check = 0;
  const answer: Answers["v2"] = ({ path }) => {
    if (path.includes(odd)) return new Response(bodies[check]);
    const at = new Date(rig.edge.clock.now()).toISOString();
    const word = check % 2 === 0 ? "CONNECTED" : "DISCONNECTED";
    return jsonResponse(v2Body({ chargerConnectionStatus: okMember(word, undefined, at) }));
  };
  const rig = new ClientRig({ v1: answer, v2: answer });
  const { clock } = rig.edge;
  const focus = new FakeFocus(clock);
  const wallTimer = new WallTimer(clock, focus);
  const poller = new Poller({
    clock,
    carStore,
    history: { record: () => Promise.resolve() },
    client: rig.client,
    log: new RecordingLog(),
    settings: () => ({ refreshIntervalMs: 5 * minuteMs, adaptive: true, dailyCallBudget: 5000 }),
    credentials: { current: "the credentials", generation: undefined, isSignedOut: false },
    focus,
    wallTimer,
    turns: turnsWith(),
    id: "this window",
    heartbeatMs: 5 * secondMs,
    random: () => 0,
  });
  carStore.configure(cars.map((vin) => ({ vin })));
  poller.on();
  const states: unknown[] = [];
  for (; check < checks; check++) {
    await clock.advance(minuteMs);
    await poller.refresh();
    const { account, events } = carStore.current;
    states.push(
      structuredClone([
        carStore.car(healthy),
        account,
        events.filter((event) => "vin" in event && event.vin === healthy).map(({ id: _, ...event }) => event),
      ]),
    );
  }
  poller.dispose();
  wallTimer.dispose();
  return states;
}

describe("An answer about one car", () => {
  it("never changes another car", async () => {
    const orders = [
      [odd, healthy],
      [healthy, odd],
    ];
    const normalBodies = Array<string>(checks).fill(JSON.stringify(v2Body()));
    const expected = await Promise.all(orders.map((cars) => healthyCarBeside(normalBodies, cars)));
    assert.match(JSON.stringify(expected), /"kind":"disconnected"/);
    const body = fc.oneof(mutatedText(answers), anyText(60), fc.constant("null"));
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: checks, maxLength: checks }), async (bodies) => {
        assert.deepEqual(await Promise.all(orders.map((cars) => healthyCarBeside(bodies, cars))), expected);
      }),
      { numRuns: 60 },
    );
  });
});
