import { minuteMs } from "../base/clock";
import type { VolvoIdGrant } from "./credentials";

const longestMarginMs = minuteMs;

/** Whether the access token will be good for as long as a request takes; where not, refreshing is due. */
export function isFresh(grant: VolvoIdGrant, now: number): boolean {
  const marginMs = Math.min(longestMarginMs, Math.max(0, grant.expiresAt - grant.refreshedAt) / 4);
  return grant.accessToken !== "" && now < grant.expiresAt - marginMs;
}

/** Whether the access token can be used where a renewal has just failed: close to its end is better than none. */
export function isStillGood(grant: VolvoIdGrant, now: number): boolean {
  return grant.accessToken !== "" && now < grant.expiresAt;
}
