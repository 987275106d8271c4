import assert from "node:assert/strict";
import fc from "fast-check";
import fs from "node:fs";
import { dayMs, hourMs } from "../../../src/base/clock";
import type { Details } from "../../../src/charging/reading";
import { internalCommands } from "../../../src/contributions";
import { enabledCommands } from "../../../src/present/links";
import type { ViewState } from "../../../src/present/viewState";
import { escapeMarkdown } from "../../../src/present/plainText";
import { keyringUrl, proxyUrl } from "../../../src/present/problemText";
import type { Row } from "../../../src/present/row";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import { carOf, measured, now, viewStateOf, readingOf } from "./viewStates";
import { type Rendered, renderMarkdown } from "./rendered";
import * as scenes from "./scenes";

const everyScene: Readonly<Record<string, ViewState>> = {
  ...scenes.withoutCars,
  ...scenes.connections,
  ...scenes.times,
  ...scenes.details,
  ...scenes.whyNot,
  ...scenes.problems,
  ...scenes.problemsAlone,
  ...scenes.several,
  ...scenes.names,
  ...scenes.hostile,
  ...scenes.modes,
};

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
  };
}

/** All Markdown that a view state gives to VS Code. */
function hoversOf(view: ViewState): readonly string[] {
  const below = (rows: readonly Row[]): readonly string[] =>
    rows.flatMap((row) => [row.tooltip, ...below(row.children)]);
  return [statusBar(view)?.tooltip ?? "", ...below(tree(view))];
}

/** The structure of all hovers: everything except their text. */
function structure(view: ViewState): readonly Omit<Rendered, "text">[] {
  return hoversOf(view).map((hover) => {
    const { icons, links, tags } = renderMarkdown(hover);
    return { icons, links, tags };
  });
}

