import type { VolvoIdPorts } from "./createSession";
import { CallbackRelay } from "./callbackRelay";
import type { SecretStore } from "./credentialStore";
import { createGenerationFence } from "./generationFence";
import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
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

/** All that a window needs for signing in with Volvo ID and staying so. */
export interface VolvoId extends Disposable {
  readonly connection: VolvoIdConnection;
  readonly ports: VolvoIdPorts;
  readonly relay: CallbackRelay;
}

export function createVolvoId({ folder, secrets, ...network }: VolvoIdParts): VolvoId {
  const connection = connectVolvoId(network);
  const { clock, log } = network;
  const relay = new CallbackRelay({ secrets, folder, clock, log });
  return {
    connection,
    relay,
    ports: {
      fence: createGenerationFence(folder, clock),
      endpoint: connection.server,
    },
    dispose: () => relay.dispose(),
  };
}
