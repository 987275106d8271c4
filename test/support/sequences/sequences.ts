import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import type { OddAnswer } from "./oddAnswer";
import { WatchedProduct, type WatchedOptions } from "./watchedProduct";

/** Seconds from the end of a check to the next; `never` if the user must act first. */
export type Wait = number | "never";

/** The effect of odd answers among good ones. */
export interface SequenceOutcome {
  /** The wait after one odd answer, then after each of two more within the hour. */
  readonly waits: readonly Wait[];
  /** A day of odd answers: the longest wait, and the sentence at the end of the day. */
  readonly day: DayOutcome;
  /** Descriptions of violated rules; empty if there are none. */
  readonly complaints: readonly string[];
}

export interface DayOutcome {
  readonly longest: Wait;
  readonly sentence: string;
}

/**
 * One product gets three single odd answers within the hour, and reads the car before and after each. Another product
 * gets only odd answers for a day.
 */
export async function sequencesOf(answer: OddAnswer, options: WatchedOptions): Promise<SequenceOutcome> {
  const short = await withProduct(options, (product) => oddTimes(product, answer, 3));
  const long = await withProduct(options, (product) => oddForADay(product, answer));
  const complaints = [
    ...short.complaints.map((complaint) => `three times over an hour: ${complaint}`),
    ...long.complaints.map((complaint) => `for a day: ${complaint}`),
  ];
  return { waits: short.outcome, day: long.outcome, complaints };
}

/** A single odd answer between good ones. */
export async function onceOf(
  answer: OddAnswer,
  options: WatchedOptions,
): Promise<Pick<SequenceOutcome, "waits" | "complaints">> {
  const { outcome, complaints } = await withProduct(options, (product) => oddTimes(product, answer, 1));
  return { waits: outcome, complaints };
}

async function withProduct<T>(
  options: WatchedOptions,
  act: (product: WatchedProduct) => Promise<T>,
): Promise<{ readonly outcome: T; readonly complaints: readonly string[] }> {
  const product = new WatchedProduct(options);
  try {
    await product.start();
    if (!product.hasRead()) product.complaints.push("not read at the start");
    return { outcome: await act(product), complaints: product.complaints };
  } finally {
    await product.close();
  }
}

async function oddTimes(product: WatchedProduct, answer: OddAnswer, times: number): Promise<readonly Wait[]> {
  const waits: Wait[] = [];
  for (let time = 0; time < times && !product.hasStopped(); time++) {
    if (time > 0) await product.pass(15 * minuteMs);
    product.turnsOdd(answer, 1);
    await product.checks(1);
    product.turnsGood();
    waits.push(await goodAgain(product));
  }
  return waits;
}

async function oddForADay(product: WatchedProduct, answer: OddAnswer): Promise<DayOutcome> {
  const first = product.endsAt.length;
  product.turnsOdd(answer);
  await product.pass(24 * hourMs);
  const { sentence } = product;
  product.turnsGood();
  const last = await goodAgain(product);
  const ends = product.endsAt.slice(first);
  const waits = ends.map((end, index) => (product.checksAt[first + index + 1] ?? end) - end);
  const longest = Math.round(Math.max(...waits) / secondMs);
  return { longest: last === "never" ? "never" : longest, sentence };
}

/** Runs the next check, whose answers are good again. Returns the wait before it. */
async function goodAgain(product: WatchedProduct): Promise<Wait> {
  const end = product.endsAt.at(-1) ?? 0;
  const wasRead = product.hasRead();
  const count = product.checksAt.length;
  if (product.hasStopped() || !(await product.checks(1))) return "never";
  const wait = Math.round(((product.checksAt[count] ?? 0) - end) / secondMs);
  // The effect of the odd answer, such as a lost token, may appear only now.
  if (!product.hasRead() && !product.hasStopped()) await product.checks(1);
  if (!product.hasRead() && !product.hasStopped())
    product.complaints.push(`not read again${wasRead ? ", though it was" : ""}`);
  return wait;
}
