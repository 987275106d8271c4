import { assertGolden } from "./golden";
import * as scenes from "./scenes";
import { itemText, screenText } from "./screen";

function whole(group: scenes.Scenes): string {
  return Object.entries(group)
    .map(([title, view]) => screenText(title, view))
    .join("\n");
}

describe("what is on the screen, by golden files", () => {
  it("without cars: an invitation and a welcome view per cause", () => {
    assertGolden("withoutCars", whole(scenes.withoutCars));
  });

  it("with one car in each connection and each reason for not knowing", () => {
    assertGolden("connections", whole(scenes.connections));
  });

  it("with every kind of time", () => {
    assertGolden("times", whole(scenes.times));
  });

  it("with every detail of Energy v2 and its age", () => {
    assertGolden("details", whole(scenes.details));
  });

  it("with the reason why a car does not charge", () => {
    assertGolden("whyNot", whole(scenes.whyNot));
  });

  it("with each problem, its action and what remains beside it", () => {
    assertGolden("problems", whole({ ...scenes.problems, ...scenes.problemsAlone }));
  });

  it("with several cars", () => {
    const items = Object.entries(scenes.several).map(([title, view]) => `## ${title}\n\n${itemText(view)}\n`);
    assertGolden("several", items.join("\n"));
  });

  it("with names of every kind", () => {
    assertGolden("names", whole(scenes.names));
  });

  it("with hostile names and words", () => {
    assertGolden("hostile", whole(scenes.hostile));
  });

  it("in presenter mode, with full VINs, pinned, in the demo and with a template", () => {
    assertGolden("modes", whole(scenes.modes));
  });
});
