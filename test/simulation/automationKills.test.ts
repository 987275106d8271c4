import assert from "node:assert/strict";
import { minuteMs, secondMs } from "../../src/base/clock";
import { addToCount } from "../support/counts";
import { mulberry } from "../support/random";
import { Computer, type SimulatedWindow, vinAt } from "../support/windows/computer";

const seeds = 200;
const cars = 3;
const automations = [
  { on: "fault", command: "test.any" },
  { on: "fault", command: "workbench.action.tasks.runTask", args: ["Task"], folder: "/work" },
];
const claimShape = /^storage\/automations\/(\d+-[0-9a-f]+-[0-9a-f]{16})$/;

interface Outcome {
  readonly runs: ReadonlyMap<string, number>;
  /** The runs expected from the events that the last window knows. */
  readonly due: readonly string[];
  /** Claimed by a window that died before it ran. */
  readonly lost: readonly string[];
  readonly kills: number;
}

/** Five windows with crashes, stops and changes of focus, while every car reports a fault. */
async function simulate(seed: number): Promise<Outcome> {
  const random = mulberry(seed);
  const computer = new Computer({ cars, settings: { automations, refreshInterval: 60 } });
  let isStormy = false;
  let kills = 0;
  const open = () => {
    let window: SimulatedWindow | undefined = undefined as SimulatedWindow | undefined;
    // Only a few steps lie between claim and run, so a kill is more likely there.
    const before = (_: string, name: string) => {
      const chance = /^\d+-|^\d{1,3}$|^$/.test(name) ? 0.02 : 0.002;
      if (!isStormy || !window || window.isGone || random() >= chance) return;
      window.kill();
      kills++;
    };
    window = computer.open({
      before,
      isFocused: random() < 0.5,
      isTrusted: random() < 0.7,
      folders: random() < 0.5 ? ["/work"] : [],
    });
    return window;
  };
  for (let count = 0; count < 5; count++) open();
  await computer.run(10 * secondMs);
  isStormy = true;
  for (let index = 0; index < cars; index++) {
    computer.service.plugs.set(vinAt(index), "FAULT");
    for (let step = 0; step < 12; step++) {
      await computer.run(10 * secondMs * random());
      const alive = computer.windows.filter(({ isGone }) => !isGone);
      const window = alive[Math.floor(random() * alive.length)];
      const roll = random();
      if (!window || (roll < 0.3 && alive.length < 5)) open();
      else if (roll < 0.5) window.focus(!window.isFocused);
      else if (roll < 0.6) window.suspend(30 * secondMs * random());
      else if (roll < 0.65) window.stall(30 * secondMs * random());
      else if (roll < 0.7) window.abandon();
    }
  }
  isStormy = false;
  const last = computer.open({ folders: ["/work"], isFocused: true });
  await computer.run(4 * minuteMs);

  const runs = new Map<string, number>();
  const ranBy = new Map<string, SimulatedWindow>();
  for (const window of computer.windows) {
    for (const { notice, automation } of window.ran) {
      const name = [notice.at, notice.id, automation.key].join("-");
      runs.set(name, (runs.get(name) ?? 0) + 1);
      ranBy.set(name, window);
    }
  }
  const keys = new Set(last.ran.map(({ automation }) => automation.key));
  for (const window of computer.windows) for (const { automation } of window.ran) keys.add(automation.key);
  const due = last.core.carStore.current.events.flatMap(({ at, id }) =>
    [...keys].map((key) => [at, id, key].join("-")),
  );
  const lost = [...computer.disk.contents].flatMap(([path, owner]) => {
    const claim = claimShape.exec(path)?.[1];
    if (claim === undefined || runs.has(claim)) return [];
    const claimer = computer.windows.find(({ core }) => core.id === owner);
    assert.ok(claimer?.isGone, `seed ${seed}: ${claim} did not run, although the window that claimed it is alive`);
    return [claim];
  });
  return { runs, due, lost, kills };
}

describe(`Five windows with crashes, in ${seeds} simulations`, () => {
  it("never run an automation twice, and lose one only if its window dies between claim and call", async () => {
    const sum = { kills: 0, runs: 0, due: 0, lost: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      const { runs, due, lost, kills } = await simulate(seed);
      for (const [name, count] of runs) assert.equal(count, 1, `seed ${seed}: ${name} ran ${count} times`);
      const missing = due.filter((name) => !runs.has(name) && !lost.includes(name));
      assert.deepEqual(missing, [], `seed ${seed}`);
      sum.kills += kills;
      sum.runs += runs.size;
      sum.due += due.length;
      sum.lost += lost.length;
    }
    assert.ok(sum.runs > 2 * seeds && sum.kills > seeds && sum.lost > 0, JSON.stringify(sum));
    console.log(`      ${sum.runs} runs, ${sum.kills} crashes, ${sum.lost} lost between claim and call`);
    addToCount("Automations run in simulated windows", sum.runs);
    addToCount("Automations lost by a crash between claim and call", sum.lost);
  });
});
