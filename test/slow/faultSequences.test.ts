import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { SequenceOutcome } from "../support/sequences/sequences";
import type { FaultCase } from "../contract/faults/faultCase";
import { faultSequences } from "../contract/faults/faultSequences";
import { faultRows } from "../contract/faults/faultRows";
import { faultsDocument, faultSection, listSection, signInSection } from "../contract/faults/faultsDocument";
import { listCases, listRow, signInCases, signInRow } from "../contract/faults/signInRows";

const file = path.join("docs", "faults.md");
const total = faultRows.flatMap(({ cases }) => cases).length + signInCases.length + listCases.length;

describe("faults over time", () => {
  const sequences = new Map<FaultCase, SequenceOutcome>();

  describe("odd answers between good ones, and for a day", () => {
    for (const { id, title, cases } of faultRows) {
      it(`${id}: ${title}`, async function () {
        this.timeout(120_000);
        for (const one of cases) {
          const outcome = await faultSequences(one);
          assert.deepEqual(outcome.complaints, [], `${one.fault} ${one.at ?? ""}`);
          sequences.set(one, outcome);
          if (one.kept !== "reading and credentials" || one.fault === "body-of-20-mib") continue;
          // With a sign-in, the rules require more refusals before the product blames anything.
          const { complaints } = await faultSequences(one, "Volvo ID");
          assert.deepEqual(complaints, [], `${one.fault} ${one.at ?? ""} Volvo ID`);
        }
      });
    }
  });

  // In a suite of its own, because a suite runs its own tests before those of the suites in it.
  describe("the document about them", () => {
    it("lists their effects in docs/faults.md", () => {
      assert.equal(
        sequences.size,
        faultRows.flatMap(({ cases }) => cases).length,
        "the cases above have not all passed",
      );
      const sections = [
        ...faultRows.map((row) => faultSection(row, sequences)),
        signInSection(signInRow, signInCases),
        listSection(listRow, listCases),
      ].sort((a, b) => a.id.charCodeAt(0) - b.id.charCodeAt(0) || Number(a.id.slice(1)) - Number(b.id.slice(1)));
      const text = faultsDocument(sections, total);
      if (process.env["UPDATE_GOLDEN"] === "1") fs.writeFileSync(file, text);
      assert.equal(fs.readFileSync(file, "utf8"), text, `${file} (UPDATE_GOLDEN=1 rewrites it)`);
    });
  });
});
