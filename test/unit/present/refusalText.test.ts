import assert from "node:assert/strict";
import { hover } from "../../../src/present/hover";
import { problemText } from "../../../src/present/problemText";
import { tree } from "../../../src/present/tree";
import { carOf, readingOf, viewStateOf } from "./viewStates";

const locale = { language: "en" };
const cars = [carOf(1234, { reading: readingOf("connectedAc"), problem: { kind: "requestRefused" } })];

/** All texts of rows and hover about the car's problem. */
function shown(settings: Readonly<Record<string, unknown>>): string {
  const view = viewStateOf({ cars, settings });
  return JSON.stringify([tree(view), hover(view)]);
}

describe("a refused request", () => {
  it("is reported with the part of the VIN that the user wants to show", () => {
    assert.match(shown({}), /refused the request for this VIN \(…1234\)/);
    assert.match(shown({ "privacy.showFullVins": true }), /for this VIN \(YV1\w{10}1234\)/);
    const hidden = shown({ "privacy.presenterMode": true });
    assert.match(hidden, /Volvo refused the request\./);
    assert.doesNotMatch(hidden, /1234/);
  });
});

describe("a car that is not found", () => {
  it("is reported as one of another market only if Volvo says so", () => {
    const sentence = (market?: true) =>
      problemText({ kind: "notFound", ...(market && { market }) }, 0, locale).sentence;
    assert.match(sentence(true), /in its market/);
    assert.equal(sentence(), "Volvo doesn't know this car.");
  });
});
