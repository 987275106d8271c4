import assert from "node:assert/strict";
import type { PathKind } from "../../../src/simulator/route";
import { addToCount } from "../../support/counts";
import { type BodyForm, bodyForms } from "../../support/sequences/oddAnswer";
import { onceOf, sequencesOf } from "../../support/sequences/sequences";
import { type StatusRow, statusRowOf } from "./statusRows";

const statuses = Array.from({ length: 300 }, (_, index) => 300 + index);
/** The statuses that a rule names. */
const namedStatuses = [
  300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 407, 410, 422, 429, 500, 502, 503, 504, 511,
];
/** A simulated day takes a tenth of a second, so by default not every status gets one with every form of body. */
const testsAllStatuses = process.env["STATUSES"] === "all";

export interface StatusPlace {
  readonly kinds: readonly PathKind[];
  readonly rows: readonly StatusRow[];
  /** True: statuses that no rule names also get a simulated day, each with one form of body. */
  readonly everyStatus: boolean;
}

/** Tests of every status with one form of body: once; and, for selected statuses, three times within an hour and for a day. */
export function statusSequences(body: BodyForm, { kinds, rows, everyStatus }: StatusPlace): void {
  const options = { account: "Volvo ID", kinds } as const;
  const form = body === "nothing" ? "no body" : body;
  const isTestedForADay = (status: number) =>
    testsAllStatuses ||
    namedStatuses.includes(status) ||
    (everyStatus && status % bodyForms.length === bodyForms.indexOf(body));

  it(`300 to 599 with ${form}, once`, async function () {
    this.timeout(120_000);
    for (const status of statuses) {
      const { waits } = statusRowOf(rows, status, body);
      const outcome = await onceOf({ status, body }, options);
      assert.deepEqual({ status, ...outcome }, { status, waits: waits.slice(0, 1), complaints: [] });
    }
    addToCount("Simulated sequences of odd answers", statuses.length);
  });

  it(`300 to 599 with ${form}, three times within an hour, and for a day`, async function () {
    this.timeout(600_000);
    const selected = statuses.filter(isTestedForADay);
    for (const status of selected) {
      const { sentence, waits, longest } = statusRowOf(rows, status, body);
      const day = { longest, sentence: sentence.replace("{status}", `${status}`) };
      const outcome = await sequencesOf({ status, body }, options);
      assert.deepEqual({ status, ...outcome }, { status, waits, day, complaints: [] });
    }
    addToCount("Simulated sequences of odd answers", 2 * selected.length);
  });
}
