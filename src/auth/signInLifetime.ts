import { dayMs } from "../base/clock";
import { textHash } from "../charging/carKey";
import type { SessionState, VolvoIdAccount } from "./sessionState";

/** An unused refresh token expires after seven days (developer portal, "Authorisation"). */
const idleEndMs = 7 * dayMs;
/** A sign-in ends after six months, however often it is used (developer portal, "Authorisation"). */
const signInEndMs = 182 * dayMs;
const soonMs = 14 * dayMs;

/** How long a sign-in lasts. Times in ms since the epoch. */
export interface SignInLifetime {
  /** Until then it lasts if VS Code does not run again. */
  readonly lastsUntil: number;
  /** Until then at the most; `undefined` where it is not known when it began. */
  readonly endsAt: number | undefined;
  /** The end is within two weeks: time to sign in again. */
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
 * What the user is told of a sign-in without having asked: once for each `id`. A refusal has its own id,
 * because it can pass, and the real end come later; a single refusal is not told at all.
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
