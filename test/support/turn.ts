import type { Turn, Turns } from "../../src/base/turn";

/** A turn that is held for the whole test. */
export function turnWith(signal = new AbortController().signal, changes: Partial<Turn> = {}): Turn {
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
export function turnsWith(changes: Partial<Turn> = {}): Turns {
  return {
    take: async (_, action, { signal } = {}) => ({ value: await action(turnWith(signal, changes)) }),
  };
}
