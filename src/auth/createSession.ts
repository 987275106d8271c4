import type { Clock } from "../base/clock";
import type { Logger } from "../base/log";
import type { Turns } from "../base/turn";
import type { CredentialStore } from "./credentialStore";
import type { GenerationFence } from "./generationFence";
import { GrantWriter } from "./grantWriter";
import { renewGrant } from "./refreshToken";
import type { BackoffMemory } from "./renewalQueue";
import { Session } from "./session";
import type { Addresses } from "./sessionState";
import type { TokenEndpoint } from "./tokenEndpoint";

/** The ports that a sign-in with Volvo ID needs beside the credentials. */
export interface VolvoIdPorts {
  readonly fence: GenerationFence;
  readonly endpoint: TokenEndpoint;
}

export interface SessionParts {
  readonly store: CredentialStore;
  readonly volvoId: VolvoIdPorts;
  readonly turns: Turns;
  readonly backoff: BackoffMemory;
  /** True if no window has asked for so long that none can have a newer sign-in. */
  readonly isQuiet: () => boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly addresses: () => Addresses;
}

export function createSession({ store, volvoId, turns, isQuiet, ...rest }: SessionParts): Session {
  const { fence, endpoint } = volvoId;
  const { clock, log } = rest;
  const shared = { store, turns, fence, endpoint, clock, log, openedAt: clock.now(), isQuiet };
  return new Session({
    store,
    writer: new GrantWriter(shared),
    renewGrant: (turn, known, refused) => renewGrant(shared, turn, known, refused),
    ...rest,
  });
}

/** For a session that never signs in, such as the demo's. */
export const noVolvoId: VolvoIdPorts = {
  fence: { read: () => Promise.resolve(0), writtenAt: () => Promise.resolve(0), write: () => Promise.resolve() },
  endpoint: {
    refresh: () => Promise.reject(new Error("There is no Volvo ID here")),
    revoke: () => Promise.resolve(undefined),
  },
};
