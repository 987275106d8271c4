import { setTimeout as delay } from "node:timers/promises";
import { hourMs, secondMs } from "../../src/base/clock";
import { minimumGapMs } from "../../src/polling/schedule";
import { type HostProcess, HostProcesses } from "../../test/support/windows/hostProcesses";
import { DifferenceWatch, growthPerHour, type MemorySample, type Span } from "./judge";
import { between, type Findings, isOver, megabytes, oneOf, pause, type SoakOptions } from "./part";

const count = 4;
const heartbeatMs = 5 * secondMs;
const lookMs = 250;
/** Other processes show a written state within 2 s. A look and the reports of two processes add to this time. */
const agreeMs = 2 * secondMs + 2 * lookMs;
/** A process may differ for this time after its start, after a stop, and after a change of its clock. */
const settlesMs = 20 * secondMs;
/** A resumed process sends the request that the stop has interrupted within this time. */
const resumeLimitMs = 2 * secondMs;
const growthLimit = 5e6;
const measureMs = 30 * secondMs;

/**
 * Runs the product in processes with a shared folder and a shared sign-in whose tokens rotate at nearly every request.
 * Kills and stops processes, and sets their clock, which a real VS Code shares with the computer.
 */
export async function soakProcesses(options: SoakOptions): Promise<Findings> {
  const { random } = options;
  const world = await HostProcesses.create();
  const failures: string[] = [];
  const watch = new DifferenceWatch(agreeMs);
  const stopped = new Set<HostProcess>();
  const settledAt = new Map<HostProcess, number>();
  const longStops: Span[] = [];
  const memory: MemorySample[] = [];
  const done = { kills: 0, stops: 0, clocks: 0 };
  let clockByMs = 0;
  const settle = (each: HostProcess) => settledAt.set(each, Date.now() + settlesMs);
  const start = () => settle(world.start({ heartbeatMs, refreshesOnOrder: true, refreshInterval: 60, clockByMs }));
  const running = () => world.all.filter((each) => !stopped.has(each));
  for (let index = 0; index < count; index++) start();
  /** Never killed, so that its memory can be measured. */
  const [steady] = world.all as [HostProcess];
  const reused = () => world.count("refresh-token-reused");
  let [seen, excused] = [0, 0];

  const look = setInterval(() => {
    const now = Date.now();
    const shown = running().filter((each) => now >= (settledAt.get(each) ?? 0) && each.report.shown.length > 0);
    watch.look(
      now,
      shown.map(({ report }) => report.shown.join()),
    );
    for (; seen < reused(); seen++) {
      if (longStops.some(({ from, to }) => from <= now && now <= to + resumeLimitMs)) excused++;
      else failures.push(`${new Date(now).toISOString()}: a refresh token was used twice`);
    }
  }, lookMs);

  const disturb: Readonly<Record<string, () => Promise<void>>> = {
    refresh: () => {
      oneOf(random, running())?.refresh();
      return Promise.resolve();
    },
    kill: async () => {
      const victim = oneOf(
        random,
        running().filter((each) => each !== steady),
      );
      if (!victim) return;
      await world.kill(victim);
      start();
      done.kills++;
    },
    stop: async () => {
      const victim = oneOf(random, running());
      if (!victim) return;
      await world.stop(victim);
      stopped.add(victim);
      const ms = secondMs * 60 ** random();
      const span = { from: Date.now(), to: Date.now() + ms };
      if (ms >= 2 * heartbeatMs) longStops.push(span);
      await pause(options, ms);
      process.kill(victim.pid, "SIGCONT");
      settle(victim);
      stopped.delete(victim);
      done.stops++;
    },
    clock: async () => {
      const byMs = (random() < 0.5 ? -1 : 1) * between(random, 30 * secondMs, 2 * hourMs);
      clockByMs += byMs;
      for (const each of world.all) {
        each.setClock(byMs);
        settle(each);
      }
      done.clocks++;
      await pause(options, settlesMs);
    },
  };
  const kinds = ["refresh", "refresh", "refresh", "kill", "stop", "stop", "clock"];

  const measure = async () => {
    while (!isOver(options)) {
      await pause(options, measureMs);
      if (stopped.has(steady)) continue;
      const heap = await Promise.race([steady.heap(), delay(10 * secondMs, undefined)]);
      if (heap !== undefined) memory.push({ at: Date.now(), bytes: heap });
    }
  };
  try {
    const measured = measure();
    while (!isOver(options)) {
      await pause(options, between(random, secondMs, 8 * secondMs));
      await disturb[oneOf(random, kinds) ?? "refresh"]?.();
    }
    await measured;
    const requests = world.hasAsked ? world.requests : [];
    const tooSoon = requests.flatMap(({ vin, at }, index) => {
      const before = requests.findLast((earlier, place) => place < index && earlier.vin === vin);
      // Each process reads the clock a little before it writes its line, hence the tolerance of 20 ms.
      return before && at - before.at < minimumGapMs - 20
        ? [`${new Date(at).toISOString()}: ${at - before.at} ms`]
        : [];
    });
    failures.push(
      ...tooSoon.map((what) => `${what} between two requests for a car`),
      ...watch.tooLong.map((what) => `processes differ for longer than ${agreeMs} ms, from ${what}`),
    );
    const growth = growthPerHour(memory);
    if (growth !== undefined && growth > growthLimit) failures.push(`a process grows by ${megabytes(growth)} an hour`);
    return {
      lines: [
        `${count} processes: ${done.kills} kills, ${done.stops} stops, ${done.clocks} times the clock was set`,
        `${requests.length} requests for 12 cars, ${tooSoon.length} within 10 s of another`,
        `${world.count("refreshed")} renewals; refresh tokens used twice: ${seen - excused}; besides ${excused} by a process that was stopped between its last look at the lock and the storing`,
        `longest difference between two processes: ${(watch.longestMs / secondMs).toFixed(1)} s`,
        memoryLine("the process that was never killed", memory, growth),
      ],
      failures,
    };
  } finally {
    clearInterval(look);
    await world.close();
  }
}

/** A line about the live data of a process: the first and the last sample, and the growth. */
export function memoryLine(what: string, samples: readonly MemorySample[], growth: number | undefined): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return `live data of ${what}: not measured`;
  const growthText =
    growth === undefined ? "too short to judge its growth" : `${megabytes(growth)} an hour after the first ten minutes`;
  return `live data of ${what}: ${megabytes(first.bytes)}, at last ${megabytes(last.bytes)}; ${growthText}`;
}
