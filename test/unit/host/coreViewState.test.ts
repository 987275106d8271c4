import assert from "node:assert/strict";
import { editor } from "../../support/product/standInEditor";
import { coreViewState } from "../../../src/host/coreViewState";
import { tree } from "../../../src/present/tree";
import { carOf, now, settingsWith, viewStateOf } from "../present/viewStates";

describe("A faulty automation in the settings", () => {
  const good = { on: "fault", command: "other.run" };

  function spokenWith(automations: readonly unknown[], isDemo = false): string {
    editor.begin();
    const { carStore, session } = viewStateOf({ cars: [carOf(1, { name: "Elsa" })] });
    const core = {
      ...{ carStore: { current: carStore }, session: { current: session }, isDemo },
      settings: { current: settingsWith({ automations }) },
    };
    const rows = tree(coreViewState(core, now)).filter(({ context }) => context === "setting");
    return rows.map(({ spoken }) => spoken).join();
  }

  it("is reported above the rows like other unusable settings, and not during the demo", () => {
    const text =
      "Entry 2 of the setting volvoCharging.automations is left out: “vehicle” must be the name of a configured car, or its id.";
    assert.equal(spokenWith([good, { ...good, vehicle: "Nobody" }]), `Problem: ${text} Open Settings`);
    assert.equal(spokenWith([good]), "");
    assert.equal(spokenWith([{ ...good, vehicle: "Nobody" }], true), "");
  });
});
