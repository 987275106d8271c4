import fc from "fast-check";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { type FaultName, faultNames, faults } from "../../../src/simulator/faults/faults";
import { mulberry } from "../random";
import { bodyForms, type OddAnswer } from "./oddAnswer";
import { WatchedProduct } from "./watchedProduct";

/** A time of good answers, then odd answers for a while or a few times. */
export interface OddPhase {
  readonly answer: OddAnswer;
  /** The time of good answers before the odd ones. */
  readonly afterMs: number;
  readonly lastsMs: number;
  /** The maximum number of odd answers per path. */
  readonly times: number;
}

export interface RandomSequence {
  readonly phases: readonly OddPhase[];
  readonly account: "test token" | "Volvo ID";
  /** The setting, in seconds. */
  readonly refreshInterval: number;
  readonly seed: number;
}

const kinds = ["energy-v2", "energy-v1", "token"] as const;
/** Faults that take seconds of real time. */
const slow: readonly FaultName[] = ["body-of-20-mib"];
const possible = faultNames.filter(
  (name) => !slow.includes(name) && faults[name].kinds.some((kind) => (kinds as readonly string[]).includes(kind)),
);

const answers: fc.Arbitrary<OddAnswer> = fc.oneof(
  fc.record({ fault: fc.constantFrom(...possible) }),
  fc.record({ status: fc.constantFrom(400, 401, 403, 404, 410, 429, 503), body: fc.constantFrom(...bodyForms) }),
  fc.record({ status: fc.integer({ min: 300, max: 599 }), body: fc.constantFrom(...bodyForms) }),
);

const phases = fc.record({
  answer: answers,
  afterMs: fc.integer({ min: 0, max: 10 * hourMs }),
  lastsMs: fc.integer({ min: 0, max: 15 * hourMs }),
  times: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(Infinity)),
});

export const randomSequences: fc.Arbitrary<RandomSequence> = fc.record({
  phases: fc.array(phases, { minLength: 1, maxLength: 8 }),
  account: fc.constantFrom("Volvo ID", "Volvo ID", "Volvo ID", "test token"),
  refreshInterval: fc.constantFrom(900, 1800, 1800, 3600),
  seed: fc.nat(),
});

/** Runs the product for two days on the answers of the sequence. Returns the complaints; empty if there are none. */
export async function complaintsOf({ phases: odd, account, refreshInterval, seed }: RandomSequence) {
  const product = new WatchedProduct({ account, kinds, refreshInterval, random: mulberry(seed) });
  try {
    await product.start();
    const end = product.now + 48 * hourMs;
    const rest = () => Math.max(0, end - product.now);
    for (const { answer, afterMs, lastsMs, times } of odd) {
      await product.pass(Math.min(rest(), afterMs));
      product.turnsOdd(answer, times);
      await product.pass(Math.min(rest(), lastsMs));
      product.turnsGood();
      if (product.hasStopped()) break;
    }
    await product.pass(product.hasStopped() ? minuteMs : rest());
    return product.complaints;
  } finally {
    await product.close();
  }
}
