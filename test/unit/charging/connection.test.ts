import assert from "node:assert/strict";
import { type Connection, isPluggedIn, knownConnections, sameConnection } from "../../../src/charging/connection";

const unknowns: readonly Connection[] = [
  { kind: "unknown", reason: { kind: "notReported" } },
  { kind: "unknown", reason: { kind: "notSupported" } },
  { kind: "unknown", reason: { kind: "noValue" } },
  { kind: "unknown", reason: { kind: "unrecognised", raw: "LOOSE" } },
  { kind: "unknown", reason: { kind: "unrecognised", raw: "TIGHT" } },
];

describe("A connection", () => {
  it("is plugged in for three of the six kinds; a fault and not knowing are not", () => {
    const plugged = knownConnections.filter((kind) => isPluggedIn({ kind }));
    assert.deepEqual(plugged, ["connectedAc", "connectedDc", "connected"]);
    for (const unknown of unknowns) assert.equal(isPluggedIn(unknown), false);
  });

  it("is the same as another only where kind, reason and word are", () => {
    const all: Connection[] = [...knownConnections.map((kind) => ({ kind })), ...unknowns];
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) assert.equal(sameConnection(a, structuredClone(b)), i === j);
    }
  });
});
