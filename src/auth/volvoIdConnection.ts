import { listenOnLoopback } from "./loopback";
import { signIn, type SignInPorts, type SignInResult } from "./signInFlow";
import type { AttemptOptions } from "./signInAttempt";
import { createVolvoIdServer, type VolvoIdServer } from "./volvoIdServer";
import type { Clock } from "../base/clock";
import type { Logger, Redactor } from "../base/log";
import { classifyNetworkError, retryAfterMs } from "../volvo/errors";
import type { Fetch } from "../volvo/transport";

/** How a person takes part in signing in. */
export type SignInHost = Omit<SignInPorts, "server" | "listen" | "clock" | "log" | "redactor">;

/** Volvo ID, for the session (renewal) and for the commands (sign-in). */
export interface VolvoIdConnection {
  readonly server: VolvoIdServer;
  signIn(host: SignInHost, options: AttemptOptions, signal: AbortSignal): Promise<SignInResult>;
}

export interface NetworkPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** Volvo ID by way of the network. */
function volvoIdServer(ports: NetworkPorts): VolvoIdServer {
  return createVolvoIdServer({
    ...ports,
    networkProblem: (error) => {
      const failure = classifyNetworkError(error);
      if (failure.kind === "timeout" || failure.kind === "intercepted" || failure.kind === "proxyLogin") return failure;
      return { kind: "offline", certificate: failure.kind === "offline" && failure.certificate };
    },
    retryAfterMs,
  });
}

/** Volvo ID for this computer, which listens for the answer of the browser. */
export function connectVolvoId(ports: NetworkPorts & { readonly log: Logger }): VolvoIdConnection {
  const server = volvoIdServer(ports);
  const { clock, redactor, log } = ports;
  return {
    server,
    signIn: (host, options, signal) =>
      signIn({ ...host, server, listen: listenOnLoopback, clock, redactor, log }, options, signal),
  };
}
