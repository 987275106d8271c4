import assert from "node:assert/strict";
import type { Problem } from "../../../src/charging/problem";
import { connectionReport } from "../../../src/connectionTest/report";
import type { ConnectionEvidence, ConnectionRow, ListEvidence } from "../../../src/connectionTest/row";
import type { Failure } from "../../../src/charging/failure";
import { aReading, vinNumber } from "../../support/builders/builders";

const [first, second] = [vinNumber(1), vinNumber(2)];
const listed: ListEvidence = { kind: "listed", vins: [first] };

function listFailed(failure: Failure): ListEvidence {
  return { kind: "failed", failure, at: 0 };
}

/** A requested car, with a reading unless there is a problem. */
function car(problem?: Problem, vin = first): ConnectionEvidence["cars"][number] {
  return { vin, asked: true, attemptedAt: 0, ...(problem ? { problem } : { reading: aReading() }) };
}

function evidence(changes: Partial<ConnectionEvidence> = {}): ConnectionEvidence {
  return {
    hasApiKey: true,
    grant: "testToken",
    obstacle: undefined,
    outcome: { kind: "checked", vins: [first] },
    list: listed,
    cars: [car()],
    ...changes,
  };
}

function finding(part: ConnectionRow["part"], of: Partial<ConnectionEvidence>): unknown {
  const row = connectionReport(evidence(of)).find((candidate) => candidate.part === part);
  return row && "finding" in row ? row.finding : row;
}

const keyRefused: Problem = { kind: "serviceUnavailable", cause: "keyRefused" };
const scopeForbidden: Problem = { kind: "forbidden", what: "scope" };

describe("the findings of a connection test", () => {
  it("have a row for each part and each car", () => {
    const rows = connectionReport(evidence({ cars: [car(), car(undefined, second)] }));
    assert.deepEqual(
      rows.map(({ part }) => part),
      ["apiKey", "token", "energy", "carList", "service", "car", "car"],
    );
  });

  it("blame the key for its refusal, even before that counts as final", () => {
    const refused = { kind: "refused", accepted: false };
    const list = listFailed({ kind: "apiKeyRefused" });
    assert.deepEqual(finding("apiKey", { cars: [car(keyRefused)], list }), refused);
    assert.deepEqual(finding("apiKey", { cars: [car({ kind: "apiKeyRejected" })], list }), refused);
    assert.deepEqual(finding("apiKey", { cars: [], list }), refused);
    assert.deepEqual(finding("apiKey", { cars: [car(keyRefused)] }), { kind: "refused", accepted: true });
  });

  it("blame only the connection to the service for an intercepted answer or a proxy's login", () => {
    for (const kind of ["intercepted", "proxyLogin"] as const) {
      const all: Partial<ConnectionEvidence> = { cars: [car({ kind })], list: listFailed({ kind }) };
      assert.deepEqual(finding("service", all), { kind: "problem", problem: { kind } });
      for (const part of ["apiKey", "token", "energy", "car"] as const) {
        assert.deepEqual(finding(part, all), { kind: "untested" }, part);
      }
    }
  });

  it("blame the car for a refused request", () => {
    const problem: Problem = { kind: "requestRefused" };
    const refused: Partial<ConnectionEvidence> = { cars: [car(problem)], list: { kind: "notAsked" } };
    assert.deepEqual(finding("car", refused), { kind: "problem", problem });
    assert.deepEqual(finding("apiKey", refused), { kind: "works" });
  });

  it("draw no conclusion about Volvo from an error of the network", () => {
    const offline: Partial<ConnectionEvidence> = {
      cars: [car({ kind: "offline", certificate: false })],
      list: { kind: "notAsked" },
    };
    for (const part of ["apiKey", "token", "energy", "carList", "car"] as const) {
      assert.deepEqual(finding(part, offline), { kind: "untested" }, part);
    }
  });

  it("do not use older results", () => {
    const old = { ...car({ kind: "tokenEnded" }), asked: false };
    const list: ListEvidence = { kind: "notAsked" };
    const outcome = { kind: "unanswered" } as const;
    assert.deepEqual(finding("token", { cars: [old], list, outcome }), { kind: "untested" });
    assert.deepEqual(finding("service", { cars: [old], list, outcome }), { kind: "noWindow" });
  });

  it("allow for test tokens that are for one API only, of which the Energy API is the necessary one", () => {
    const list = listFailed({ kind: "tokenRefused" });
    const ended = car({ kind: "tokenEnded" });
    assert.deepEqual(finding("token", { list }), { kind: "works" });
    assert.deepEqual(finding("carList", { list }), { kind: "notPermitted", by: "token" });
    assert.deepEqual(finding("token", { cars: [ended] }), { kind: "otherApi" });
    assert.deepEqual(finding("token", { cars: [ended], list }), { kind: "refused" });
    assert.deepEqual(finding("token", { cars: [], list }), { kind: "perhapsOtherApi" });
    assert.deepEqual(finding("token", { cars: [], list, grant: "volvoId" }), { kind: "refused" });
  });

  it("distinguish a missing scope from a car that is not the user's", () => {
    assert.deepEqual(finding("energy", { cars: [car(scopeForbidden)] }), { kind: "notPermitted" });
    assert.deepEqual(finding("car", { cars: [car(scopeForbidden)] }), { kind: "untested" });
    const notMine: Problem = { kind: "forbidden", what: "car" };
    assert.deepEqual(finding("energy", { cars: [car(notMine)] }), { kind: "works", versions: [] });
    assert.deepEqual(finding("car", { cars: [car(notMine)] }), { kind: "problem", problem: notMine });
    assert.deepEqual(finding("energy", { cars: [car({ kind: "forbidden", what: "unspecified" })] }), {
      kind: "untested",
    });
  });

  it("say that the service works if one car was read, and show another car's problem in its own row", () => {
    const fault: Problem = { kind: "serviceUnavailable", cause: "error", status: 500 };
    const rows = connectionReport(evidence({ cars: [car(), car(fault, second)] }));
    assert.deepEqual(
      rows.flatMap((row) => (row.part === "service" ? [row.finding] : [])),
      [{ kind: "works" }],
    );
    assert.deepEqual(
      rows.flatMap((row) => (row.part === "car" ? [row.finding.kind] : [])),
      ["works", "problem"],
    );
  });

  it("show the problem that prevents all requests", () => {
    const nothing: Partial<ConnectionEvidence> = {
      outcome: { kind: "notReady" },
      list: { kind: "notAsked" },
      cars: [],
    };
    const obstacles: readonly Problem[] = [
      { kind: "secretsUnavailable", cause: "lost" },
      { kind: "signInEnded" },
      { kind: "signedInElsewhere" },
    ];
    for (const obstacle of obstacles) {
      assert.deepEqual(finding("token", { ...nothing, obstacle, grant: "volvoId" }), {
        kind: "problem",
        problem: obstacle,
      });
    }
    const misconfigured: Problem = { kind: "misconfigured", setting: "api.baseUrl", text: "It must use https." };
    assert.deepEqual(finding("service", { ...nothing, obstacle: misconfigured }), {
      kind: "problem",
      problem: misconfigured,
    });
    assert.deepEqual(
      finding("service", { ...nothing, outcome: { kind: "held", hold: { kind: "budgetSpent", until: 1 } } }),
      {
        kind: "held",
        hold: { kind: "budgetSpent", until: 1 },
      },
    );
  });
});
