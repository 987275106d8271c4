import assert from "node:assert/strict";

/**
 * Asserts that `work` takes at most 50 ms of this process's own time in the best of five runs, so that a busy machine
 * does not count.
 */
export function assertQuick(work: () => unknown, what: string): void {
  const times: number[] = [];
  while (times.length < 5) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    if (ms <= 50) return;
    times.push(ms);
  }
  assert.fail(`${what}: ${times.join(", ")} ms`);
}
