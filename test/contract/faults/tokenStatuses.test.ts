import { bodyForms } from "../../support/sequences/oddAnswer";
import { tokenStatusRows } from "./statusRows";
import { statusSequences } from "./statusSequences";

describe("a sign-in survives odd answers of Volvo ID's token endpoint:", () => {
  for (const body of bodyForms) statusSequences(body, { kinds: ["token"], rows: tokenStatusRows, everyStatus: false });
});
