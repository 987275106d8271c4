import assert from "node:assert/strict";
import vscode = require("vscode");
import { extensionId, section } from "../../src/contributions";
import type { Status } from "../../src/status/status";

/** What another extension, caller/extension.js, does and has seen. */
export interface Caller {
  readonly received: unknown[][];
  readonly tasks: { readonly name: string; readonly command: string }[];
  conditionHolds(): boolean;
  getStatus(argument?: unknown): Promise<unknown>;
  invokeTool(input: unknown, token?: vscode.CancellationToken): Promise<string>;
}

/** The other extension, and ours beside it. */
export async function activateCaller(): Promise<Caller> {
  const extension = vscode.extensions.getExtension<Caller>("test.caller");
  assert.ok(extension, "VS Code does not know the other extension");
  const caller = await extension.activate();
  await vscode.extensions.getExtension(extensionId)?.activate();
  return caller;
}

/** Writes a setting of ours, as its user. */
export function set(key: string, value: unknown): Thenable<void> {
  return vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
}

/** Looks again and again until `look` finds something, as long as the test may take. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts the demo, and resolves with its status once all cars were read. */
export async function startDemo(caller: Caller): Promise<Status> {
  await set("demo", true);
  return await eventually(async () => {
    const status = (await caller.getStatus()) as Status;
    const isRead = status.vehicles.every(({ fetchedAt }) => fetchedAt !== undefined);
    return status.demo && status.vehicles.length === 5 && isRead ? status : undefined;
  });
}

/** Runs "Try an Automation…" and takes the first of the choices. Does not resolve where that ends in a message. */
export async function tryFirstAutomation(): Promise<void> {
  let isOver = false;
  const trying = Promise.resolve(vscode.commands.executeCommand("volvoCharging.runAutomation"));
  void trying.finally(() => (isOver = true));
  await eventually(async () => {
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    return isOver || undefined;
  });
  await trying;
}
