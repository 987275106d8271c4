import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Disposable } from "../base/disposable";
import type { Offer } from "./signInAttempt";

/** The texts of the page that the browser shows after the sign-in. */
export interface LoopbackPages {
  readonly title: string;
  /** The language of the texts, as a BCP 47 tag. */
  readonly language: string;
  /** For an answer that was taken. */
  readonly arrived: string;
  /** For a request that belongs to no sign-in under way. */
  readonly refused: string;
  /** A link back to VS Code; absent if it has no address. */
  readonly back?: { readonly title: string; readonly url: string };
}

export interface LoopbackListener extends Disposable {
  /** Why it does not listen. The other ways back still work. */
  readonly problem?: { readonly kind: "portTaken" | "cannotListen"; readonly port: number };
}

const loopbackHosts: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1", "::1"],
  "127.0.0.1": ["127.0.0.1"],
  "[::1]": ["::1"],
};

/** True if this computer can listen for the answer at `redirectUri`. */
export function isLoopback(redirectUri: string): boolean {
  const { protocol, hostname } = new URL(redirectUri);
  return protocol === "http:" && Object.hasOwn(loopbackHosts, hostname);
}

/**
 * Listens on the port of a loopback redirect URI, on 127.0.0.1 and ::1 only, until it is disposed at the end of the attempt.
 * Accepts only the registered path, and only answers that `offer` takes. Never rejects: a failure to listen becomes the
 * listener's `problem`.
 */
export async function listenOnLoopback(
  redirectUri: string,
  offer: (parameters: URLSearchParams) => Offer,
  pages: LoopbackPages,
): Promise<LoopbackListener> {
  const { hostname, port: portText, pathname } = new URL(redirectUri);
  const port = portText === "" ? 80 : Number(portText);
  const responses = new Set<Promise<unknown>>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const sent = new Promise((resolve) => response.once("close", resolve).once("finish", resolve));
    responses.add(sent);
    void sent.then(() => responses.delete(sent));
    const asked = URL.canParse(request.url ?? "", "http://localhost")
      ? new URL(request.url ?? "", "http://localhost")
      : undefined;
    if (request.method !== "GET" || asked?.pathname !== pathname) {
      send(response, 404, pages, "refused");
      return;
    }
    const isTaken = offer(asked.searchParams) === "taken";
    send(response, isTaken ? 200 : 400, pages, isTaken ? "arrived" : "refused");
  };
  const results = await Promise.all((loopbackHosts[hostname] ?? []).map((host) => listen(answer, host, port)));
  const servers = results.filter((result) => typeof result !== "string");
  const codes = results.filter((result) => typeof result === "string");
  const isTaken = codes.includes("EADDRINUSE");
  return {
    // On a computer without IPv6, listening on 127.0.0.1 is enough.
    ...((isTaken || servers.length === 0) && {
      problem: { kind: isTaken ? ("portTaken" as const) : ("cannotListen" as const), port },
    }),
    // Closing a server breaks connections, so it waits for the responses under way.
    dispose: () => void Promise.all(responses).then(() => servers.forEach(close)),
  };
}

/** A listening server, or the code of the error that prevented it. */
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

/** The icon of the view, media/container.svg, in the page's own color. */
const icon = [
  '<svg viewBox="0 0 24 24" width="48" height="48" fill="currentColor" aria-hidden="true"><path d="',
  "M6.8 2H14.7A2.3 2.3 0 0 1 16.8 3.4L18.6 7.9A3.4 3.4 0 0 1 20 9.5H4.5A1.5 1.5 0 0 0 3 11V16H13.5V17.5H6V19.25A.75 .75 0 0 1 5.25 20H3.75A.75 .75 0 0 1 3 19.25V17.5H2.25A.75 .75 0 0 1 1.5 16.75V11A3.4 3.4 0 0 1 2.9 7.9L4.7 3.4A2.3 2.3 0 0 1 6.8 2Z",
  "M6.8 3.5A.8 .8 0 0 0 6.1 4L4.5 8H17L15.4 4A.8 .8 0 0 0 14.7 3.5Z",
  "M5.75 12H8.25A.75 .75 0 0 1 8.25 13.5H5.75A.75 .75 0 0 1 5.75 12Z",
  "M16 15V12.75A.75 .75 0 0 1 17.5 12.75V15H20.5V12.75A.75 .75 0 0 1 22 12.75V15H22.25A.75 .75 0 0 1 23 15.75V16.5A3.5 3.5 0 0 1 20 20V22.25A.75 .75 0 0 1 19.25 23H18.75A.75 .75 0 0 1 18 22.25V20A3.5 3.5 0 0 1 15 16.5V15.75A.75 .75 0 0 1 15.75 15Z",
  '"/></svg>',
].join("");

/** The page follows the browser's light or dark colors and loads nothing. */
const style = [
  ":root{color-scheme:light dark}",
  "body{font-family:system-ui,sans-serif;line-height:1.5;max-width:32rem;margin:4rem auto;padding:0 1rem;text-align:center}",
  "h1{font-size:1.25rem}",
  "a{display:inline-block;padding:.4rem 1rem;border-radius:4px;background:#005fb8;color:#fff;text-decoration:none}",
].join("");

function send(response: ServerResponse, status: number, pages: LoopbackPages, outcome: "arrived" | "refused"): void {
  const { title, language, back } = pages;
  const link = back ? `<p><a href="${escapeHtml(back.url)}">${escapeHtml(back.title)}</a></p>` : "";
  const page = `<!DOCTYPE html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style>
</head><body>${icon}<h1>${escapeHtml(title)}</h1><p>${escapeHtml(pages[outcome])}</p>${link}</body></html>
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
