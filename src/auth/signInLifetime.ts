import { dayMs } from "../base/clock";
import { textHash } from "../charging/carKey";
import type { SessionState, VolvoIdAccount } from "./sessionState";

/** An unused refresh token expires after seven days (developer portal, "Authorisation"). */
const idleEndMs = 7 * dayMs;
/** A sign-in ends after six months, even with regular use (developer portal, "Authorisation"). */
const signInEndMs = 182 * dayMs;
const soonMs = 14 * dayMs;

/** How long a sign-in lasts. Times in ms since the epoch. */
export interface SignInLifetime {
  /** The end of the sign-in if VS Code does not run again. */
  readonly lastsUntil: number;
  /** The latest end of the sign-in; `undefined` if its start is unknown. */
  readonly endsAt: number | undefined;
  /** True if `endsAt` is within two weeks. */
  readonly endsSoon: boolean;
}

export function signInLifetime({ signedInAt, refreshedAt }: VolvoIdAccount, now: number): SignInLifetime {
  const endsAt = signedInAt > 0 ? signedInAt + signInEndMs : undefined;
  const idleEnd = refreshedAt + idleEndMs;
  return {
    lastsUntil: endsAt === undefined ? idleEnd : Math.min(idleEnd, endsAt),
    endsAt,
    endsSoon: endsAt !== undefined && now >= endsAt - soonMs,
  };
}

/**
 * A notification about a sign-in, shown once for each `id`. A repeated refusal has an id of its own, because it can be
 * temporary, and the real end can come later. A single refusal is not shown.
 */
export type SignInNotice =
  | { readonly id: string; readonly kind: "ended" }
  | { readonly id: string; readonly kind: "endsSoon"; readonly endsAt: number };

export function signInNotice(session: SessionState, now: number): SignInNotice | undefined {
  if (session.kind === "stopped" && session.cause === "signInEnded") {
    if (session.refused === "once") return undefined;
    const name = session.refused ? "sign-in-refused" : "sign-in-ended";
    return { id: `${name}-${textHash(session.account.signInId)}`, kind: "ended" };
  }
  if (session.kind !== "ready" || session.account.kind !== "volvoId") return undefined;
  const { endsAt, endsSoon } = signInLifetime(session.account, now);
  if (!endsSoon || endsAt === undefined) return undefined;
  return { id: `sign-in-ends-soon-${textHash(session.account.signInId)}`, kind: "endsSoon", endsAt };
}
