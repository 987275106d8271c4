import assert from "node:assert/strict";
import { commandId, commandNames, focusViewCommand, internalCommands } from "../../../src/contributions";
import { menu } from "../../../src/present/menu";
import type { Picture } from "../../../src/present/picture";
import { statusBar } from "../../../src/present/statusBar";
import { assertGolden } from "./golden";
import { carOf, pictureOf, readingOf, vinOf } from "./pictures";
import * as scenes from "./scenes";

const two = [
  carOf(1234, { name: "Ebba", reading: readingOf("connectedAc") }),
  carOf(5678, { reading: readingOf("fault") }),
];

const pictures: scenes.Scenes = {
  "one car": pictureOf({ cars: two.slice(0, 1) }),
  "two cars, one of them pinned": pictureOf({ cars: two, settings: { "statusBar.vehicle": vinOf(1234) } }),
  "presenter mode": pictureOf({
    cars: two,
    settings: { "statusBar.vehicle": vinOf(1234), "privacy.presenterMode": true },
  }),
  demo: pictureOf({ cars: two, settings: { demo: true } }),
  ...scenes.withoutCars,
};

function text(picture: Picture): string {
  const line = ({ icon, label, description = "", command }: ReturnType<typeof menu>[number][number]) =>
    [`$(${icon}) ${label}`, description, `→ ${command}`].filter((part) => part !== "").join("  ");
  return menu(picture)
    .map((group) => group.map(line).join("\n"))
    .join("\n---\n");
}

describe("the menu of the status-bar item", () => {
  it("offers what can be done now", () => {
    const lines = Object.entries(pictures).map(([title, picture]) => `## ${title}\n\n${text(picture)}\n`);
    assertGolden("menu", lines.join("\n"));
  });

  it("runs own commands and the one that helps, each once, with an icon", () => {
    const allowed = [...commandNames.map(commandId), focusViewCommand, internalCommands.reloadWindow];
    for (const [title, picture] of Object.entries({ ...pictures, ...scenes.problemsAlone, ...scenes.modes })) {
      const entries = menu(picture).flat();
      for (const { command, icon, label } of entries) {
        assert.ok(allowed.includes(command), `${title}: ${command}`);
        assert.match(icon, /^[a-z-]+$/);
        assert.notEqual(label, "");
      }
      const ran = entries.map(({ command }) => command);
      assert.equal(new Set(ran).size, ran.length, title);
    }
  });

  it("opens on a click where the user wants it, and sets up where there is nothing yet", () => {
    const command = (settings: object, cars = two) => statusBar(pictureOf({ cars, settings }))?.command;
    assert.equal(command({}), focusViewCommand);
    assert.equal(command({ "statusBar.clickAction": "refresh" }), "volvoCharging.refresh");
    assert.equal(command({ "statusBar.clickAction": "menu" }), "_volvoCharging.menu");
    const session = { kind: "incomplete", hasApiKey: false, hasGrant: false } as const;
    assert.equal(
      statusBar(pictureOf({ session, settings: { "statusBar.clickAction": "menu" } }))?.command,
      "volvoCharging.connect",
    );
  });

  it("names no car in presenter mode", () => {
    assert.doesNotMatch(text(pictures["presenter mode"]!), /Ebba|1234|5678/);
  });
});
