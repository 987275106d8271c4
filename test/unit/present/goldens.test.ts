import { assertGolden } from "./golden";
import * as scenes from "./scenes";
import { itemText, screenText } from "./screen";

function whole(group: scenes.Scenes): string {
  return Object.entries(group)
    .map(([title, view]) => screenText(title, view))
    .join("\n");
}

describe("The screen matches its golden file", () => {
  it("without cars: an invitation and a welcome view for each cause", () => {
    assertGolden("withoutCars", whole(scenes.withoutCars));
  });

  it("with one car in each connection state and with each reason for an unknown one", () => {
    assertGolden("connections", whole(scenes.connections));
  });

  it("with each kind of time", () => {
    assertGolden("times", whole(scenes.times));
  });

  it("with each detail of Energy v2 and its age", () => {
    assertGolden("details", whole(scenes.details));
  });

  it("with each reason why a car does not charge", () => {
    assertGolden("whyNot", whole(scenes.whyNot));
  });

  it("with each problem, its action and the last reading", () => {
    assertGolden("problems", whole({ ...scenes.problems, ...scenes.problemsAlone }));
  });

  it("in a window that is outdated", () => {
    assertGolden("outdated", whole(scenes.outdated));
  });

  it("while checking is paused and while the cars are watched closely", () => {
    assertGolden("pauses", whole(scenes.pauses));
  });

  it("with several cars", () => {
    const items = Object.entries(scenes.several).map(([title, view]) => `## ${title}\n\n${itemText(view)}\n`);
    assertGolden("several", items.join("\n"));
  });

  it("with names of every kind", () => {
    assertGolden("names", whole(scenes.names));
  });

  it("with hostile names and values", () => {
    assertGolden("hostile", whole(scenes.hostile));
  });

  it("in presenter mode, with full VINs, with a pinned car, in the demo and with a template", () => {
    assertGolden("modes", whole(scenes.modes));
  });
});