describe("Hovers", () => {
  const enabled = new Set([...enabledCommands.map((command) => `command:${command}`), keyringUrl, proxyUrl]);
  const allowed = new Set(["p", "strong", "table", "thead", "tbody", "tr", "th", "td", "br", "span", "a"]);

  it("contain few kinds of tags, and links only to enabled commands and the pages about keyrings and proxies", () => {
    for (const [title, view] of Object.entries(everyScene)) {
      for (const { links, tags } of structure(view)) {
        for (const link of links) assert.ok(enabled.has(link), `${title}: ${link}`);
        for (const tag of tags) assert.ok(allowed.has(tag.replace("/", "")), `${title}: <${tag}>`);
      }
    }
  });

  it("link only to commands that keyboard users find in the command palette", () => {
    const manifest = JSON.parse(fs.readFileSync("package.json", "utf8")) as Manifest;
    const hidden = (manifest.contributes.menus["commandPalette"] ?? []).flatMap(({ command, when }) =>
      when === "false" ? [`command:${command}`] : [],
    );
    const found = new Set(manifest.contributes.commands.map(({ command }) => `command:${command}`));
    const linked = Object.values(everyScene)
      .flatMap((view) => structure(view).flatMap(({ links }) => links))
      .filter((link) => link.startsWith("command:"));
    assert.ok(linked.length > 0);
    for (const link of linked) {
      assert.ok(!hidden.includes(link), link);
      assert.ok(found.has(link) || link === `command:${internalCommands.reloadWindow}`, link);
    }
  });

  it("enable only our own commands", () => {
    for (const command of enabledCommands) assert.match(command, /^_?volvoCharging\.\w+$/);
  });

  it("have the same structure for any name and any value from Volvo", () => {
    const withText = (text: string) =>
      viewStateOf({
        cars: [
          carOf(1, { name: text, reading: readingOf("connectedAc") }),
          carOf(2, {
            model: { model: text },
            reading: readingOf("fault", {
              connection: measured({ kind: "unknown", reason: { kind: "unrecognized", raw: text } }),
              details: { chargingStatus: measured({ raw: text }) },
            }),
            problem: { kind: "misconfigured", setting: "api.baseUrl", text },
          }),
        ],
        session: {
          kind: "ready",
          credentials: "c",
          account: { kind: "volvoId", label: text, signInId: "", scopes: [], signedInAt: 0, refreshedAt: 0 },
        },
      });
    const harmless = structure(withText("word"));
    const nasty = fc.array(
      fc.oneof(fc.constantFrom(...scenes.hostileTexts.map((text) => text.slice(0, 99))), fc.string()),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const text = `x${parts.join("")}`;
        assert.deepEqual(structure(withText(text)), harmless);
      }),
    );
  });

  it("would have another structure without the escaping, so the check has something to find", () => {
    const car = carOf(1, { name: "word", reading: readingOf("connectedAc") });
    const hover = statusBar(viewStateOf({ cars: [car] }))?.tooltip ?? "";
    assert.ok(hover.includes("word"));
    const shapeOf = (markdown: string) => ({ ...renderMarkdown(markdown), text: "" });
    const markup = [
      "**b**",
      "`c`",
      "[d](command:e)",
      "![f](https://g.h)",
      "https://i.j",
      "<b>k</b>",
      "$(zap)",
      "l | m",
    ];
    for (const text of markup) {
      assert.notDeepEqual(shapeOf(hover.replaceAll("word", text)), shapeOf(hover), text);
      assert.deepEqual(shapeOf(hover.replaceAll("word", escapeMarkdown(text))), shapeOf(hover), text);
    }
  });

  it("are never longer than a screen, for any number of cars and problems", () => {
    for (const [title, view] of Object.entries(everyScene)) {
      const lines = renderMarkdown(statusBar(view)?.tooltip ?? "").text.split(/\n| \/ /);
      assert.ok(lines.length <= 20, `${title}: ${String(lines.length)} lines`);
    }
  });

  it("say after how many failed checks the next one comes, from the second on, since the wait then grows", () => {
    const lastLine = (...failures: readonly number[]) => {
      const cars = failures.map((count, index) => carOf(index, { failures: count, problem: { kind: "timeout" } }));
      return /Next check[^·]*/.exec(renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "").text)?.[0];
    };
    assert.equal(lastLine(1), "Next check 8:44 AM ");
    assert.equal(lastLine(3), "Next check 8:44 AM, after 3 failed checks ");
    assert.equal(lastLine(3, 2), "Next check 8:44 AM, after 2 failed checks ");
    assert.equal(lastLine(3, 0), "Next check 8:44 AM ");
  });

  it("show the time of the next check and count down to it during a pause", () => {
    const lastLine = (changes: Parameters<typeof viewStateOf>[0]) => {
      const cars = [carOf(1234, { reading: readingOf("connectedAc") })];
      return /Next check[^·]*/.exec(
        renderMarkdown(statusBar(viewStateOf({ cars, ...changes }))?.tooltip ?? "").text,
      )?.[0];
    };
    const { account } = viewStateOf().carStore;
    const until = now + 5 * hourMs;
    const held = {
      carStore: { account: { ...account, hold: { kind: "quotaSpent" as const, until } }, nextCheckAt: until },
    };
    assert.equal(lastLine({}), "Next check 8:44 AM ");
    assert.equal(lastLine(held), "Next check 1:40 PM (in 5 h) ");
    assert.equal(lastLine({ ...held, now: now + hourMs }), "Next check 1:40 PM (in 4 h) ");
    assert.equal(lastLine({ ...held, now: until - 90_000 }), "Next check 1:40 PM (in 2 min) ");
    const midnight = Date.UTC(2026, 10, 24);
    const spent = {
      account: { ...account, calls: { day: midnight / dayMs - 1, calls: 5_000 } },
      nextCheckAt: midnight,
    };
    assert.equal(lastLine({ carStore: spent }), "Next check Nov 24, 12:00 AM (in 16 h) ");
    const item = statusBar(viewStateOf({ cars: [carOf(1234)], carStore: spent }));
    assert.ok(item?.shownTimes.includes(midnight - 15 * hourMs), "the next repaint is due then");
  });

  it("link to the same page about keyrings as the welcome view if VS Code has lost the credentials", () => {
    const welcome = JSON.parse(fs.readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
    assert.ok(welcome["welcome.secretsLost"]?.includes(`(${keyringUrl})`));
    const session = { kind: "unavailable", cause: "lost" } as const;
    const withCar = viewStateOf({ cars: [carOf(1, { reading: readingOf("connectedAc") })], session });
    const [item, row, problem] = hoversOf(withCar);
    const alone = statusBar(viewStateOf({ session }))?.tooltip;
    for (const hover of [item, row, problem, alone]) {
      assert.deepEqual(renderMarkdown(hover ?? "").links.slice(0, 2), ["command:volvoCharging.connect", keyringUrl]);
    }
  });

  it("show battery and range of up to five cars, with their ages if these differ", () => {
    const details: Details = {
      batteryLevel: measured(58),
      range: measured({ amount: 250, unit: "km" }, 5 * hourMs),
    };
    for (const count of [1, 3, 4, 5]) {
      const cars = Array.from({ length: count }, (_, index) =>
        carOf(index, { reading: readingOf("fault", { details }) }),
      );
      const { text } = renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "");
      assert.equal(text.match(/58%.*250 km \(5 h ago\)/g)?.length, count, text);
    }
  });

  it("show why a connection is unknown, for any number of cars", () => {
    for (const count of [1, 5, 6, 12]) {
      const connection = measured({ kind: "unknown", reason: { kind: "notReported" } } as const);
      const cars = Array.from({ length: count }, (_, index) =>
        carOf(index, { reading: readingOf("fault", { connection }) }),
      );
      const { text } = renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "");
      assert.equal(text.match(/Unknown: (?:not reported|the car doesn't report it)/g)?.length, count, text);
    }
  });

  it("begin with the car that the item shows, in blocks and in a table", () => {
    for (const count of [2, 5, 6, 12, 13]) {
      const cars = Array.from({ length: count }, (_, index) =>
        carOf(index, { name: `Car no ${index}`, reading: readingOf(index === count - 1 ? "fault" : "connectedAc") }),
      );
      const { text } = renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "");
      assert.match(/Car no \d+/.exec(text)?.[0] ?? "", new RegExp(`^Car no ${count - 1}$`));
    }
  });

  it("show shared facts once, and each time of a check if they differ", () => {
    const checks = (second: number) => {
      const cars = [0, second].map((ageMs, index) =>
        carOf(index, { reading: readingOf("connectedAc", { fetchedAt: now - 40_000 - ageMs }) }),
      );
      const { text } = renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "");
      return text.match(/Checked: [^)]*\)/g);
    };
    assert.deepEqual(checks(0), ["Checked: 8:39 AM (just now)"]);
    assert.deepEqual(checks(hourMs), ["Checked: 8:39 AM (just now)", "Checked: 7:39 AM (1 h ago)"]);
  });

  it("show when a car was tried in vain: beside its times, or once where it is the same for all", () => {
    const tries = (count: number, failing: number) => {
      const cars = Array.from({ length: count }, (_, index) =>
        carOf(index, {
          reading: readingOf("connectedAc", { fetchedAt: now - hourMs }),
          attemptedAt: now - (index < failing ? 2 * 60_000 : hourMs),
          ...(index < failing && { problem: { kind: "timeout" } as const }),
        }),
      );
      const { text } = renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "");
      return text.match(/Measured: |Last tried: \d+:\d+ AM|Next check/g)?.join();
    };
    assert.equal(tries(2, 0), "Measured: ,Measured: ,Next check");
    assert.equal(tries(2, 1), "Measured: ,Last tried: 8:38 AM,Measured: ,Next check");
    assert.equal(tries(2, 2), "Measured: ,Measured: ,Last tried: 8:38 AM,Next check");
    assert.equal(tries(7, 3), "Last tried: 8:38 AM,Next check", "below the table");
  });

  it("name the car in a sentence about it, also where all cars have the problem", () => {
    for (const count of [1, 2]) {
      const cars = Array.from({ length: count }, (_, index) =>
        carOf(index, { name: `Car no ${index}`, problem: { kind: "forbidden", what: "car" } }),
      );
      const { text } = renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "");
      const names = cars.map(({ name }) => name).join(", ");
      assert.ok(text.includes(`${names}: This car doesn't belong to the account`), text);
    }
  });

  it("give the times no color of their own, so that high contrast themes do not dim them", () => {
    for (const view of Object.values(everyScene)) {
      for (const hover of hoversOf(view)) assert.doesNotMatch(hover, /descriptionForeground|disabledForeground/);
    }
  });

  it("offer no action twice, in every scene", () => {
    for (const [title, view] of Object.entries({ ...everyScene, ...scenes.pauses })) {
      const { links } = renderMarkdown(statusBar(view)?.tooltip ?? "");
      assert.equal(new Set(links).size, links.length, `${title}: ${links.join()}`);
    }
  });

  it("show target and current limit only of a car that charges", () => {
    const text = (charging: boolean) => {
      const details: Details = {
        chargingStatus: measured(charging ? "charging" : "idle"),
        batteryLevel: measured(58),
        targetLevel: measured(90),
        currentLimit: measured(16),
      };
      const cars = [carOf(1, { reading: readingOf("connectedAc", { details }) })];
      return renderMarkdown(statusBar(viewStateOf({ cars }))?.tooltip ?? "").text;
    };
    assert.match(text(true), /Charging · Battery 58% · Target 90% · Current limit 16 A/);
    assert.match(text(false), /Not charging · Battery 58% \//);
  });

  it("say what to do about a fault, and offer a test if Volvo does not permit reading a car", () => {
    const fault = statusBar(viewStateOf({ cars: [carOf(1, { reading: readingOf("fault") })] }));
    assert.match(renderMarkdown(fault?.tooltip ?? "").text, /Check the cable and the charger/);
    const refused = statusBar(
      viewStateOf({ cars: [carOf(1, { problem: { kind: "forbidden", what: "unspecified" } })] }),
    );
    assert.ok(renderMarkdown(refused?.tooltip ?? "").links.includes("command:volvoCharging.testConnection"));
  });

  it("show the absolute time of measurement first", () => {
    const { text } = renderMarkdown(statusBar(scenes.connections["connectedAc"]!)?.tooltip ?? "");
    assert.match(text, /Measured: 8:28 AM \(12 min ago\)/);
  });
});
