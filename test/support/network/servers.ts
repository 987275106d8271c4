import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import path from "node:path";

const folder = path.join(__dirname, "..", "..", "..", "..", "test", "tls");

/** The certificate of the authority that signed `good`, `expired` and `wrong-host`. */
export const authorityFile = path.join(folder, "authority.crt");

export interface TestServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A test server on 127.0.0.1. `close` also ends open connections. */
async function listening(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export type Certificate = "good" | "expired" | "wrong-host" | "stranger";

/** A TLS server. Clients should accept only the certificate `good`. */
export function startTlsServer(certificate: Certificate, listener: RequestListener): Promise<TestServer> {
  const read = (kind: string) => readFileSync(path.join(folder, `${certificate}.${kind}`));
  return listening(createTlsServer({ cert: read("crt"), key: read("key") }, listener));
}

/** A server that redirects every request to the same path at `origin`. */
export function startRedirect(status: number, origin: string): Promise<TestServer> {
  return listening(
    createServer((request, response) => {
      request.resume();
      response.writeHead(status, { location: origin + (request.url ?? "") }).end();
    }),
  );
}

/** A third-party server that records all requests. */
export async function startEavesdropper(): Promise<TestServer & { readonly heard: readonly Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.end("{}");
    });
  });
  return { ...(await listening(server)), heard };
}

export interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP proxy that knows one host by name and connects clients of that host to a local port. */
export async function startProxy(
  host: string,
  port: () => number,
): Promise<TestServer & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on("connect", (request, client: Socket) => {
    asked.push(request.url ?? "");
    if (!request.url?.startsWith(`${host}:`)) {
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const upstream = connect(port(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on("error", () => socket.destroy());
    client.on("close", () => upstream.destroy());
  });
  return { ...(await listening(server)), asked };
}
