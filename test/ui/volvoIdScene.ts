import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Server } from "node:net";
import type { Page } from "playwright-core";
import type { SimulatedVolvo } from "../../src/simulator/simulatedVolvo";
import { extensionId } from "../../src/contributions";
import type { Workbench } from "../../scripts/headless/workbench";
import { freePort } from "../support/auth/browser";

/**
 * The same server at an address that VS Code in the browser treats as external, like Volvo's. VS Code would send
 * requests to localhost through its own tunnel.
 */
export async function underOtherAddress(origin: string): Promise<{ origin: string; server: Server }> {
  const port = Number(new URL(origin).port);
  const server = createServer((socket) => {
    const target = connect(port, "127.0.0.1");
    socket.pipe(target).pipe(socket);
    for (const end of [socket, target]) end.on("error", () => socket.destroy());
  });
  const other = await freePort();
  await new Promise<void>((resolve) => server.listen(other, "127.0.0.2", resolve));
  return { origin: `http://127.0.0.2:${other}`, server };
}

/**
 * Another program on the port, at both addresses of localhost: if one were free, the browser would reach the listener
 * there. A machine without IPv6 has only one.
 */
export async function occupy(port: number): Promise<{ close(): void }> {
  const servers = ["127.0.0.1", "::1"].map((host) => {
    const server = createHttpServer((_, response) => response.end("another program"));
    return new Promise<typeof server | undefined>((resolve) => {
      server.once("error", () => resolve(undefined));
      server.listen({ port, host, ipv6Only: host === "::1" }, () => resolve(server));
    });
  });
  const listening = (await Promise.all(servers)).filter((server) => server !== undefined);
  return {
    close: () =>
      listening.forEach((server) => {
        server.close();
        server.closeAllConnections();
      }),
  };
}

/** The browser tab that the product opens, after VS Code's permission prompt. */
export async function openedPage({ page, dialog }: Workbench): Promise<Page> {
  const opened = page.context().waitForEvent("page");
  await dialog.click("Open");
  return await opened;
}

/** Approves on the Volvo ID page and waits for the page that follows. */
export async function agree(volvoId: Page, afterwards: string): Promise<void> {
  await volvoId.getByRole("button", { name: "Sign in" }).click();
  await volvoId.getByText(afterwards).waitFor();
}

/**
 * The extension's stored secrets, by key. In the browser VS Code stores all secrets as one text, encrypted with a key
 * that it combines from two halves. The server has one of them (`ServerKeyedAESCrypto`).
 */
export async function storedSecrets(page: Page): Promise<Readonly<Record<string, string>>> {
  const all = await page.evaluate(async () => {
    const sealed = localStorage.getItem("secrets.provider");
    if (sealed === null) return {};
    const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
    const answer = await fetch("/mint-key", { method: "POST", credentials: "include" });
    const half = new Uint8Array(await answer.arrayBuffer());
    const whole = bytes.slice(0, 32).map((byte, index) => byte ^ (half[index] ?? 0));
    const key = await crypto.subtle.importKey("raw", whole, "AES-GCM", false, ["decrypt"]);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(32, 44) }, key, bytes.slice(44));
    return JSON.parse(new TextDecoder().decode(plain)) as Record<string, string>;
  });
  const own = Object.entries(all).flatMap(([name, value]) => {
    const { extensionId: owner, key } = JSON.parse(name) as { extensionId?: string; key?: string };
    return owner === extensionId && key !== undefined ? [[key, value] as const] : [];
  });
  return Object.fromEntries(own);
}

/** Every secret of a sign-in that reached Volvo, and the user's personal data. */
export function secretsSeenBy({ requests, volvoId }: SimulatedVolvo): readonly string[] {
  const { clientSecret, email } = volvoId.options;
  const forms = [...requests.of("token"), ...requests.of("revoke")].map(({ body }) => new URLSearchParams(body));
  const typed = ["refresh_token", "token", "code", "code_verifier"].flatMap((name) =>
    forms.map((form) => form.get(name)),
  );
  const sent = requests.all.flatMap(({ headers }) => [
    headers["authorization"]?.replace(/^\w+ /, ""),
    headers["vcc-api-key"],
  ]);
  const all = [clientSecret, encodeURIComponent(clientSecret), email, ...typed, ...sent];
  return [...new Set(all.filter((secret): secret is string => typeof secret === "string" && secret !== ""))];
}
