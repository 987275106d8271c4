import type { VolvoIdPorts } from "./createSession";
import { CallbackRelay } from "./callbackRelay";
import type { SecretStore } from "./credentialStore";
import { createGenerationFence } from "./generationFence";
import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import type { Logger } from "../base/log";
import type { Redactor } from "../base/redactor";
import type { Fetch } from "../volvo/transport";
import { listenOnLoopback } from "./loopback";
import { signIn, type SignInPorts, type SignInResult } from "./signInFlow";
import type { AttemptOptions } from "./signInAttempt";
import { createVolvoIdServer, type VolvoIdServer, type VolvoIdServerPorts } from "./volvoIdServer";

/** The user interface of a sign-in. */
export type SignInHost = Omit<SignInPorts, "server" | "listen" | "clock" | "log" | "redactor">;

/** Volvo ID, for the session (renewal) and for the commands (sign-in). */
export interface VolvoIdConnection {
  readonly server: VolvoIdServer;
  signIn(host: SignInHost, options: AttemptOptions, signal: AbortSignal): Promise<SignInResult>;
}

/** Connects to Volvo ID. A sign-in listens for the browser's answer on this computer. */
export function connectVolvoId(ports: VolvoIdServerPorts & { readonly log: Logger }): VolvoIdConnection {
  const server = createVolvoIdServer(ports);
  const { clock, redactor, log } = ports;
  return {
    server,
    signIn: (host, options, signal) =>
      signIn({ ...host, server, listen: listenOnLoopback, clock, redactor, log }, options, signal),
  };
}

export interface VolvoIdParts {
  /** The folder that all windows share for the sign-in. */
  readonly folder: StateFolder;
  readonly secrets: SecretStore;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly log: Logger;
}

/** The parts that a window needs to sign in with Volvo ID and to renew the sign-in. */
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
