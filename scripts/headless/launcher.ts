import { format, parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser";
import { vscodeVersions, type VSCodeVersion } from "./install";
import { startServer, type Payload, type Server } from "./server";

/** Environment variables for callers that can pass only desktop VS Code's flags. */
export const launcherEnv = {
  version: "HEADLESS_VSCODE_VERSION",
  limitSeconds: "HEADLESS_VSCODE_LIMIT_SECONDS",
  /** 1: also print the workbench's own log. */
  verbose: "HEADLESS_VSCODE_VERBOSE",
};

interface Launch {
  readonly version: VSCodeVersion;
  readonly limitMs: number;
  readonly extension: string;
  readonly tests: string;
  readonly folder: string | undefined;
  readonly userDataDir: string;
  readonly extensionsDir: string;
}

/**
 * Runs a test suite inside the extension host of a headless VS Code, in this process's environment. Accepts the flags
 * that @vscode/test-electron passes to a desktop one. Prints the host's console. Resolves with the suite's exit code,
 * or rejects after the time limit.
 */
export async function launch(argv: readonly string[]): Promise<number> {
  const options = parseLaunch(argv);
  const server = await startServer({
    version: options.version,
    serverDataDir: options.userDataDir,
    extensionsDir: options.extensionsDir,
    testHooks: true,
  });
  try {
    const browser = await launchBrowser();
    try {
      return await runSuite(await browser.newPage(), server, options);
    } finally {
      await browser.close();
    }
  } finally {
    await server.dispose();
  }
}

async function runSuite(page: Page, server: Server, options: Launch): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const result = new Promise<number>((resolve, reject) => {
    const limit = `No result within ${options.limitMs / 1000} s (${launcherEnv.limitSeconds}); the page said:`;
    const consoleTail = keepTail(page);
    timer = setTimeout(() => reject(new Error([limit, ...consoleTail].join("\n  "))), options.limitMs);
    page.on("crash", () => reject(new Error("The browser page crashed")));
    page.exposeFunction("codeAutomationExit", resolve).catch(reject);
    page.exposeFunction("codeAutomationLog", printHostConsole).catch(reject);
  });
  const payload: Payload = [
    ["extensionDevelopmentPath", server.uri(options.extension)],
    ["extensionTestsPath", server.uri(options.tests)],
  ];
  try {
    await page.goto(server.url(options.folder, payload));
    return await result;
  } finally {
    clearTimeout(timer);
  }
}

/** Lines of the workbench's own log at start-up, which arrive on the channel of the extension host's console. */
const noise = new RegExp(
  `^(${[
    "Resolv(ing|ed) connection token",
    "Creating a socket",
    "\\[(reconnection-grace-time|AgentHost:remote|AccountPolicyGate|Service Worker)\\]",
    "(Ignoring fetching|Updating) additional builtin extensions",
    "ChatSessionStore:",
  ].join("|")})`,
);

function printHostConsole(type: string, args: unknown[]): void {
  const line = format(...args);
  if (noise.test(line) && process.env[launcherEnv.verbose] !== "1") return;
  if (type === "error" || type === "warn") console.error(line);
  else console.log(line);
}

function keepTail(page: Page): string[] {
  const tail: string[] = [];
  page.on("console", (message) => {
    tail.push(message.text());
    if (tail.length > 20) tail.shift();
  });
  return tail;
}

function parseLaunch(argv: readonly string[]): Launch {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: {
      extensionDevelopmentPath: { type: "string" },
      extensionTestsPath: { type: "string" },
      "user-data-dir": { type: "string" },
      "extensions-dir": { type: "string" },
    },
    strict: false,
    allowPositionals: true,
  });
  const path = (name: string): string => {
    const value = values[name];
    if (typeof value !== "string" || !value) throw new Error(`--${name}=<absolute path> is missing`);
    return value;
  };
  const version = process.env[launcherEnv.version] ?? "1.139";
  if (!vscodeVersions.includes(version as VSCodeVersion)) {
    throw new Error(`${launcherEnv.version} is ${version}; there are ${vscodeVersions.join(" and ")}`);
  }
  return {
    version: version as VSCodeVersion,
    limitMs: Number(process.env[launcherEnv.limitSeconds] ?? "300") * 1000,
    extension: path("extensionDevelopmentPath"),
    tests: path("extensionTestsPath"),
    folder: positionals[0],
    userDataDir: path("user-data-dir"),
    extensionsDir: path("extensions-dir"),
  };
}
