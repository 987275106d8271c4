import assert from "node:assert/strict";
import fc from "fast-check";
import { fillTemplate, type Placeholder, placeholders, type TemplateValues } from "../../../src/present/template";
import { anyText } from "../../support/builders/arbitrary";

const all: Readonly<Record<Placeholder, string>> = {
  icon: "$(plug)",
  name: "EX30",
  state: "AC",
  soc: "58%",
  range: "250 km",
  age: "3 h ago",
  count: "+2",
  power: "11 kW",
  doneAt: "6:40 PM",
};

function only(...names: readonly Placeholder[]): TemplateValues {
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

const somePlaceholders = fc.uniqueArray(fc.constantFrom(...placeholders), { minLength: 1 });
const separator = fc.constantFrom(" ", " · ", ", ", " | ", ": ", " at ", " $(zap) ", " – ", "");
const someValues = fc.subarray([...placeholders]).map((names) => only(...names));

/** Pieces joined by separators. Some pieces are placeholders in brackets. */
const template = fc
  .array(fc.tuple(fc.constantFrom(...placeholders), fc.constantFrom("", "()", "[]"), separator), { minLength: 1 })
  .map((parts) => parts.map(([name, [open = "", close = ""], after]) => `${open}{${name}}${close}${after}`).join(""));

describe("The text template of the status bar", () => {
  const table: readonly (readonly [template: string, values: TemplateValues, text: string])[] = [
    ["{icon} {name} {state}", all, "$(plug) EX30 AC"],
    ["{icon} {name} {state} {soc}", only("icon", "name", "state"), "$(plug) EX30 AC"],
    ["{state} · {soc} · {range}", only("state", "range"), "AC · 250 km"],
    ["{soc} · {state}", only("state"), "AC"],
    ["{soc}, {range}", only(), ""],
    ["{state} at {soc}, {range} left", only("state", "range"), "AC, 250 km left"],
    ["{state} ({soc})", only("state"), "AC"],
    ["{name} ({soc}) {state}", only("name", "state"), "EX30 AC"],
    ["({soc}) {state}", only("state"), "AC"],
    ["{state} ({soc}, {range})", only("state", "range"), "AC (250 km)"],
    ["{state} ({soc}, {range})", only("state", "soc"), "AC (58%)"],
    ["{state} ({soc}, {range})", only("state"), "AC"],
    ["{state} {power}, {doneAt}", all, "AC 11 kW, 6:40 PM"],
    ["{state} {power}, {doneAt}", only("state"), "AC"],
    ["[{name} {soc}]", only("name"), "[EX30]"],
    ["EX30: {soc} {state}", only("state"), "EX30: AC"],
    ["$(zap) {soc} {state}", only("state"), "$(zap) AC"],
    ["{soc} $(zap) {state}", only("state"), "$(zap) AC"],
    ["{state} $(zap) {soc}", only("state"), "AC"],
    ["{stat} {state}", only("state"), "{stat} AC"],
    ["{State} {0} {}", only("state"), "{State} {0} {}"],
    ["  {state}\n{soc}\t", all, "AC 58%"],
    ["no placeholder", all, "no placeholder"],
    ["", all, ""],
  ];

  for (const [given, values, text] of table) {
    it(`turns “${given}” into “${text}” with ${Object.keys(values).join(", ") || "nothing"}`, () => {
      assert.equal(fillTemplate(given, values), text);
    });
  }

  it("reads only the values that it contains", () => {
    const values: TemplateValues = {
      name: "EX30",
      get soc(): string {
        throw new Error("it was read");
      },
    };
    assert.equal(fillTemplate("{name}", values), "EX30");
    assert.throws(() => fillTemplate("{name} {soc}", values));
  });

  it("inserts the values and changes nothing else if every placeholder has one", () => {
    fc.assert(
      fc.property(template, (given) => {
        const expected = given.replace(/\{([a-zA-Z]+)\}/g, (_, name: Placeholder) => all[name]);
        assert.equal(fillTemplate(given, all), expected.replace(/\s+/g, " ").trim());
      }),
    );
  });

  it("joins the remaining values with its separator, for any missing values", () => {
    const sameSeparator = fc.constantFrom(" ", " · ", ", ", " | ", " at ", " $(zap) ");
    fc.assert(
      fc.property(somePlaceholders, sameSeparator, someValues, (names, between, values) => {
        const text = fillTemplate(names.map((name) => `{${name}}`).join(between), values);
        const present = names.flatMap((name) => values[name] ?? []);
        // Words and icons after a leading gap belong to the user's own text and are kept.
        if (values[names[0]!] !== undefined || !/[\w$]/.test(between)) assert.equal(text, present.join(between));
        else assert.ok(text.endsWith(present.join(between)), text);
      }),
    );
  });

  it("keeps every value in order, and leaves no placeholder, no empty brackets and no single bracket", () => {
    fc.assert(
      fc.property(template, someValues, (given, values) => {
        const text = fillTemplate(given, values);
        let from = 0;
        for (const [, name] of given.matchAll(/\{([a-zA-Z]+)\}/g)) {
          const value = values[name as Placeholder];
          if (value === undefined) continue;
          const at = text.indexOf(value, from);
          assert.ok(at >= 0, `${value} of “${given}” is not in “${text}”`);
          from = at + value.length;
        }
        assert.doesNotMatch(text, /\{(?:icon|name|state|soc|range|age|count)\}|\(\)|\[\]| {2}|^\s|\s$/);
        for (const [open, close] of ["()", "[]"]) assert.equal(text.split(open!).length, text.split(close!).length);
      }),
    );
  });

  it("does not search values for placeholders", () => {
    assert.equal(fillTemplate("{name} {state}", { name: "{state}", state: "{name}" }), "{state} {name}");
  });

  it("can be any text", () => {
    fc.assert(
      fc.property(anyText(), someValues, (given, values) => {
        assert.doesNotMatch(fillTemplate(given, values), /[\r\n\t]|^ | $/);
      }),
    );
  });
});
