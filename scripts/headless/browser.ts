import { chromium, type Browser } from "playwright-core";
import { browserFiles } from "./browserFiles";
import { ensureInstalled } from "./install";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Tests may reach only this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2, EXCLUDE localhost",
];

/**
 * Starts the installed browser. `headed` uses the machine's own Chrome instead, because the installed one cannot show a
 * window. Ctrl+C ends the browser and this process, unless the caller handles signals itself (`leavesSignals`). Rejects
 * with one line if there is no browser.
 */
export async function launchBrowser(options: { headed?: boolean; leavesSignals?: boolean } = {}): Promise<Browser> {
  if (options.headed) return await chromium.launch({ headless: false, channel: "chrome", args });
  const { executable, env } = browserFiles(await ensureInstalled("browser"));
  const handles = options.leavesSignals !== true;
  return await chromium.launch({
    executablePath: executable,
    args,
    env: { ...definedEnv(), ...env },
    ...{ handleSIGINT: handles, handleSIGTERM: handles, handleSIGHUP: handles },
  });
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
