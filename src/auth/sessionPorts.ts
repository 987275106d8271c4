import type { Clock } from "../base/clock";
import type { Logger } from "../base/log";
import type { Turn } from "../base/turn";
import type { VolvoIdGrant } from "./credentials";
import type { CredentialStore } from "./credentialStore";
import type { GrantWriter } from "./grantWriter";
import type { RenewalOutcome } from "./refreshToken";
import type { BackoffMemory } from "./renewalQueue";
import type { Addresses } from "./deriveSession";

export interface SessionPorts {
  readonly store: CredentialStore;
  readonly writer: Pick<GrantWriter, "put" | "remove">;
  readonly renewGrant: (turn: Turn, known: VolvoIdGrant, refused?: string) => Promise<RenewalOutcome>;
  readonly backoff: BackoffMemory;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addresses: () => Addresses;
}

/** A sign-in as it comes from Volvo ID, before it has its place among the generations. */
export type NewSignIn = Omit<VolvoIdGrant, "kind" | "generation" | "origin">;
