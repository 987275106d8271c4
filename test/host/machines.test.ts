import assert from "node:assert/strict";
import vscode = require("vscode");
import { statusTool } from "../../src/contributions";
import type { AutomationArgument } from "../../src/status/automationEvent";
import type { Status } from "../../src/status/status";
import { jsonExample } from "../support/integrationsDocument";
import { activateCaller, type Caller, eventually, set, startDemo, tryFirstAutomation } from "./callerExtension";

const names = ["EX30", "EX90", "EC40", "XC60", "EX40"];

describe("other extensions and the user's own commands", () => {
  let caller: Caller;

  before(async () => {
    caller = await activateCaller();
  });

  after(async () => {
    await set("automations", undefined);
    await set("demo", undefined);
  });

  it("get an empty list and empty texts while nothing is set up", async () => {
    const { asOf, ...rest } = (await caller.getStatus()) as Status;
    assert.match(asOf, /^20\d\d-\d\d-\d\dT[\d:]+Z$/);
    assert.deepEqual(rest, { version: 1, demo: false, vehicles: [] });
    assert.equal(await caller.getStatus({ format: "text" }), "");
    assert.equal(await caller.getStatus({ format: "state" }), "");
  });

  it("get the status of the demo, in each format, without a VIN", async () => {
    const status = await startDemo(caller);
    assert.deepEqual(
      status.vehicles.map(({ name }) => name),
      names,
    );
    assert.deepEqual(
      status.vehicles.map(({ connection }) => connection),
      ["connectedAc", "connectedDc", "disconnected", "fault", "unknown"],
    );
    assert.doesNotMatch(JSON.stringify(status), /YV1DEM0|0000\d/);
    const [first] = status.vehicles;
    const one = (await caller.getStatus({ vehicle: first?.id })) as Status;
    assert.deepEqual(
      one.vehicles.map(({ id }) => id),
      [first?.id],
    );
    assert.equal(await caller.getStatus({ vehicle: "ex90", format: "state" }), "connectedDc");
    assert.match(String(await caller.getStatus({ format: "text" })), /^EX30: Connected to an AC charger · /);
    assert.equal(await caller.getStatus({ vehicle: "Nobody" }), undefined);
  });

  it("get one clear sentence for a wrong argument", async () => {
    await assert.rejects(caller.getStatus({ format: "xml" }), /“format” must be one of these: json, text, state\./);
    await assert.rejects(caller.getStatus({ vehicle: "x".repeat(10_000) }), /“vehicle” must be/);
    await assert.rejects(caller.getStatus([]), /Pass an object with only these members: vehicle, format\./);
  });

  it("can call the tool, which answers with at most 8 kB of JSON", async () => {
    // VS Code lists the tool a moment after its condition becomes true.
    await eventually(() => vscode.lm.tools.find(({ name }) => name === statusTool));
    const text = await caller.invokeTool({});
    const answer = JSON.parse(text) as Status;
    assert.ok(Buffer.byteLength(text) <= 8_000);
    assert.deepEqual(
      answer.vehicles.map(({ name }) => name),
      names,
    );
    const one = JSON.parse(await caller.invokeTool({ vehicle: "XC60", refresh: true })) as Status;
    assert.deepEqual(
      one.vehicles.map(({ connection }) => connection),
      ["fault"],
    );
  });

  it("get one clear sentence from the tool for invalid input", async () => {
    await assert.rejects(caller.invokeTool({ history: { days: 0 } }), /“days” of “history” must be a whole number/);
    await assert.rejects(caller.invokeTool({ vin: "x" }), /Pass an object with only these members/);
    await assert.rejects(
      caller.invokeTool({ vehicle: "Nobody" }),
      /There is no such car\. Ask for one of these: EX30, EX90, EC40, XC60, EX40\./,
    );
  });

  it("can cancel the tool", async () => {
    const source = new vscode.CancellationTokenSource();
    source.cancel();
    await assert.rejects(caller.invokeTool({ refresh: true }, source.token), /cancel/i);
  });

  it("are called by Try an Automation, with the automation's arguments and an event", async () => {
    const automation = { on: "chargingDone", command: "caller.record", args: ["a", { b: [1, null] }], vehicle: "EX90" };
    await set("vehicles", [{ vin: "YV1TEST0000000001", name: "EX90" }]);
    await set("automations", [automation]);
    const before = Date.now();
    await tryFirstAutomation();
    await set("vehicles", undefined);
    assert.equal(caller.received.length, 1);
    const [first, second, argument, ...rest] = caller.received[0] as [unknown, unknown, AutomationArgument];
    assert.deepEqual([first, second, rest], ["a", { b: [1, null] }, []]);
    assert.deepEqual(Object.keys(argument).sort(), Object.keys(jsonExample("event") as object).sort());
    const { at, since, status, vehicle, ...others } = argument;
    assert.deepEqual(others, { version: 1, event: "chargingDone" });
    assert.ok(Date.parse(at) >= before - 1_000 && since === at, at);
    assert.deepEqual(Object.keys(vehicle), ["id", "name"]);
    assert.deepEqual([status.version, status.demo, status.vehicles.map(({ id }) => id)], [1, true, [vehicle.id]]);
  });
});
