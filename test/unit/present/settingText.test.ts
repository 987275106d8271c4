import assert from "node:assert/strict";
import { settingFaultText } from "../../../src/present/settingText";
import { statusBar } from "../../../src/present/statusBar";
import { treeModel } from "../../../src/present/tree";
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

  it("is also shown above the rows, at most twice, and in the item's hover without rows", () => {
    const settings = { vehicles: ["YV1TEST000000123O"], refreshInterval: 5, staleAfter: "soon" };
    const texts = settingsWith(settings).faults.map(settingFaultText);
    assert.equal(treeModel(viewStateOf({ cars: [carOf(1)], settings })).message, texts.slice(0, 2).join(" "));
    const view = viewStateOf({ cars: [], settings });
    assert.equal(treeModel(view).message, "", "a message would hide the welcome view");
    assert.equal(statusBar(view)?.spoken, `Volvo: add a car. ${texts[0] ?? ""}`);
  });

  it("is not shown above the rows if it is the problem of every car", () => {
    const settings = { "api.baseUrl": "no address" };
    assert.equal(treeModel(viewStateOf({ cars: [carOf(1)], settings })).message, "");
  });
});
