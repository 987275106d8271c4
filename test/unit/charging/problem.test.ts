import assert from "node:assert/strict";
import { isAboutOneCar, isUnknownForGood, type Problem, sameProblem } from "../../../src/charging/problem";

const problems: readonly Problem[] = [
  { kind: "outdatedWindow" },
  { kind: "apiKeyMissing" },
  { kind: "credentialsMissing" },
  { kind: "apiKeyRejected" },
  { kind: "tokenEnded" },
  { kind: "signInEnded" },
  { kind: "signedInElsewhere" },
  { kind: "secretsUnavailable", cause: "lost" },
  { kind: "clientBlocked" },
  { kind: "clientRefused" },
  { kind: "forbidden", what: "car" },
  { kind: "notSupported" },
  { kind: "notFound" },
  { kind: "requestRefused" },
  { kind: "quotaSpent", until: 5 },
  { kind: "rateLimited", until: 5 },
  { kind: "serviceUnavailable", cause: "keyRefused" },
  { kind: "serviceUnavailable", cause: "error", status: 500 },
  { kind: "offline", certificate: false },
  { kind: "timeout" },
  { kind: "intercepted" },
  { kind: "proxyLogin" },
  { kind: "malformed" },
  { kind: "misconfigured", setting: "api.baseUrl", text: "" },
];

const kindsWhere = (is: (problem: Problem) => boolean) => problems.filter(is).map(({ kind }) => kind);

describe("a problem", () => {
  it("concerns one car or all of them", () => {
    assert.deepEqual(kindsWhere(isUnknownForGood), ["forbidden", "notSupported", "notFound"]);
    assert.deepEqual(kindsWhere(isAboutOneCar), [
      "forbidden",
      "notSupported",
      "notFound",
      "requestRefused",
      "malformed",
    ]);
    assert.equal(isUnknownForGood(undefined), false);
  });

  it("equals another only if all its parts are equal", () => {
    assert.ok(sameProblem({ kind: "quotaSpent", until: 5 }, { kind: "quotaSpent", until: 5 }));
    assert.ok(!sameProblem({ kind: "quotaSpent", until: 5 }, { kind: "quotaSpent", until: 6 }));
    assert.ok(!sameProblem({ kind: "timeout" }, undefined));
    assert.ok(sameProblem(undefined, undefined));
  });
});
