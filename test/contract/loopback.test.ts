import assert from "node:assert/strict";
import net from "node:net";
import fc from "fast-check";
import { listenOnLoopback } from "../../src/auth/loopback";
import { anyText } from "../support/builders/arbitrary";
import { fuzzAsync } from "../support/fuzzRuns";

const pages = { language: "en", title: "Sign-in", arrived: "arrived", refused: "refused" };

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The response to raw bytes, up to the end of the connection. */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

describe("a local program that connects to the sign-in's port", () => {
  const get = (target: string, headers = "") => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
  const good = "/callback?code=c0de&state=good";

  const attempts: readonly (readonly [how: string, bytes: string, status: RegExp])[] = [
    ["asks for another path", get("/callback/../other?code=c0de&state=good"), /^HTTP\/1\.1 404/],
    ["asks for a path with the same beginning", get("/callbackx?code=c0de&state=good"), /^HTTP\/1\.1 404/],
    ["guesses the state", get("/callback?code=evil&state=guess"), /^HTTP\/1\.1 400/],
    ["gives no state", get("/callback?code=evil"), /^HTTP\/1\.1 400/],
    ["gives the right state second", get("/callback?code=evil&state=x&state=good"), /^HTTP\/1\.1 400/],
    ["posts", `POST ${good} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`, /^HTTP\/1\.1 404/],
    ["asks for the head", `HEAD ${good} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 404/],
    ["sends a huge address", get(`/callback?code=${"x".repeat(100_000)}&state=guess`), /^HTTP\/1\.1 431/],
    ["sends huge headers", get("/callback?state=guess&code=1", `X: ${"x".repeat(100_000)}\r\n`), /^HTTP\/1\.1 431/],
    ["speaks no HTTP", "\u0016\u0003\u0001\u0000 hello\r\n\r\n", /^HTTP\/1\.1 400/],
    ["asks for an address on another host", get("http://evil.example/?code=evil&state=guess"), /^HTTP\/1\.1 404/],
    ["puts markup into the address", get("/callback?code=<script>1</script>&state=<b>"), /^HTTP\/1\.1 400/],
  ];

  it("is refused and changes nothing, and the real response is still accepted", async () => {
    const port = await freePort();
    const taken: string[] = [];
    const offer = (parameters: URLSearchParams) => {
      if (parameters.get("state") !== "good") return "wrongState";
      taken.push(parameters.get("code") ?? "");
      return "taken";
    };
    const listener = await listenOnLoopback(`http://localhost:${port}/callback`, offer, pages);
    assert.equal(listener.problem, undefined);
    for (const [how, bytes, status] of attempts) {
      const answer = await send(port, bytes);
      assert.match(answer, status, how);
      assert.doesNotMatch(answer, /<script|evil|set-cookie|access-control/i, how);
      assert.deepEqual(taken, [], how);
    }
    const target = fc.tuple(
      fc.constantFrom(good, "/callback", "//callback", "*", "http://[", ""),
      fc.nat(40),
      anyText(8),
    );
    const odd = target.map(([address, at, text]) => {
      return encodeURI(
        (address.slice(0, at) + Buffer.from(text).toString() + address.slice(at)).replace("good", "guess"),
      );
    });
    await fuzzAsync(odd, async (asked) => {
      const answer = await send(port, get(asked));
      assert.match(answer, /^HTTP\/1\.1 4\d\d/, asked);
      assert.deepEqual(taken, [], asked);
    });
    assert.match(await send(port, get(good)), /^HTTP\/1\.1 200[\s\S]*content-security-policy: default-src 'none'/i);
    assert.deepEqual(taken, ["c0de"]);
    listener.dispose();
  });

  it("links from its last page back to the editor if the editor has an address", async () => {
    const port = await freePort();
    const uri = `http://127.0.0.1:${port}/callback`;
    const back = { title: "Open <Code>", url: "vscode://x.y/?a&b" };
    const listener = await listenOnLoopback(uri, () => "taken", { ...pages, back });
    try {
      const page = await (await fetch(`${uri}?code=1`)).text();
      assert.ok(page.includes('<a href="vscode://x.y/?a&#38;b">Open &#60;Code&#62;</a>'), page);
      assert.ok(page.includes('<html lang="en">') && page.includes("color-scheme:light dark"));
    } finally {
      listener.dispose();
    }
  });
});
