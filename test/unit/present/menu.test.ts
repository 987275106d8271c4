import assert from "node:assert/strict";
import { commandId, commandNames, focusViewCommand, internalCommands } from "../../../src/contributions";
import { menu } from "../../../src/present/menu";
import type { ViewState } from "../../../src/present/viewState";
import { statusBar } from "../../../src/present/statusBar";
import { assertGolden } from "./golden";
import { carOf, viewStateOf, readingOf, vinOf } from "./viewStates";
import * as scenes from "./scenes";

const two = [
  carOf(1234, { name: "Ebba", reading: readingOf("connectedAc") }),
  carOf(5678, { reading: readingOf("fault") }),
];

const views: scenes.Scenes = {
  "one car": viewStateOf({ cars: two.slice(0, 1) }),
  "two cars, one of them pinned": viewStateOf({ cars: two, settings: { "statusBar.vehicle": vinOf(1234) } }),
  "presenter mode": viewStateOf({
    cars: two,
    settings: { "statusBar.vehicle": vinOf(1234), "privacy.presenterMode": true },
  }),
  demo: viewStateOf({ cars: two, settings: { demo: true } }),
  paused: scenes.pauses["paused for an hour"]!,
  "watching closely": scenes.pauses["watching closely"]!,
  "paused in the demo": scenes.pauses["paused in the demo"]!,
  "an outdated window": scenes.outdated["an outdated window with its last reading"]!,
  ...scenes.withoutCars,
};

function text(view: ViewState): string {
  const line = ({ icon, label, description = "", command }: ReturnType<typeof menu>[number][number]) =>
    [`$(${icon}) ${label}`, description, `→ ${command}`].filter((part) => part !== "").join("  ");
  return menu(view)
    .map((group) => group.map(line).join("\n"))
    .join("\n---\n");
}

describe("The menu of the status-bar item", () => {
  it("offers the commands that apply now", () => {
    const lines = Object.entries(views).map(([title, view]) => `## ${title}\n\n${text(view)}\n`);
    assertGolden("menu", lines.join("\n"));
  });

  it("runs our own commands and the action that helps, each once and with an icon", () => {
    const allowed = [...commandNames.map(commandId), focusViewCommand, internalCommands.reloadWindow];
    for (const [title, view] of Object.entries({ ...views, ...scenes.problemsAlone, ...scenes.modes })) {
      const entries = menu(view).flat();
      for (const { command, icon, label } of entries) {
        assert.ok(allowed.includes(command), `${title}: ${command}`);
        assert.match(icon, /^[a-z-]+$/);
        assert.notEqual(label, "");
      }
      const ran = entries.map(({ command }) => command);
      assert.equal(new Set(ran).size, ran.length, title);
    }
  });

  it("opens on a click if the setting says so, but an invitation still runs its own action", () => {
    const command = (settings: object, cars = two) => statusBar(viewStateOf({ cars, settings }))?.command;
    assert.equal(command({}), focusViewCommand);
    assert.equal(command({ "statusBar.clickAction": "refresh" }), "volvoCharging.refresh");
    assert.equal(command({ "statusBar.clickAction": "menu" }), "_volvoCharging.menu");
    const session = { kind: "incomplete", hasApiKey: false, hasGrant: false } as const;
    assert.equal(
      statusBar(viewStateOf({ session, settings: { "statusBar.clickAction": "menu" } }))?.command,
      "volvoCharging.connect",
    );
  });

  it("shows no names of cars in presenter mode", () => {
    assert.doesNotMatch(text(views["presenter mode"]!), /Ebba|1234|5678/);
  });
});
