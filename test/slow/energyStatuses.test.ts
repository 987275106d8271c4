import { bodyForms } from "../support/sequences/oddAnswer";
import { energyStatusRows } from "../contract/faults/statusRows";
import { statusSequences } from "../contract/faults/statusSequences";

describe("a car outlasts odd answers of the Energy API, and nothing is blamed for them before the rules allow it:", () => {
  const place = { kinds: ["energy-v1", "energy-v2"], rows: energyStatusRows, everyStatus: true } as const;
  for (const body of bodyForms) statusSequences(body, place);
});
