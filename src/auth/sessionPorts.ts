import type { Clock } from "../base/clock";
import type { Logger } from "../base/log";
import type { VolvoIdGrant } from "./credentials";
import type { CredentialStore } from "./credentialStore";
import type { GrantKeeper } from "./grantKeeper";
import type { GrantLock } from "./grantLock";
import type { RenewalOutcome } from "./renewal";
import type { Addresses } from "./sessionRules";

export interface SessionPorts {
  readonly store: CredentialStore;
  readonly keeper: Pick<GrantKeeper, "put" | "remove">;
  readonly lock: Pick<GrantLock, "whenReleased" | "dispose">;
  readonly renewGrant: (known: VolvoIdGrant, refused?: string) => Promise<RenewalOutcome>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addresses: () => Addresses;
}

/** A sign-in as it comes from Volvo ID, before it has its place among the generations. */
export type NewSignIn = Omit<VolvoIdGrant, "kind" | "generation" | "origin">;
