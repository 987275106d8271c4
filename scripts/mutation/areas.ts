/** A part of the core, with the unit tests that belong to it. Patterns are relative to the repository. */
export interface Area {
  readonly name: string;
  readonly mutate: readonly string[];
  /** Below test/unit. */
  readonly tests: readonly string[];
  /** Percent of the mutants that the tests must kill. */
  readonly bar: number;
}

/** For lock, turn and renewal, because tests can hardly cause failures between two of their steps. */
const subtleBar = 85;
const bar = 90;

export const areas: readonly Area[] = [
  {
    name: "lock",
    mutate: ["src/base/numberedLock.ts"],
    tests: ["base/numberedLock"],
    bar: subtleBar,
  },
  {
    name: "turn",
    mutate: ["src/windows/turns.ts"],
    tests: ["windows/turns"],
    bar: subtleBar,
  },
  {
    name: "renewal",
    mutate: ["src/auth/refreshToken.ts", "src/auth/generationFence.ts", "src/auth/renewalQueue.ts"],
    tests: ["auth/*"],
    bar: subtleBar,
  },
  {
    name: "session rules",
    mutate: ["src/auth/session.ts", "src/auth/sessionState.ts", "src/auth/signInBlock.ts"],
    tests: ["auth/*"],
    bar,
  },
  { name: "charging", mutate: ["src/charging/**/*.ts"], tests: ["charging/*"], bar },
  { name: "volvo", mutate: ["src/volvo/**/*.ts"], tests: ["volvo/*"], bar },
  { name: "polling", mutate: ["src/polling/**/*.ts"], tests: ["polling/*"], bar },
  {
    name: "windows",
    mutate: ["src/windows/**/*.ts", "!src/windows/turns.ts"],
    tests: ["windows/*", "demo/demoCore"],
    bar,
  },
  { name: "history", mutate: ["src/history/**/*.ts"], tests: ["history/*"], bar },
];
