import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { sha256 } from "./sbom";

/** The record of one publishing command, run against a fake of GitHub's identity service and of both registries. */
export interface Rehearsal {
  readonly command: string;
  readonly exitCode: number | null;
  /** The command's output. */
  readonly output: string;
  /** The audience of the identity token that the command requested from GitHub. */
  readonly audience?: string;
  /** The extension or publisher for which the command exchanged the identity token for a short-lived token. */
  readonly exchangedFor?: unknown;
  /** The SHA-256 of the package that the command sent with the short-lived token. */
  readonly published?: string;
  /** Requests that a release must not make, such as one with another credential. */
  readonly unexpected: readonly string[];
}

type Seen = { -readonly [Key in "audience" | "exchangedFor" | "published"]?: Rehearsal[Key] } & {
  readonly unexpected: string[];
};

/** The publishing commands of release.yml, in order. */
export function publishingCommands(workflow: string): readonly string[] {
  const { jobs } = parse(workflow) as {
    readonly jobs: Readonly<Record<string, { readonly steps?: readonly { readonly run?: string }[] }>>;
  };
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  return steps.flatMap(({ run }) => (run !== undefined && /\b(?:vsce|ovsx) publish\b/.test(run) ? [run] : []));
}

/**
 * Runs a publishing command in the environment of a GitHub workflow, but against a fake server on this computer. The
 * command gets an empty home folder, so it cannot use stored credentials. It runs in the folder `root`.
 */
export async function rehearse(command: string, root: string): Promise<Rehearsal> {
  const requestToken = randomBytes(16).toString("hex");
  const seen: Seen = { unexpected: [] };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { status, body } = answer(request, Buffer.concat(chunks), requestToken, seen);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const home = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-release-"));
  try {
    const env = {
      PATH: [path.join(root, "node_modules", ".bin"), process.env["PATH"]].join(path.delimiter),
      HOME: home,
      USERPROFILE: home,
      GITHUB_ACTIONS: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/identity?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      VSCE_MARKETPLACE_URL: `${origin}/marketplace`,
      OVSX_REGISTRY_URL: `${origin}/open-vsx`,
    };
    return { command, ...(await run(command, root, env)), ...seen };
  } finally {
    server.closeAllConnections();
    server.close();
    await fs.rm(home, { recursive: true, force: true });
  }
}

/** Runs the command, and ends it after a minute. */
function run(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Pick<Rehearsal, "exitCode" | "output">> {
  const child = spawn(command, { cwd, env, shell: true, timeout: 60_000, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The Marketplace's ids of the routes for one extension and for the list of extensions. */
const galleryRoutes = [
  ["e11ea35a-16fe-4b80-ab11-c4cab88a0966", "extension"],
  ["a41192c8-9525-4b58-bc86-179fa549d80d", "extensions"],
] as const;

const routeLocation = ([id, routeTemplate]: (typeof galleryRoutes)[number]) => ({
  ...{ id, area: "gallery", resourceName: routeTemplate, routeTemplate, resourceVersion: 2 },
  ...{ minVersion: "1.0", maxVersion: "7.2", releasedVersion: "7.2" },
});

const ok = (body: unknown): Answer => ({ status: 200, body });

/** Answers all requests of vsce 4.1 and ovsx 1.3. Accepts each credential only for its own purpose. */
function answer(request: http.IncomingMessage, body: Buffer, requestToken: string, seen: Seen): Answer {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const authorization = request.headers.authorization ?? "";
  const identity = `identity-${requestToken}`;
  const token = `token-${requestToken}`;
  const route = `${request.method ?? ""} ${pathname}`;

  switch (route) {
    case "GET /identity":
      if (authorization !== `Bearer ${requestToken}`) break;
      seen.audience = searchParams.get("audience") ?? "";
      return ok({ value: identity });

    case "POST /marketplace/_apis/gallery/token":
      if (authorization !== `FederatedToken ${identity}`) break;
      seen.exchangedFor = JSON.parse(body.toString());
      return ok({ credential: token });

    // vsce asks where the Marketplace keeps extensions, and whether it has this one.
    case "OPTIONS /marketplace/_apis/gallery":
      return ok({ value: galleryRoutes.map(routeLocation), count: galleryRoutes.length });

    case "GET /marketplace/extension":
      return { status: 404, body: {} };

    case "POST /marketplace/extensions":
      if (authorization !== `Basic ${Buffer.from(`OAuth:${token}`).toString("base64")}`) break;
      seen.published = sha256(body);
      return ok({});

    case "POST /open-vsx/api/-/trusted-publishing/token": {
      const { token: presented, ...extension } = JSON.parse(body.toString()) as { readonly token: string };
      if (presented !== identity) break;
      seen.exchangedFor = extension;
      return ok({ value: token });
    }

    case "GET /open-vsx/api/version":
      return ok({ version: "1.3.0" });

    case "GET /open-vsx/api/-/size-limit":
      return ok({ maxExtensionSize: 512 * 1024 * 1024 });

    case "POST /open-vsx/api/-/publish":
      if (authorization !== `Bearer ${token}` && searchParams.get("token") !== token) break;
      seen.published = sha256(body);
      return ok({ namespace: "rehearsal", name: "rehearsal", version: "0", targetPlatform: "universal" });
  }
  seen.unexpected.push(route);
  return { status: 404, body: { message: `The fake server does not know ${route}.` } };
}
