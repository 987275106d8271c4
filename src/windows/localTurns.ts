import { type Clock, secondMs } from "../base/clock";
import type { Refusal, Turns } from "../base/turn";
import type { WindowTurn } from "./turns";

const turnLimitMs = 15 * secondMs;

/** Turns of a window that shares nothing with others, as in the demo: each is granted at once. */
export function createLocalTurns(clock: Clock, spend: () => Refusal | undefined): Turns<WindowTurn> {
  let number = 0;
  return {
    async take(_purpose, action, { signal = new AbortController().signal } = {}) {
      const endsAt = clock.now() + turnLimitMs;
      const turn: WindowTurn = {
        number: ++number,
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
      return { kind: "done", value: await action(turn) };
    },
  };
}
