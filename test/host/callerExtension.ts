import assert from "node:assert/strict";
import vscode = require("vscode");
import { extensionId, section } from "../../src/contributions";
import type { Status } from "../../src/status/status";

/** The exports of the other extension, caller/extension.js. */
export interface Caller {
  readonly received: unknown[][];
  readonly tasks: { readonly name: string; readonly command: string }[];
  conditionHolds(): boolean;
  getStatus(argument?: unknown): Promise<unknown>;
  invokeTool(input: unknown, token?: vscode.CancellationToken): Promise<string>;
}

/** Activates the other extension and ours. */
export async function activateCaller(): Promise<Caller> {
  const extension = vscode.extensions.getExtension<Caller>("test.caller");
  assert.ok(extension, "VS Code does not know the other extension");
  const caller = await extension.activate();
  await vscode.extensions.getExtension(extensionId)?.activate();
  return caller;
}

/** Writes a user setting of our extension. */
export function set(key: string, value: unknown): Thenable<void> {
  return vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
}

/** Calls `look` repeatedly until it finds something. Limited by the test's timeout. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts the demo. Resolves with its status once every car has been read. */
export async function startDemo(caller: Caller): Promise<Status> {
  await set("demo", true);
  return await eventually(async () => {
    const status = (await caller.getStatus()) as Status;
    const isRead = status.vehicles.every(({ fetchedAt }) => fetchedAt !== undefined);
    return status.demo && status.vehicles.length === 5 && isRead ? status : undefined;
  });
}

/** Runs "Try an Automation…" with the first choice. Does not resolve if a message stays open at the end. */
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
