import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Disposable } from "../base/disposable";
import type { Offer } from "./signInAttempt";

/** What the browser shows when it is back, as texts for people. */
export interface LoopbackPages {
  readonly title: string;
  /** The answer has arrived. */
  readonly arrived: string;
  /** What came belongs to no sign-in that is under way. */
  readonly refused: string;
}

export interface LoopbackListener extends Disposable {
  /** Why it does not listen on its own; the other ways back remain. */
  readonly problem?: { readonly kind: "portTaken" | "cannotListen"; readonly port: number };
}

const loopbackHosts: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1", "::1"],
  "127.0.0.1": ["127.0.0.1"],
  "[::1]": ["::1"],
};

/** Whether this computer can take the answer at `redirectUri` by itself. */
export function isLoopback(redirectUri: string): boolean {
  const { protocol, hostname } = new URL(redirectUri);
  return protocol === "http:" && Object.hasOwn(loopbackHosts, hostname);
}

/**
 * Waits on the port of a loopback redirect URI, on 127.0.0.1 and ::1 alone, for as long as one attempt lasts. Answers
 * exactly the registered path and nothing without the attempt's state. Never rejects: where the port is taken, that is
 * the listener's problem.
 */
export async function listenOnLoopback(
  redirectUri: string,
  offer: (parameters: URLSearchParams) => Offer,
  pages: LoopbackPages,
): Promise<LoopbackListener> {
  const { hostname, port: portText, pathname } = new URL(redirectUri);
  const port = portText === "" ? 80 : Number(portText);
  const underWay = new Set<Promise<unknown>>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const sent = new Promise((resolve) => response.once("close", resolve).once("finish", resolve));
    underWay.add(sent);
    void sent.then(() => underWay.delete(sent));
    const asked = URL.canParse(request.url ?? "", "http://localhost")
      ? new URL(request.url ?? "", "http://localhost")
      : undefined;
    if (request.method !== "GET" || asked?.pathname !== pathname) {
      send(response, 404, pages.title, pages.refused);
      return;
    }
    const isTaken = offer(asked.searchParams) === "taken";
    send(response, isTaken ? 200 : 400, pages.title, isTaken ? pages.arrived : pages.refused);
  };
  const results = await Promise.all((loopbackHosts[hostname] ?? []).map((host) => listen(answer, host, port)));
  const servers = results.filter((result) => typeof result !== "string");
  const codes = results.filter((result) => typeof result === "string");
  const isTaken = codes.includes("EADDRINUSE");
  return {
    // A machine without IPv6 has no ::1, which is fine as long as the other address is listened on.
    ...((isTaken || servers.length === 0) && {
      problem: { kind: isTaken ? ("portTaken" as const) : ("cannotListen" as const), port },
    }),
    // Closing a server cuts off what is still on its way to the browser.
    dispose: () => void Promise.all(underWay).then(() => servers.forEach(close)),
  };
}

/** A server that listens, or the code of the error that kept it from it. */
function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  host: string,
  port: number,
): Promise<Server | string> {
  return new Promise((resolve) => {
    const server = createServer({ keepAlive: false, headersTimeout: 10_000, requestTimeout: 10_000 }, answer);
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true, ipv6Only: host.includes(":") }, () => {
      server.on("error", () => undefined);
      resolve(server);
    });
  });
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function send(response: ServerResponse, status: number, title: string, text: string): void {
  const page = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font-family:system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style>
</head><body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></body></html>
`;
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(page);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
