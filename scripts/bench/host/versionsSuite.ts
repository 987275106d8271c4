import vscode = require("vscode");
import { exchange } from "./exchange";

/** The versions behind a figure. */
export interface HostVersions {
  readonly vscode: string;
  readonly node: string;
  /** Of the undici in Node's own `fetch`. */
  readonly undici: string;
}

/** Runs inside the extension host. */
export function run(): Promise<void> {
  const { node, undici = "" } = process.versions;
  return exchange((): Promise<HostVersions> => Promise.resolve({ vscode: vscode.version, node, undici }));
}
