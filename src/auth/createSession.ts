import type { Clock } from "../base/clock";
import type { Logger } from "../base/log";
import type { CredentialStore } from "./credentialStore";
import type { GenerationFence } from "./generationFence";
import { GrantKeeper } from "./grantKeeper";
import { GrantLock, type GrantLockFile } from "./grantLock";
import { renewGrant } from "./renewal";
import { Session } from "./session";
import type { Addresses } from "./sessionRules";
import type { TokenEndpoint } from "./tokenEndpoint";

/** What a sign-in with Volvo ID needs beside the credentials themselves. */
export interface VolvoIdPorts {
  readonly lock: GrantLockFile;
  readonly fence: GenerationFence;
  /** Loaded at its first use. */
  readonly endpoint: () => Promise<TokenEndpoint>;
}

export interface SessionParts {
  readonly store: CredentialStore;
  readonly volvoId: VolvoIdPorts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addresses: () => Addresses;
}

export function createSession({ store, volvoId, clock, log, addresses }: SessionParts): Session {
  const lock = new GrantLock(volvoId.lock, clock, log);
  const { fence, endpoint } = volvoId;
  const shared = { store, lock, fence, endpoint, clock, log, openedAt: clock.now() };
  return new Session({
    store,
    keeper: new GrantKeeper(shared),
    lock,
    renewGrant: (known, refused) => renewGrant(shared, known, refused),
    clock,
    log,
    addresses,
  });
}

/** For a session that never signs in, such as the demo's: nobody else is there to lock out. */
export const noVolvoId: VolvoIdPorts = {
  lock: { acquire: () => Promise.resolve(undefined), takeOver: () => Promise.resolve(undefined) },
  fence: { read: () => Promise.resolve(0), writtenAt: () => Promise.resolve(0), write: () => Promise.resolve() },
  endpoint: () => Promise.reject(new Error("There is no Volvo ID here")),
};

/** How the lock of the sign-in is kept: a request takes seconds, and nobody should wait long for the dead. */
export const grantLockOptions = { heartbeatMs: 2_000, staleMs: 10_000 } as const;
