import { grantLockOptions, type VolvoIdPorts } from "./auth/createSession";
import { CallbackRelay } from "./auth/callbackRelay";
import type { SecretStore } from "./auth/credentialStore";
import { createGenerationFence } from "./auth/generationFence";
import type { Clock } from "./base/clock";
import type { Disposable } from "./base/disposable";
import type { StateFolder } from "./base/folder";
import { lazy } from "./base/lazy";
import type { Logger, Redactor } from "./base/log";
import { createNumberedLock } from "./base/numberedLock";
import type { VolvoIdConnection } from "./volvoIdConnection";
import type { Fetch } from "./volvo/transport";

export interface VolvoIdParts {
  /** What all windows share for the sign-in: lock and fence. */
  readonly folder: StateFolder;
  readonly secrets: SecretStore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Logger;
}

/** All that a window needs for signing in with Volvo ID and staying so; what is large is loaded at its first use. */
export interface VolvoId extends Disposable {
  readonly connection: () => Promise<VolvoIdConnection>;
  readonly ports: VolvoIdPorts;
  readonly relay: CallbackRelay;
}

export function createVolvoId({ folder, secrets, ...network }: VolvoIdParts): VolvoId {
  const connection = lazy(async () => (await import("./volvoIdConnection")).connectVolvoId(network));
  const { clock, log } = network;
  const relay = new CallbackRelay({ secrets, clock, log });
  return {
    connection,
    relay,
    ports: {
      lock: createNumberedLock(folder, clock, grantLockOptions),
      fence: createGenerationFence(folder, clock),
      endpoint: async () => (await connection()).server,
    },
    dispose: () => relay.dispose(),
  };
}
