import assert from "node:assert/strict";
import { isApplicationRefused } from "../../../src/charging/renewalBackoff";

describe("A sign-in that could not be renewed", () => {
  it("is refused with its application where Volvo ID blocks or refuses that, and for no other reason", () => {
    for (const kind of ["clientBlocked", "clientRefused"] as const) assert.equal(isApplicationRefused({ kind }), true);
    for (const kind of ["timeout", "signInEnded"] as const) assert.equal(isApplicationRefused({ kind }), false);
  });
});
