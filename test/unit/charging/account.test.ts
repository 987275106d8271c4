import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import {
  type Account,
  activeHold,
  emptyAccount,
  isTokenSpent,
  longestHoldMs,
  minuteFullUntil,
  refusalOf,
  sentWithinMinute,
  afterClockSetBack,
  wereCredentialsAccepted,
  withoutPastHold,
} from "../../../src/charging/account";
import { CarStore } from "../../../src/charging/carStore";
import { utcDay } from "../../../src/charging/quota";

const now = Date.UTC(2026, 10, 23, 8);
const holdUntil = (until: number) => ({ ...emptyAccount, hold: { kind: "rateLimited", until } as const });

describe("A hold", () => {
  it("is in force until its time, unless the clock was set back since", () => {
    for (const waitMs of [1, hourMs, longestHoldMs, longestHoldMs + minuteMs]) {
      assert.equal(activeHold(holdUntil(now + waitMs), now)?.until, now + waitMs);
    }
    for (const waitMs of [-hourMs, 0, longestHoldMs + minuteMs + 1, 400 * dayMs]) {
      assert.equal(activeHold(holdUntil(now + waitMs), now), undefined);
    }
    assert.equal(activeHold(emptyAccount, now), undefined);
  });

  it("is removed once it is over", () => {
    assert.deepEqual(withoutPastHold(holdUntil(now), now), emptyAccount);
    assert.deepEqual(withoutPastHold(holdUntil(now + hourMs), now), holdUntil(now + hourMs));
  });
});

describe("A minute", () => {
  /** An account with requests sent at these times (ms) before `now`. */
  const sent = (...ages: readonly number[]): Account => ({ ...emptyAccount, sentAt: ages.map((age) => now - age) });
  const many = (count: number, age = 0) => Array.from({ length: count }, () => age);

  it("has room for 60 requests", () => {
    assert.equal(minuteFullUntil(emptyAccount, now), undefined);
    assert.equal(minuteFullUntil(sent(...many(59)), now), undefined);
    assert.equal(minuteFullUntil(sent(...many(60)), now), now + minuteMs);
  });

  it("has room again when the oldest of the last 60 is a minute old", () => {
    const account = sent(...many(1, 50 * secondMs), ...many(59, 10 * secondMs));
    assert.equal(minuteFullUntil(account, now), now + 10 * secondMs);
    assert.equal(minuteFullUntil(account, now + 10 * secondMs - 1), now + 10 * secondMs);
    assert.equal(minuteFullUntil(account, now + 10 * secondMs), undefined);
    const more = sent(...many(5, 50 * secondMs), ...many(59, 10 * secondMs));
    assert.equal(minuteFullUntil(more, now), now + 10 * secondMs, "as two windows that ask on their own can have it");
  });

  it("is not filled by future times, which are from before the clock was set back", () => {
    assert.equal(minuteFullUntil(sent(...many(90, -1)), now), undefined);
    assert.deepEqual(afterClockSetBack(sent(...many(60))).sentAt, []);
  });

  it("excludes older requests", () => {
    const carStore = new CarStore();
    for (let second = 0; second < 300; second++) carStore.requested("a window", now + second * secondMs);
    const { account } = carStore.current;
    assert.equal(account.sentAt.length, 60);
    assert.equal(account.calls.calls, 300);
    assert.deepEqual(sentWithinMinute(account, now + 310 * secondMs).length, 49);
  });
});

describe("A request", () => {
  const budget = 100;
  const spent = (calls: number): Account => ({ ...emptyAccount, calls: { day: utcDay(now), calls } });
  const full = Array.from({ length: 60 }, () => now);

  it("is allowed while there is a call left in the day's budget and room in the minute", () => {
    assert.equal(refusalOf(emptyAccount, budget, now), undefined);
    assert.equal(refusalOf(spent(99), budget, now), undefined);
    assert.equal(refusalOf({ ...spent(99), sentAt: full.slice(1) }, budget, now), undefined);
  });

  it("is refused for the rest of the day once the budget is spent", () => {
    assert.equal(refusalOf(spent(100), budget, now), "budgetSpent");
    assert.equal(refusalOf(spent(100), budget + 1, now), undefined, "the user has raised it");
    assert.equal(refusalOf({ ...spent(100), sentAt: full }, budget, now), "budgetSpent");
    assert.equal(refusalOf(spent(100), budget, now + dayMs), undefined);
  });

  it("is refused once the minute is full", () => {
    assert.equal(refusalOf({ ...emptyAccount, sentAt: full }, budget, now), "minuteSpent");
    assert.equal(refusalOf({ ...emptyAccount, sentAt: full }, budget, now + minuteMs), undefined);
  });
});

describe("A pasted token", () => {
  it("is spent after two refusals in a row", () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((tokenRefusals) => isTokenSpent({ tokenRefusals })),
      [false, false, true, true],
    );
  });

  it("was accepted if Volvo has answered it, on any version", () => {
    const version = (worked?: readonly ["v1"] | readonly []) => ({
      workingVersion: { scope: "", version: "v2", until: now, ...(worked && { worked }) } as const,
    });
    assert.ok(!wereCredentialsAccepted(emptyAccount));
    assert.ok(wereCredentialsAccepted({ accepted: true }));
    assert.ok(wereCredentialsAccepted(version(["v1"])));
    assert.ok(!wereCredentialsAccepted(version([])));
    assert.ok(!wereCredentialsAccepted(version()));
  });
});
