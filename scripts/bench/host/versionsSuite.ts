import * as vscode from "vscode";
import { exchange } from "./exchange";

/** Of what a figure was measured in. */
export interface HostVersions {
  readonly vscode: string;
  readonly node: string;
  /** Of the undici that Node's own `fetch` is made of. */
  readonly undici: string;
}

/** Runs inside the extension host. */
export function run(): Promise<void> {
  const { node, undici = "" } = process.versions;
  return exchange((): Promise<HostVersions> => Promise.resolve({ vscode: vscode.version, node, undici }));
}
