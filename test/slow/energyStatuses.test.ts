import { bodyForms } from "../support/sequences/oddAnswer";
import { energyStatusRows } from "../contract/faults/statusRows";
import { statusSequences } from "../contract/faults/statusSequences";

describe("the product handles odd answers of the Energy API, keeps the reading and blames nothing too early:", () => {
  const place = { kinds: ["energy-v1", "energy-v2"], rows: energyStatusRows, everyStatus: true } as const;
  for (const body of bodyForms) statusSequences(body, place);
});
