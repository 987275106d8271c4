import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type AdvanceClock, controlPath, SimulatorControl } from "./control";
import type { SimulatedRequest } from "./http";
import { sendAnswer } from "./sendAnswer";
import type { SimulatedVolvo } from "./simulatedVolvo";

export interface SimulatorServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Stops listening and closes open connections. Resolves once the port is free. */
  close(): Promise<void>;
}

export interface SimulatorServerOptions {
  /** Default: any free port. */
  readonly port?: number | undefined;
  /** Lets `POST /_control/clock` move a fake clock. Default: the `advance` of the simulator's clock, if it has one. */
  readonly advanceClock?: AdvanceClock;
}

/**
 * Serves `volvo` over HTTP on 127.0.0.1. Rejects if the port is taken. Several servers may share one `volvo`, so Volvo
 * ID and the APIs can have different origins.
 */
export async function startSimulatorServer(
  volvo: SimulatedVolvo,
  options: SimulatorServerOptions = {},
): Promise<SimulatorServer> {
  const server = createServer(simulatorListener(volvo, options.advanceClock));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A request listener for any server, for example one with TLS. */
export function simulatorListener(
  volvo: SimulatedVolvo,
  advanceClock: AdvanceClock | undefined = advanceOf(volvo.clock),
): RequestListener {
  const control = new SimulatorControl(volvo, advanceClock);
  return (incoming, response) => {
    answer(volvo, control, incoming, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
}

async function answer(
  volvo: SimulatedVolvo,
  control: SimulatorControl,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await receive(incoming);
  if (request.url === controlPath || request.url.startsWith(`${controlPath}/`)) {
    sendAnswer(await control.handle(request), response, volvo.clock);
  } else {
    sendAnswer(volvo.handle(request), response, volvo.clock);
  }
}

async function receive(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const body = Buffer.concat(chunks).toString("utf8");
  return { method: incoming.method ?? "GET", url: incoming.url ?? "/", headers, body };
}

function advanceOf(clock: object): AdvanceClock | undefined {
  if (!("advance" in clock) || typeof clock.advance !== "function") return undefined;
  const advance = clock.advance as AdvanceClock;
  return (ms) => advance.call(clock, ms);
}
