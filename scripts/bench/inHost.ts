import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { launchBrowser } from "../headless/browser";
import type { VSCodeVersion } from "../headless/install";
import { projectRoot } from "../headless/paths";
import { startServer } from "../headless/server";
import { exchangeFile } from "./host/exchange";

const limitMs = 15 * 60_000;

/**
 * Runs a suite of `host/` (a module whose `run()` calls `exchange`) in the extension host of a fresh window and
 * resolves with its result. Config and result must survive JSON. Rejects with the suite's output if it fails.
 */
export async function measureInHost<Result>(
  version: VSCodeVersion,
  suite: string,
  config: unknown = {},
): Promise<Result> {
  const profile = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-"));
  const result = path.join(profile, "result.json");
  try {
    await runInHost(version, path.join(__dirname, "host", `${suite}.js`), profile, {
      [exchangeFile.config]: JSON.stringify(config),
      [exchangeFile.result]: result,
    });
    return JSON.parse(await fs.readFile(result, "utf8")) as Result;
  } finally {
    await fs.rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function runInHost(
  version: VSCodeVersion,
  module: string,
  profile: string,
  env: Record<string, string>,
): Promise<void> {
  const server = await startServer({
    version,
    serverDataDir: path.join(profile, "data"),
    extensionsDir: path.join(profile, "extensions"),
    testHooks: true,
    env,
  });
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const printed: string[] = [];
      await page.exposeFunction("codeAutomationLog", (_: string, line: unknown[]) => {
        printed.push(line.map(String).join(" "));
        if (printed.length > 30) printed.shift();
      });
      const code = new Promise<number>((resolve, reject) => {
        page.exposeFunction("codeAutomationExit", resolve).catch(reject);
        setTimeout(() => reject(new Error(`${module}: no result\n${printed.join("\n")}`)), limitMs).unref();
      });
      const payload = [
        ["extensionDevelopmentPath", server.uri(projectRoot)],
        ["extensionTestsPath", server.uri(module)],
      ] as const;
      await page.goto(server.url(undefined, payload));
      if ((await code) !== 0) throw new Error(`${module} failed\n${printed.join("\n")}`);
    } finally {
      await browser.close();
    }
  } finally {
    await server.dispose();
  }
}
