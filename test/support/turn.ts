import type { Turns } from "../../src/base/turn";
import type { WindowTurn } from "../../src/windows/turns";

/** A turn that is held for the whole test. */
export function turnWith(signal = new AbortController().signal, changes: Partial<WindowTurn> = {}): WindowTurn {
  return {
    number: 1,
    isExclusive: true,
    tookOver: false,
    signal,
    mayStart: () => true,
    remainingMs: () => Infinity,
    permit: () => Promise.resolve(undefined),
    isHeld: () => Promise.resolve(true),
    isHeldRecently: () => Promise.resolve(true),
    keepFor: () => undefined,
    secretStored: () => undefined,
    write: () => Promise.resolve(),
    ...changes,
  };
}

/** Turns that are granted at once. */
export function turnsWith(changes: Partial<WindowTurn> = {}): Turns<WindowTurn> {
  return {
    take: async (_, action, { signal } = {}) => ({ kind: "done", value: await action(turnWith(signal, changes)) }),
  };
}
