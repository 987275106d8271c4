import assert from "node:assert/strict";
import {
  commonProblem,
  isAboutOneCar,
  isUnknownForGood,
  type Problem,
  sameProblem,
} from "../../../src/charging/problem";

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
    assert.equal(isAboutOneCar({ kind: "forbidden", what: "scope" }), false, "the token lacks the scope");
  });

  it("is common if all cars have it and it does not concern single cars", () => {
    const common = (...own: readonly (Problem | undefined)[]) =>
      commonProblem(own.map((problem) => (problem ? { problem } : {})));
    const timeout = { kind: "timeout" } as const;
    assert.deepEqual(common(timeout), timeout);
    assert.deepEqual(common(timeout, { ...timeout }), timeout);
    for (const other of [undefined, { kind: "malformed" }, { kind: "offline", certificate: false }] as const) {
      assert.equal(common(timeout, other), undefined);
      assert.equal(common(other, timeout), undefined);
    }
    const error = { kind: "serviceUnavailable", cause: "error" } as const;
    assert.equal(common({ ...error, status: 500 }, { ...error, status: 503 }), undefined);
    for (const problem of problems.filter(isAboutOneCar)) assert.equal(common(problem, problem), undefined);
    assert.equal(common(), undefined);
  });

  it("is common if the key was refused for all cars, even if it counted as rejected only for some of them", () => {
    const refused = { problem: { kind: "serviceUnavailable", cause: "keyRefused" } } as const;
    const rejected = { problem: { kind: "apiKeyRejected" } } as const;
    assert.equal(commonProblem([refused, rejected])?.kind, "apiKeyRejected");
    assert.deepEqual(commonProblem([refused, refused]), refused.problem);
    assert.equal(commonProblem([rejected, {}]), undefined, "the other car was read since");
    assert.equal(commonProblem([rejected, { problem: { kind: "timeout" } }]), undefined);
  });

  it("is common even if its end differs between the cars", () => {
    const cars = [5, 7, 6].map((until) => ({ problem: { kind: "rateLimited", until } as const }));
    assert.equal(commonProblem(cars)?.kind, "rateLimited");
  });

  it("equals another only if all its parts are equal", () => {
    assert.ok(sameProblem({ kind: "quotaSpent", until: 5 }, { kind: "quotaSpent", until: 5 }));
    assert.ok(!sameProblem({ kind: "quotaSpent", until: 5 }, { kind: "quotaSpent", until: 6 }));
    assert.ok(!sameProblem({ kind: "timeout" }, undefined));
    assert.ok(sameProblem(undefined, undefined));
  });
});
