import type { Clock } from "../base/clock";
import type { Refusal, Turn } from "../base/turn";
import { type OwnTurns, turnLimitMs } from "./turns";

/** Turns of a window that shares nothing with others, as in the demo. Each is granted at once. */
export function createLocalTurns(clock: Clock, spend: () => Refusal | undefined): OwnTurns {
  return {
    async take(_purpose, action, { signal = new AbortController().signal } = {}) {
      const endsAt = clock.now() + turnLimitMs;
      const turn: Turn = {
        number: 0,
        isExclusive: true,
        tookOver: false,
        signal,
        mayStart: () => true,
        remainingMs: () => Math.max(0, endsAt - clock.now()),
        permit: () => Promise.resolve(spend()),
        isHeld: () => Promise.resolve(true),
        isHeldRecently: () => Promise.resolve(true),
        keepFor: () => undefined,
        secretStored: () => undefined,
        write: () => Promise.resolve(),
      };
      return { value: await action(turn) };
    },
    isAlive: () => Promise.resolve(true),
    whenIdle: () => Promise.resolve(),
  };
}
