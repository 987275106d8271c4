import { secondMs } from "../../src/base/clock";
import { RefreshRounds } from "../../test/support/auth/rounds";
import { type Findings, isOver, type SoakOptions } from "./part";

/** Longer than in the tests, because the rest of the soak keeps the machine busy and may delay a process. */
const times = { heartbeatMs: secondMs, staleMs: 6 * secondMs };

/** Plays rounds in which four processes renew one sign-in. In each round one process is killed and one is stopped. */
export async function soakRotation(options: SoakOptions): Promise<Findings> {
  const { random, log } = options;
  const rounds = await RefreshRounds.create(times);
  const failures: string[] = [];
  let [played, excused, lost] = [0, 0, 0];
  try {
    for (; !isOver(options); played++) {
      const round = await rounds.playDisturbed(played, random);
      excused += round.excused;
      if (round.isLost) lost++;
      for (const { pid } of round.unexcused) {
        failures.push(`round ${played}: the refresh token of process ${pid} was used twice`);
        log(`${failures.at(-1) ?? ""} ${JSON.stringify(round)}`);
      }
    }
  } finally {
    await rounds.close();
  }
  return {
    lines: [
      `${rounds.count("refreshed")} renewals by four processes, in ${played} rounds with a kill and a stop each`,
      `refresh tokens used twice: ${failures.length}; besides ${excused} for which a kill or a long stop lay between the last look at the lock and the storing`,
      `sign-ins that a kill before the storing has taken along: ${lost}`,
    ],
    failures,
  };
}
