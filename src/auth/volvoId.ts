import type { VolvoIdPorts } from "./createSession";
import { CallbackRelay } from "./callbackRelay";
import type { SecretStore } from "./credentialStore";
import { createGenerationFence } from "./generationFence";
import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import { lazy } from "../base/lazy";
import type { Logger, Redactor } from "../base/log";
import { connectVolvoId, type VolvoIdConnection } from "./volvoIdConnection";
import type { Fetch } from "../volvo/transport";

export interface VolvoIdParts {
  /** The folder that all windows share for the sign-in. */
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
  const connection = lazy(() => Promise.resolve(connectVolvoId(network)));
  const { clock, log } = network;
  const relay = new CallbackRelay({ secrets, folder, clock, log });
  return {
    connection,
    relay,
    ports: {
      fence: createGenerationFence(folder, clock),
      endpoint: async () => (await connection()).server,
    },
    dispose: () => relay.dispose(),
  };
}
