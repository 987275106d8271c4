import assert from "node:assert/strict";
import { faultNames, faults } from "../../../src/simulator/faults/faults";
import { addToCount } from "../../support/counts";
import { FaultRun } from "./faultRun";
import { faultRows } from "./faultRows";
import { listCases, listRow, nothingChanged, signInCases, signInRow } from "./signInRows";
import { listOutcome, signInOutcome } from "./signInRun";

/** The numbers of the known faults, as in the simulator. Missing numbers are not faults of Volvo. */
const known = [
  ...[1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((row) => `A${row}`),
  ...[18, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 32, 34].map((row) => `B${row}`),
  ...[36, 37, 38, 39, 40, 41, 43, 44, 46, 47, 49, 50].map((row) => `C${row}`),
];

describe("a fault, from Volvo to the screen", () => {
  let survived = 0;
  let badAnswers = 0;

  for (const { id, title, cases } of faultRows) {
    describe(`${id}: ${title}`, () => {
      for (const one of cases) {
        const { fault, at, account, times, check, from, ...expected } = one;
        const when = [at, account, times && "once", check && `check ${check}`, from].filter(Boolean);
        it([fault, ...when].join(", "), async () => {
          const run = new FaultRun(one);
          assert.deepEqual(await run.outcome(), expected);
          assert.equal(await run.recovers(), one.next.at(-1) !== "never", "recovers without user action");
          // The product asks for no capabilities.
          assert.equal(run.badAnswers > 0, at !== "capabilities", `${run.badAnswers} answers had the fault`);
          badAnswers += run.badAnswers;
          run.dispose();
          survived++;
        });
      }
    });
  }

  describe(`${signInRow.id}: ${signInRow.title}`, () => {
    for (const { fault, at, ...expected } of signInCases) {
      it(`${fault}, ${at}`, async () => {
        assert.deepEqual(await signInOutcome({ fault, at, ...expected }), { ...expected, ...nothingChanged });
        survived++;
      });
    }
  });

  describe(`${listRow.id}: ${listRow.title}`, () => {
    for (const { fault, found } of listCases) {
      it(fault, async () => {
        assert.deepEqual(await listOutcome(fault), { found, ...nothingChanged });
        survived++;
      });
    }
  });

  describe("all faults", () => {
    it("never show a car that was not read as unplugged", async () => {
      for (const one of faultRows.flatMap(({ cases }) => cases)) {
        if (one.kept === "credentials; new reading" || one.from || one.account) continue;
        if (one.at === "token endpoint" || faults[one.fault].kinds.every((kind) => kind === "token")) continue;
        const run = new FaultRun(one);
        assert.match(await run.outcomeWithoutReading(), /^\$\(volvo-charging-unknown\) EX30 Unknown/, one.fault);
        run.dispose();
      }
    });

    it("appear in the table: every known fault, and every fault of the simulator", () => {
      const sections = [...faultRows, signInRow, listRow].map(({ id }) => id);
      assert.deepEqual([...new Set(sections)].sort(), [...known].sort());
      const injected = [...faultRows.flatMap(({ cases }) => cases), ...signInCases, ...listCases].map(
        ({ fault }) => fault,
      );
      assert.deepEqual(
        faultNames.filter((name) => !injected.includes(name)),
        [],
      );
      for (const name of faultNames)
        assert.ok(
          known.some((id) => id.slice(1) === String(faults[name].row)),
          name,
        );
    });
  });

  after(() => {
    addToCount("Faults survived", survived);
    addToCount("Bad answers handled", badAnswers);
    console.log(`  ${survived} faults survived, from Volvo to the screen; ${badAnswers} bad answers handled`);
  });
});
