import assert from "node:assert/strict";
import { settingFaultText } from "../../../src/present/settingText";
import { statusBar } from "../../../src/present/statusBar";
import { tree, treeModel } from "../../../src/present/tree";
import { carOf, viewStateOf, settingsWith } from "./viewStates";

describe("The text about an unusable setting", () => {
  it("names the setting and the effect, and never contains a VIN", () => {
    const settings = settingsWith({
      vehicles: ["YV1TEST000000123O"],
      refreshInterval: 5,
      staleAfter: "soon",
      "api.baseUrl": "http://example.com",
    });
    assert.deepEqual(settings.faults.map(settingFaultText), [
      "Entry 1 in volvoCharging.vehicles isn't a valid VIN, so it's ignored.",
      "The setting volvoCharging.refreshInterval is out of range; 60 is used.",
      "The setting volvoCharging.staleAfter has a value of the wrong type; the default is used.",
      "The setting volvoCharging.api.baseUrl must use https (http is for this computer only). Nothing is requested.",
    ]);
  });

  it("does not say that nothing is requested if only signing in is impossible", () => {
    for (const address of ["http://example.com", "no address"]) {
      assert.deepEqual(settingsWith({ "auth.issuer": address }).faults.map(settingFaultText), [
        "The setting volvoCharging.auth.issuer must be https, or http on this computer. Signing in is not possible.",
      ]);
    }
  });

  it("distinguishes an invalid address from an insecure one", () => {
    const [fault] = settingsWith({ "api.baseUrl": "no address" }).faults;
    assert.ok(fault);
    assert.match(settingFaultText(fault), /api\.baseUrl is not a usable https address/);
  });

  it("has a row for each setting above the cars, and a click opens that setting", () => {
    const settings = {
      ...{ vehicles: ["YV1TEST000000123O", 7], refreshInterval: 5, "statusBar.vehicle": "Elsa" },
      ...{ "auth.redirectUri": "http://example.com", "reminder.time": "25:00" },
    };
    const texts = settingsWith(settings).faults.map(settingFaultText);
    const rows = tree(viewStateOf({ cars: [carOf(1)], settings }));
    const keys = ["vehicles", "refreshInterval", "auth.redirectUri", "statusBar.vehicle", "reminder.time"];
    assert.deepEqual(
      rows.map(({ label, description }) => [label, description]),
      [...keys.map((key) => ["Invalid setting", key]), ["Volvo …0001", "Not checked yet"]],
    );
    for (const [index, key] of keys.entries()) {
      assert.equal(rows[index]?.command?.argument, `@id:volvoCharging.${key}`);
      assert.match(rows[index].spoken, /^Problem: .+ Open Settings$/);
    }
    const spoken = rows.map((row) => row.spoken).join();
    for (const text of texts) assert.ok(spoken.includes(text), text);
  });

  it("stands in the item's hover without rows, which would hide the welcome view", () => {
    const settings = { vehicles: ["YV1TEST000000123O"], refreshInterval: 5 };
    const [text = ""] = settingsWith(settings).faults.map(settingFaultText);
    const view = viewStateOf({ cars: [], settings });
    assert.deepEqual([tree(view), treeModel(view).message], [[], ""]);
    assert.equal(statusBar(view)?.spoken, `Add Your Volvo. ${text}`);
  });

  it("is said once if it is the problem of every car, and not of the cars of the demo", () => {
    const settings = { "api.baseUrl": "no address" };
    const [first, ...others] = tree(viewStateOf({ cars: [carOf(1)], settings }));
    assert.deepEqual([first?.context, first?.command?.argument], ["problem", "@id:volvoCharging.api.baseUrl"]);
    assert.deepEqual(
      others.map(({ context }) => context.split(" ")[0]),
      ["car"],
    );
    const demo = tree(viewStateOf({ cars: [carOf(1)], settings: { demo: true, refreshInterval: 5 } }));
    assert.equal(demo.length, 1);
  });
});
