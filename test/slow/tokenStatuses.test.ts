import { bodyForms } from "../support/sequences/oddAnswer";
import { tokenStatusRows } from "../contract/faults/statusRows";
import { statusSequences } from "../contract/faults/statusSequences";

describe("a sign-in survives odd answers of Volvo ID's token endpoint:", () => {
  for (const body of bodyForms) statusSequences(body, { kinds: ["token"], rows: tokenStatusRows, everyStatus: false });
});
