import { listenOnLoopback } from "./loopback";
import { signIn, type SignInPorts, type SignInResult } from "./signInFlow";
import type { AttemptOptions } from "./signInAttempt";
import { createVolvoIdServer, type VolvoIdServer, type VolvoIdServerPorts } from "./volvoIdServer";
import type { Logger } from "../base/log";

/** How a person takes part in signing in. */
export type SignInHost = Omit<SignInPorts, "server" | "listen" | "clock" | "log" | "redactor">;

/** Volvo ID, for the session (renewal) and for the commands (sign-in). */
export interface VolvoIdConnection {
  readonly server: VolvoIdServer;
  signIn(host: SignInHost, options: AttemptOptions, signal: AbortSignal): Promise<SignInResult>;
}

/** Volvo ID for this computer, which listens for the answer of the browser. */
export function connectVolvoId(ports: VolvoIdServerPorts & { readonly log: Logger }): VolvoIdConnection {
  const server = createVolvoIdServer(ports);
  const { clock, redactor, log } = ports;
  return {
    server,
    signIn: (host, options, signal) =>
      signIn({ ...host, server, listen: listenOnLoopback, clock, redactor, log }, options, signal),
  };
}
