import { listenOnLoopback } from "./auth/loopback";
import { signIn, type SignInPorts, type SignInResult } from "./auth/signInFlow";
import type { AttemptOptions } from "./auth/signInAttempt";
import { createVolvoIdServer, type VolvoIdServer } from "./auth/volvoIdServer";
import type { Clock } from "./base/clock";
import type { Logger } from "./base/log";
import { classifyNetworkError, retryAfterMs } from "./volvo/errors";
import type { Fetch } from "./volvo/transport";

/** How a person takes part in signing in. */
export type SignInHost = Omit<SignInPorts, "server" | "listen" | "clock" | "log">;

/** Volvo ID: for the session, which renews what it has, and for people, who sign in. */
export interface VolvoIdConnection {
  readonly server: VolvoIdServer;
  signIn(host: SignInHost, options: AttemptOptions, signal: AbortSignal): Promise<SignInResult>;
}

/** Volvo ID by way of the network. */
export function volvoIdServer(fetch: Fetch, clock: Clock): VolvoIdServer {
  return createVolvoIdServer({
    fetch,
    clock,
    networkProblem: (error) => {
      const failure = classifyNetworkError(error);
      if (failure.kind === "timeout") return { kind: "timeout" };
      return { kind: "offline", certificate: failure.kind === "offline" && failure.certificate };
    },
    retryAfterMs,
  });
}

/**
 * Volvo ID for this computer, which listens for the answer of the browser. With a server of its own: oauth4webapi
 * exchanges only what the same copy of it has validated.
 */
export function connectVolvoId(fetch: Fetch, clock: Clock, log: Logger): VolvoIdConnection {
  const server = volvoIdServer(fetch, clock);
  return {
    server,
    signIn: (host, options, signal) =>
      signIn({ ...host, server, listen: listenOnLoopback, clock, log }, options, signal),
  };
}
