import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { runInThisContext } from "node:vm";
import vscode = require("vscode");
import { extensionId } from "../../src/contributions";
import type { Status } from "../../src/status/status";
import { example, jsonExample } from "../support/integrationsDocument";
import { activateCaller, type Caller, eventually, set, startDemo, tryFirstAutomation } from "./callerExtension";

/** The parts of a manifest that the tests use. */
interface Contributes {
  readonly languageModelTools?: readonly { readonly name: string; readonly toolReferenceName?: string }[];
  readonly views?: Readonly<Record<string, readonly { readonly when: string }[]>>;
}

interface Task {
  readonly label: string;
  readonly type: string;
  readonly command: string;
}

interface Entry {
  readonly command: string;
  readonly args?: readonly string[];
  readonly folder?: string;
}

const { executeCommand } = vscode.commands;

describe("the examples of docs/integrations.md", () => {
  let caller: Caller;
  let folder: string;

  before(async () => {
    caller = await activateCaller();
    folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
    await startDemo(caller);
  });

  after(async () => {
    await fs.rm(path.join(folder, ".vscode"), { recursive: true, force: true });
    await set("automations", undefined);
    await set("demo", undefined);
  });

  const contributesOf = (id: string) =>
    (vscode.extensions.getExtension(id)?.packageJSON as { contributes: Contributes }).contributes;

  /** Writes the folder's tasks.json and waits until VS Code has read it. */
  async function writeTasks(content: object, label: string): Promise<void> {
    const file = path.join(folder, ".vscode", "tasks.json");
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, JSON.stringify(content));
    await eventually(async () =>
      (await vscode.tasks.fetchTasks({ type: "caller" })).find(({ name }) => name === label),
    );
  }

  /** Runs a task by its name. Its type must be the other extension's, because not every host has a shell. */
  async function runTask(label: string): Promise<string> {
    caller.tasks.length = 0;
    await executeCommand("workbench.action.tasks.runTask", label);
    const { name, command } = await eventually(() => caller.tasks[0]);
    assert.equal(name, label);
    return command;
  }

  it("has a task whose input VS Code fills with the state of the most important car", async () => {
    const content = jsonExample("tasks") as {
      readonly inputs: readonly { readonly command: string; readonly args: unknown }[];
      readonly tasks: readonly Task[];
    };
    const [input] = content.inputs;
    assert.equal(await executeCommand(input?.command ?? "", input?.args), "fault");
    const [task] = content.tasks;
    assert.equal(task?.type, "shell");
    await writeTasks({ ...content, tasks: [{ ...task, type: "caller" }] }, task.label);
    assert.equal(await runTask(task.label), "echo fault");
  });

  it("has extension code that detects whether a car is plugged in", async () => {
    const body = `(async (vscode) => { ${example("extension")}; return [status, isPluggedIn]; })`;
    const run = runInThisContext(body) as (api: typeof vscode) => Promise<[Status, boolean]>;
    const [status, isPluggedIn] = await run(vscode);
    assert.deepEqual(
      status.vehicles.map(({ name }) => name),
      ["EX30"],
    );
    assert.equal(isPluggedIn, true);
  });

  it("has a shortcut whose condition follows the cars, and whose command runs", async () => {
    const [shortcut] = jsonExample("keybindings") as { readonly command: string; readonly when: string }[];
    const [view] = contributesOf("test.caller").views?.["caller"] ?? [];
    assert.ok(view && shortcut);
    assert.equal(view.when, shortcut.when, "the other extension's view has the shortcut's condition");
    const becomes = (holds: boolean) =>
      eventually(async () => {
        await executeCommand("workbench.view.extension.caller");
        return caller.conditionHolds() === holds || undefined;
      });
    await becomes(false);
    await executeCommand(shortcut.command);
    await set("demo", undefined);
    await becomes(true);
    await startDemo(caller);
    await becomes(false);
  });

  it("has automations that each run their command, and the task only in the named folder", async () => {
    const { "volvoCharging.automations": entries } = jsonExample("settings") as {
      readonly "volvoCharging.automations": readonly Entry[];
    };
    const [label = ""] = entries.flatMap(({ args = [] }) => args);
    const task: Task = { label, type: "caller", command: "upload" };
    await writeTasks({ version: "2.0.0", tasks: [task] }, label);
    caller.tasks.length = 0;
    for (const index of entries.keys()) {
      await set("automations", [...entries.slice(index), ...entries.slice(0, index)]);
      await tryFirstAutomation();
    }
    assert.deepEqual(caller.tasks, [], "the folder named in the document is not open here");
    const here = entries.filter((entry) => entry.folder !== undefined).map((entry) => ({ ...entry, folder }));
    assert.equal(here.length, 1);
    await set("automations", here);
    await tryFirstAutomation();
    assert.deepEqual(await eventually(() => caller.tasks[0]), { name: label, command: "upload" });
  });

  it("has a prompt that names our tool, which answers a call without input", async () => {
    const [tool] = contributesOf(extensionId).languageModelTools ?? [];
    assert.ok(tool?.toolReferenceName && example("chat").includes(`#${tool.toolReferenceName}`));
    await eventually(() => vscode.lm.tools.find(({ name }) => name === tool.name));
    const { content } = await vscode.lm.invokeTool(tool.name, { toolInvocationToken: undefined, input: {} });
    const text = content.map((part) => (part as vscode.LanguageModelTextPart).value).join("");
    assert.equal((JSON.parse(text) as Status).vehicles.length, 5);
  });
});
