import assert from "node:assert/strict";
import { signInLifetime, signInNotice } from "../../../src/auth/signInLifetime";
import type { VolvoIdAccount } from "../../../src/auth/sessionState";
import { dayMs } from "../../../src/base/clock";
import { lifetimeText, signInNoticeText, volvoIdAccount } from "../../../src/present/accountText";

const start = Date.UTC(2026, 0, 1, 12);
const account: VolvoIdAccount = {
  kind: "volvoId",
  signInId: "s",
  label: "d…@example.com",
  scopes: [],
  signedInAt: start,
  refreshedAt: start + 30 * dayMs,
};
const locale = { language: "en", timeZone: "UTC" };
const text = (now: number) => lifetimeText(signInLifetime(account, now), locale);

describe("the lifetime of a sign-in", () => {
  it("lasts a week from the last use, and at most six months from the sign-in", () => {
    const now = start + 30 * dayMs;
    assert.deepEqual(signInLifetime(account, now), {
      lastsUntil: start + 37 * dayMs,
      endsAt: start + 182 * dayMs,
      endsSoon: false,
    });
    const old = { ...account, refreshedAt: start + 180 * dayMs };
    assert.equal(signInLifetime(old, start + 180 * dayMs).lastsUntil, start + 182 * dayMs);
  });

  it("is near its end from two weeks before the end", () => {
    assert.equal(signInLifetime(account, start + 168 * dayMs - 1).endsSoon, false);
    assert.equal(signInLifetime(account, start + 168 * dayMs).endsSoon, true);
    assert.equal(signInLifetime({ ...account, signedInAt: 0 }, start + 500 * dayMs).endsSoon, false);
  });

  it("is told by its condition, and by its end where that is near", () => {
    assert.equal(
      text(start + 30 * dayMs),
      "Signed in with Volvo ID; lasts as long as you open VS Code at least once a week",
    );
    assert.equal(text(start + 170 * dayMs), "Signed in with Volvo ID until Jul 2, 2026");
  });

  it("is announced when the end is near and when it is reached, under a separate name for each", () => {
    const ready = { kind: "ready", credentials: "c", account } as const;
    assert.equal(signInNotice(ready, start + 168 * dayMs - 1), undefined);
    const soon = signInNotice(ready, start + 168 * dayMs);
    assert.ok(soon?.kind === "endsSoon");
    assert.equal(signInNotice(ready, start + 175 * dayMs)?.id, soon.id);
    assert.match(signInNoticeText(soon, locale), /on Jul 2, 2026\. Sign in again/);
    const ended = signInNotice({ kind: "stopped", cause: "signInEnded", account }, start);
    assert.ok(ended?.kind === "ended" && ended.id !== soon.id);
    assert.match(signInNoticeText(ended, locale), /has expired/);
    assert.doesNotMatch(ended.id, /example/);
    assert.equal(signInNotice({ kind: "stopped", cause: "signedInElsewhere", account }, start), undefined);
    assert.equal(signInNotice({ kind: "ready", credentials: "c", account: { kind: "testToken" } }, start), undefined);
  });

  it("exists for a sign-in that is in use or has ended, and not for a test token", () => {
    assert.equal(volvoIdAccount({ kind: "ready", credentials: "c", account }), account);
    assert.equal(volvoIdAccount({ kind: "stopped", cause: "signInEnded", account }), account);
    assert.equal(volvoIdAccount({ kind: "ready", credentials: "c", account: { kind: "testToken" } }), undefined);
    assert.equal(volvoIdAccount({ kind: "starting" }), undefined);
  });
});
