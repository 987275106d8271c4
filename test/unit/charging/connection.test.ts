import assert from "node:assert/strict";
import { type Connection, isPluggedIn, knownConnections } from "../../../src/charging/connection";

const unknowns: readonly Connection[] = [
  { kind: "unknown", reason: { kind: "notReported" } },
  { kind: "unknown", reason: { kind: "notSupported" } },
  { kind: "unknown", reason: { kind: "noValue" } },
  { kind: "unknown", reason: { kind: "unrecognized", raw: "LOOSE" } },
];

describe("a connection", () => {
  it("is plugged in for three of the six kinds, and not for a fault or unknown", () => {
    const plugged = knownConnections.filter((kind) => isPluggedIn({ kind }));
    assert.deepEqual(plugged, ["connectedAc", "connectedDc", "connected"]);
    for (const unknown of unknowns) assert.equal(isPluggedIn(unknown), false);
  });
});
