import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ProxyAgent, fetch as undiciFetch } from "undici";
import { AuthWorld, issuer } from "../support/auth/world";
import { apiOrigin, FakeAuthorizer } from "../support/builders/transport";
import { RecordingLog } from "../support/builders/builders";
import { FakeClock } from "../support/fakeClock";
import { turnWith } from "../support/turn";
import { createTransport, type Fetch } from "../../src/volvo/transport";

/** A proxy on this computer that answers every CONNECT with `status`. */
async function withProxy<T>(status: number, act: (fetch: Fetch, asked: readonly string[]) => Promise<T>): Promise<T> {
  const asked: string[] = [];
  const proxy: Server = createServer();
  proxy.on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    socket.end(`HTTP/1.1 ${status} No\r\nProxy-Authenticate: Basic realm="office"\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const agent = new ProxyAgent(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  // undici's types and those of @types/node have the same members, but TypeScript does not accept one for the other.
  const fetch = (url: string, init: RequestInit) =>
    undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
  try {
    return await act(fetch, asked);
  } finally {
    await agent.destroy();
    proxy.closeAllConnections();
    proxy.close();
  }
}

const cases = [
  [407, { kind: "proxyLogin" }],
  [403, { kind: "intercepted" }],
  [502, { kind: "intercepted" }],
] as const;

describe("A proxy that answers CONNECT", () => {
  for (const [status, expected] of cases) {
    it(`with ${status} makes a reading fail as ${expected.kind}`, async () => {
      await withProxy(status, async (fetch, asked) => {
        const transport = createTransport({
          fetch,
          clock: new FakeClock(),
          log: new RecordingLog(),
          authorizer: new FakeAuthorizer(),
          baseUrl: () => apiOrigin,
        });
        const result = await transport.get("/x", "application/json", turnWith());
        assert.deepEqual(!result.ok && result.failure, expected);
        assert.deepEqual(asked, [`${new URL(apiOrigin).host}:443`]);
      });
    });

    it(`with ${status} makes a renewal fail as ${expected.kind}, and the refresh token is still unused`, async () => {
      await withProxy(status, async (fetch) => {
        const server = new AuthWorld().server(fetch);
        const outcome = await server.refresh({ issuer, clientId: "id", clientSecret: "secret" }, "a-refresh-token");
        assert.ok(outcome.kind === "noAnswer", outcome.kind);
        assert.deepEqual([outcome.problem, outcome.mayHaveArrived], [expected, false]);
      });
    });
  }
});
