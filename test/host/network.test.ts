import assert from "node:assert/strict";
import fs from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import vscode = require("vscode");
import { createVolvoIdServer } from "../../src/auth/volvoIdServer";
import { systemClock } from "../../src/base/clock";
import { Redactor } from "../../src/base/redactor";
import type { FaultName } from "../../src/simulator/faults/faults";
import { simulatorListener } from "../../src/simulator/server";
import type { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import type { Fetch } from "../../src/volvo/transport";
import { aVolvo, fastClock, NetworkProduct, type Seen, seenWith } from "../support/network/product";
import {
  authorityFile,
  type Certificate,
  startEavesdropper,
  startProxy,
  startRedirect,
  startTlsServer,
} from "../support/network/servers";

/** The extension host's own fetch, as VS Code provides it to all extensions. */
const hostFetch: Fetch = (url, init) => globalThis.fetch(url, init);

const apiHost = "api.volvo.test";
const unreachable = { problem: "offline", sentence: "Volvo's service can't be reached." };
const untrusted = {
  problem: "offline",
  sentence: "The connection to Volvo isn't trusted: check the certificate of your proxy or company.",
};
const late = { problem: "timeout", sentence: "Volvo's service didn't respond in time." };
const unreadable = { problem: "malformed", sentence: "Volvo's response couldn't be read." };
const intercepted = {
  problem: "intercepted",
  sentence: "A proxy, network login, or firewall answered instead of Volvo. Check your network.",
};
const fine: Seen = { connection: "connectedAc", problem: undefined, sentence: "" };
const neverRead = (problem: Omit<Seen, "connection">): Seen => ({ connection: undefined, ...problem });

/** The screen after the first check of a product that uses `baseUrl`. */
async function firstSeen(baseUrl: string, volvo?: SimulatedVolvo, fetch = hostFetch): Promise<Seen> {
  const token = volvo?.issueTestToken({ lifetimeMs: Infinity }).value ?? "a-token";
  const product = new NetworkProduct(baseUrl, fetch, fastClock(), token);
  try {
    return await product.firstCheck();
  } finally {
    product.dispose();
  }
}

async function setProxy(values: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("http");
  for (const [key, value] of Object.entries(values)) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Global);
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * VS Code 1.104 reads the system's certificates from a fixed file, so this acts as if the authority had been added to
 * that file. Newer versions let Node read them, which uses SSL_CERT_FILE (run.ts).
 */
function addToSystemCertificates(): void {
  const { readFile } = fs.promises;
  const patched = (file: unknown, ...rest: unknown[]): Promise<unknown> => {
    if (file !== "/etc/ssl/certs/ca-certificates.crt") {
      return Reflect.apply(readFile, fs.promises, [file, ...rest]) as Promise<unknown>;
    }
    const own = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    return Promise.resolve(own + fs.readFileSync(authorityFile, "utf8"));
  };
  Object.assign(fs.promises, { readFile: patched });
}

addToSystemCertificates();

describe("the network, from the extension host to the screen", () => {
  describe("a service that fails after a valid response, over real sockets", () => {
    const expected: Readonly<Partial<Record<FaultName, Omit<Seen, "connection">>>> = {
      "connection-reset": unreachable,
      "reset-in-body": unreachable,
      "wrong-content-length": unreachable,
      "black-hole": late,
      "slow-90-s": late,
      "stalled-body": late,
      "trickling-body": late,
      "endless-body": unreadable,
      "body-of-20-mib": unreadable,
      "truncated-gzip": unreadable,
      "false-gzip": unreadable,
      "login-page": intercepted,
    };
    const names = Object.keys(expected) as FaultName[];
    const runs = new Map<FaultName, Promise<Seen>>();
    // undici 6 loses the abort signal of a body when garbage is collected. A real wait includes that; these are short.
    let collecting: NodeJS.Timeout;

    before(() => {
      collecting = setInterval(collectGarbage, 200);
      // All at once, because most of them wait.
      for (const name of names) {
        const run = seenWith(name, hostFetch);
        run.catch(() => undefined);
        runs.set(name, run);
      }
    });

    after(() => clearInterval(collecting));

    for (const name of names) {
      it(`keeps the reading and shows the problem: ${name}`, async () => {
        assert.deepEqual(await runs.get(name), { connection: "connectedAc", ...expected[name] });
      });
    }
  });

  it("is shown as unreachable if the name of its host does not resolve, or nothing listens there", async () => {
    const closed = await startEavesdropper();
    await closed.close();
    assert.deepEqual(await firstSeen("https://no-such-host.invalid"), neverRead(unreachable));
    assert.deepEqual(await firstSeen(`http://127.0.0.1:${closed.port}`), neverRead(unreachable));
  });

  describe("a redirect to another host", () => {
    const followed: Fetch = (url, init) => hostFetch(url, { ...init, redirect: "follow" });

    /** The requests that reach the other host during a reading or a renewal of the sign-in. */
    async function heardAfter(status: number, act: (origin: string) => Promise<unknown>): Promise<string> {
      const other = await startEavesdropper();
      const redirect = await startRedirect(status, `http://localhost:${other.port}`);
      try {
        await act(`http://127.0.0.1:${redirect.port}`);
        return JSON.stringify(other.heard);
      } finally {
        await redirect.close();
        await other.close();
      }
    }

    async function renew(issuer: string, fetch: Fetch): Promise<unknown> {
      const server = createVolvoIdServer({
        fetch,
        clock: systemClock,
        redactor: new Redactor(),
      });
      const client = { issuer, clientId: "a-client", clientSecret: "a-client-secret" };
      return server.refresh(client, "a-refresh-token");
    }

    for (const status of [301, 302, 303, 307, 308]) {
      it(`is not followed: neither key nor token reaches the other host (${status})`, async () => {
        const read = async (origin: string) => assert.deepEqual(await firstSeen(origin), neverRead(intercepted));
        assert.equal(await heardAfter(status, read), "[]");
        assert.equal(await heardAfter(status, (issuer) => renew(issuer, hostFetch)), "[]");
      });
    }

    it("would carry the key and the refresh token if it were followed", async () => {
      assert.match(await heardAfter(307, (origin) => firstSeen(origin, undefined, followed)), /"vcc-api-key":"\w+"/);
      assert.match(await heardAfter(307, (issuer) => renew(issuer, followed)), /a-refresh-token/);
    });
  });

  describe("TLS", function () {
    // A desktop VS Code reads the certificates of the real system, not those of the tests.
    before(function () {
      if (process.env["SSL_CERT_FILE"] !== authorityFile) this.skip();
    });

    afterEach(() => setProxy({ systemCertificates: undefined, proxy: undefined, noProxy: undefined }));

    async function seenOverTls(certificate: Certificate, host = "localhost"): Promise<Seen> {
      const volvo = aVolvo(fastClock());
      const server = await startTlsServer(certificate, simulatorListener(volvo));
      try {
        return await firstSeen(`https://${host}:${server.port}`, volvo);
      } finally {
        await server.close();
      }
    }

    it("accepts a private authority in the system's trust store", async () => {
      assert.deepEqual(await seenOverTls("good"), fine);
    });

    it("rejects a private authority if the user turns the system's certificates off", async () => {
      await setProxy({ systemCertificates: false });
      assert.deepEqual(await seenOverTls("good"), neverRead(untrusted));
    });

    for (const certificate of ["stranger", "expired", "wrong-host"] as const) {
      it(`shows a message about the certificate: ${certificate}`, async () => {
        assert.deepEqual(await seenOverTls(certificate), neverRead(untrusted));
      });
    }

    it("uses the proxy of http.proxy, except for hosts in http.noProxy", async () => {
      const volvo = aVolvo(fastClock());
      const server = await startTlsServer("good", simulatorListener(volvo));
      const proxy = await startProxy(apiHost, () => server.port);
      try {
        await setProxy({ proxy: `http://127.0.0.1:${proxy.port}` });
        assert.deepEqual(await firstSeen(`https://${apiHost}`, volvo), fine);
        assert.deepEqual(proxy.asked, [`${apiHost}:443`]);
        await setProxy({ noProxy: [apiHost] });
        assert.deepEqual(await firstSeen(`https://${apiHost}`, volvo), neverRead(unreachable));
        assert.equal(proxy.asked.length, 1);
      } finally {
        await proxy.close();
        await server.close();
      }
    });

    it("shows a message about the certificate if the proxy replaces Volvo's", async () => {
      const volvo = aVolvo(fastClock());
      const server = await startTlsServer("stranger", simulatorListener(volvo));
      const proxy = await startProxy(apiHost, () => server.port);
      try {
        await setProxy({ proxy: `http://127.0.0.1:${proxy.port}` });
        assert.deepEqual(await firstSeen(`https://${apiHost}`, volvo), neverRead(untrusted));
      } finally {
        await proxy.close();
        await server.close();
      }
    });
  });
});
