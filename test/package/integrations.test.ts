import Ajv from "ajv";
import assert from "node:assert/strict";
import { automationEvents } from "../../src/charging/automation";
import { commandId, contextKeys, statusTool } from "../../src/contributions";
import { parseAutomations } from "../../src/settings/automations";
import { getStatus } from "../../src/status/getStatus";
import { statusOf } from "../../src/status/status";
import { everyKind, stateOf } from "../unit/status/states";
import { now } from "../unit/present/viewStates";
import { example, integrationsText as text, jsonExample as json } from "../support/integrationsDocument";
import { readManifest } from "./manifest";

interface Tool {
  readonly name: string;
  readonly toolReferenceName: string;
  readonly canBeReferencedInPrompt: boolean;
  readonly when: string;
  readonly icon?: string;
  readonly modelDescription: string;
  readonly inputSchema: object;
}

describe("docs/integrations.md", () => {
  const state = stateOf(everyKind);

  it("shows a status that the product returns, shortened to one vehicle", () => {
    const shown = JSON.parse(/```json\n([^]*?)```/.exec(text)?.[1] ?? "") as { vehicles: unknown[] };
    const status = statusOf(state, now);
    assert.deepEqual(shown, { ...status, vehicles: [status.vehicles[0]] });
  });

  it("names every member of a vehicle, every event and every context key for conditions", () => {
    const members = new Set(statusOf(state, now).vehicles.flatMap((vehicle) => Object.keys(vehicle)));
    const keys = [
      contextKeys.connection,
      contextKeys.stale,
      contextKeys.pluggedIn,
      contextKeys.charging,
      contextKeys.fault,
    ];
    for (const word of [...members, ...automationEvents, ...keys]) assert.ok(text.includes(`\`${word}\``), word);
  });

  it("has a task input that receives the state as text", () => {
    const { inputs } = json("tasks") as { inputs: { type: string; command: string; args: unknown }[] };
    const [input] = inputs;
    assert.deepEqual([input?.type, input?.command], ["command", commandId("getStatus")]);
    assert.equal(getStatus(input?.args, state), "fault");
  });

  it("has a keyboard shortcut with one of our commands and context keys", () => {
    const [binding] = json("keybindings") as { command: string; when: string }[];
    assert.ok(readManifest().contributes.commands.some(({ command }) => command === binding?.command));
    assert.ok(Object.values<string>(contextKeys).includes(binding?.when.replace("!", "") ?? ""));
  });

  it("has automations that the product accepts, one of which runs a task", () => {
    const { "volvoCharging.automations": entries } = json("settings") as { "volvoCharging.automations": unknown[] };
    const { automations, faults } = parseAutomations(entries, []);
    assert.deepEqual(faults, []);
    assert.ok(automations.some(({ command, folder }) => command.endsWith("tasks.runTask") && folder));
    const groups = readManifest().contributes.configuration;
    const schema = groups.map(({ properties }) => properties["volvoCharging.automations"]).find(Boolean);
    const { type, items } = schema as unknown as { type: string; items: object };
    assert.ok(new Ajv({ strict: false }).compile({ type, items })(entries), "accepted by the manifest's schema");
  });

  it("has a prompt that names the only tool, whose description is honest and whose schema refuses invalid input", () => {
    const [tool, ...others] = (readManifest().contributes as unknown as { languageModelTools: Tool[] })
      .languageModelTools;
    assert.ok(tool && others.length === 0, "exactly one tool, because each adds to every prompt");
    assert.deepEqual([tool.name, tool.canBeReferencedInPrompt], [statusTool, true]);
    assert.ok(example("chat").includes(`#${tool.toolReferenceName}`));
    assert.ok(tool.icon);
    for (const fact of [
      /Every value has its own age and may be hours old/,
      /Unknown is not unplugged/,
      /cannot start or stop charging/,
    ]) {
      assert.match(tool.modelDescription, fact);
    }
    for (const key of tool.when.split(" || ")) assert.ok(Object.values<string>(contextKeys).includes(key), key);
    const accepts = new Ajv({ strict: false }).compile(tool.inputSchema);
    for (const good of [{}, { vehicle: "Elsa", refresh: true, history: { days: 31 } }]) assert.ok(accepts(good));
    for (const bad of [{ history: { days: 0 } }, { history: {} }, { vin: "x" }, { vehicle: "x".repeat(61) }]) {
      assert.ok(!accepts(bad), JSON.stringify(bad));
    }
  });
});
