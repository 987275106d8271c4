import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { commandId, focusViewCommand, settingDefaults } from "../../../src/contributions";
import { emptyAccount } from "../../../src/charging/account";
import type { Problem } from "../../../src/charging/problem";
import { needsUser } from "../../../src/present/need";
import type { Reading } from "../../../src/charging/reading";
import { connectionSentence } from "../../../src/present/connectionText";
import type { Mode } from "../../../src/charging/mode";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { problemText } from "../../../src/present/problemText";
import { carToShow } from "../../../src/charging/carToShow";
import { carGlance, type Glance } from "../../../src/present/glance";
import { statusBar } from "../../../src/present/statusBar";
import { treeModel } from "../../../src/present/tree";
import { ageHoldsFor } from "../../../src/present/times";
import { carOf, chargingDetails, connectionOf, measured, now, viewStateOf, readingOf, vinOf } from "./viewStates";
import * as scenes from "./scenes";
import { itemText, treeText } from "./screen";

const readings = {
  ...scenes.connections,
  ...scenes.times,
  ...scenes.details,
  ...scenes.several,
  ...scenes.modes,
  ...scenes.pauses,
};

const isKeyRefused = (problem: Problem) => problem.kind === "serviceUnavailable" && problem.cause === "keyRefused";

/** True if a car can have the problem while the others have none. */
const isOfACar = ({ kind }: Problem) => !["outdatedWindow", "misconfigured"].includes(kind);

/** The item for the most important car before the product is loaded. */
function firstPainting(view: ViewState): Glance | undefined {
  const car = carToShow(view.cars, view.settings.pinned);
  return car && carGlance(car, view);
}

describe("The status-bar item", () => {
  it("has the error background only for a fault, and the warning background only if the user must act", () => {
    for (const [title, view] of Object.entries({ ...readings, ...scenes.problems })) {
      const item = statusBar(view);
      const isFault = item?.text.includes("volvo-charging-fault") === true;
      const mustAct = view.carStore.cars.some(
        ({ problem }) => problem && needsUser(problem) && problem.kind !== "tokenEnded",
      );
      assert.equal(item?.background, isFault ? "error" : mustAct ? "warning" : "none", title);
    }
  });

  it("keeps its word and gains a clock while the reading is in doubt", () => {
    for (const problem of scenes.everyProblem) {
      const item = statusBar(viewStateOf({ cars: [carOf(1234, { reading: readingOf("connectedAc"), problem })] }));
      if (needsUser(problem) || isKeyRefused(problem)) continue;
      assert.match(item?.text ?? "", "until" in problem ? /AC \$\(watch\) retry in \d+ (min|h)$/ : /AC \$\(watch\)$/);
    }
  });

  it("shows the first refusal of the key, and asks for another key only if it has never worked", () => {
    const problem = { kind: "serviceUnavailable", cause: "keyRefused" } as const;
    const shown = (accepted: boolean) => {
      const reading = readingOf("connectedAc");
      const account = { ...emptyAccount, ...(accepted && { accepted: true as const }) };
      return statusBar(viewStateOf({ cars: [carOf(1234, { problem, reading })], carStore: { account } }));
    };
    for (const accepted of [true, false]) {
      assert.equal(shown(accepted)?.text, "$(volvo-charging-ac) Volvo …1234 AC · API key refused");
      assert.equal(shown(accepted)?.background, "none", "one refusal is not final");
    }
    assert.deepEqual([shown(true)?.command, shown(false)?.command], [focusViewCommand, commandId("setApiKey")]);
  });

  it("shows why a car was never read, in the words of its row; a click changes an unknown VIN", () => {
    const shown = (problem: Problem) => {
      const view = viewStateOf({ cars: [carOf(1234, { problem }), carOf(5)] });
      const { description = "" } = treeModel(view).rows()[0] ?? {};
      const item = statusBar(viewStateOf({ cars: [carOf(1234, { problem })] }))!;
      assert.ok(description.startsWith("Unknown · "), description);
      assert.ok(item.text.startsWith(`$(volvo-charging-unknown) Volvo …1234 ${description}`), item.text);
      assert.ok(needsUser(problem) || item.background === "none", problem.kind);
      return item;
    };
    for (const problem of scenes.everyProblem.filter(isOfACar)) shown(problem);
    const unknownVin = shown({ kind: "notFound" });
    assert.equal(unknownVin.text, "$(volvo-charging-unknown) Volvo …1234 Unknown · VIN not found");
    assert.equal(unknownVin.command, commandId("changeVin"));
    assert.equal(shown({ kind: "timeout" }).command, focusViewCommand);
  });

  it("shows the action that the user must take, and a click performs it, regardless of the setting for clicks", () => {
    const shown = (problem: Problem) => {
      const cars = [carOf(1234, { reading: readingOf("connectedAc"), problem }), carOf(5)];
      return statusBar(viewStateOf({ cars, settings: { "statusBar.clickAction": "refresh" } }));
    };
    assert.match(shown({ kind: "tokenEnded" })?.text ?? "", /AC \+1 · token expired$/);
    for (const problem of scenes.everyProblem.filter(needsUser)) {
      const { action } = problemText(problem, now, { language: "en" });
      const item = shown(problem);
      assert.equal(item?.command, action?.command, problem.kind);
      assert.ok(item?.text.endsWith(` +1 · ${problemText(problem, now, { language: "en" }).word}`), item?.text);
    }
    assert.equal(shown({ kind: "timeout" })?.command, commandId("refresh"));
  });

  it("has the same text, background and command at first as later with hover and screen-reader label", () => {
    for (const [title, view] of Object.entries({ ...readings, ...scenes.problems, ...scenes.withoutCars })) {
      const item = statusBar(view);
      const car = carToShow(view.cars, view.settings.pinned);
      if (!item || !car?.reading) continue;
      const { text, background, command } = item;
      assert.deepEqual(carGlance(car, view), { text, background, command }, title);
    }
  });

  it("uses no Intl in its first painting, because the first use in a process would delay it", () => {
    const { DateTimeFormat, NumberFormat, RelativeTimeFormat } = Intl;
    const { prototype: letters } = Intl.Segmenter;
    const segment = Object.getOwnPropertyDescriptor(letters, "segment")!;
    const refuse = function () {
      throw new Error("Intl was used");
    };
    Object.assign(Intl, { DateTimeFormat: refuse, NumberFormat: refuse, RelativeTimeFormat: refuse });
    // The segmenter is created once and kept, so its prototype is replaced.
    Object.defineProperty(letters, "segment", { ...segment, value: refuse });
    try {
      // No cache contains formats of this language.
      const locale = { language: "sv" };
      const longName = { ...carOf(1234, { reading: readingOf("fault") }), name: "XC60 Recharge Plug-in Hybrid 2023" };
      assert.ok(firstPainting(createViewState({ ...viewStateOf({ cars: [longName] }), locale })));
      const all = Object.values({ ...scenes.connections, ...scenes.times, ...scenes.details });
      const views = all.filter(({ settings }) => settings.statusBarText === settingDefaults["statusBar.text"]);
      assert.ok(views.length > 10);
      for (const view of views) {
        assert.ok(firstPainting(createViewState({ ...view, locale })));
        assert.throws(() => statusBar(createViewState({ ...view, locale })), /Intl was used/);
      }
    } finally {
      Object.assign(Intl, { DateTimeFormat, NumberFormat, RelativeTimeFormat });
      Object.defineProperty(letters, "segment", segment);
    }
  });

  it("gives screen readers the information that icon, color and hover show", () => {
    for (const problem of scenes.everyProblem) {
      const view = viewStateOf({ cars: [carOf(1234, { reading: readingOf("fault"), problem }), carOf(1)] });
      const spoken = statusBar(view)?.spoken ?? "";
      const { sentence } = problemText(view.cars[0]!.problem!, now, view.locale);
      for (const fact of [
        "Volvo …1234",
        connectionSentence(connectionOf("fault")),
        "Nov 23, 2026, 8:28 AM, 12 minutes ago",
        "Checked just now",
        sentence.replace(/\.$/, ""),
        "until" in problem ? "Next check 8:44 AM (in 4 min)" : "Next check 8:44 AM",
        "Other cars: 1",
      ]) {
        assert.ok(spoken.includes(fact), `${fact} is not in ${spoken}`);
      }
      assert.doesNotMatch(spoken, /\$\(|\.\.|\\/);
    }
  });

  it("gives screen readers the time of the last attempt for a car without a reading", () => {
    const problem = { kind: "offline", certificate: false } as const;
    const view = viewStateOf({ cars: [carOf(1, { problem, attemptedAt: now - 2 * minuteMs })] });
    assert.match(
      statusBar(view)?.spoken ?? "",
      /Unknown\. Last tried 2 minutes ago\. Volvo's service can't be reached/,
    );
    const [problemRow, row] = treeModel(view).rows();
    assert.match(problemRow?.spoken ?? "", /Volvo's service can't be reached/);
    assert.match(row?.spoken ?? "", /Unknown\. Last tried 2 minutes ago$/);
  });

  it("is shown always, only while a car is plugged in or needs the user, or never", () => {
    const visible = (car: Parameters<typeof carOf>[1] | undefined, visibility: string) => {
      const cars = car ? [carOf(1, car)] : [];
      return statusBar(viewStateOf({ cars, settings: { "statusBar.visibility": visibility } })) !== undefined;
    };
    const unplugged = readingOf("disconnected");
    const seen = (car: Parameters<typeof carOf>[1] | undefined) =>
      ["always", "whenPluggedIn", "never"].filter((visibility) => visible(car, visibility)).join(" ");
    for (const kind of ["connectedAc", "connectedDc", "connected", "fault"] as const) {
      assert.equal(seen({ reading: readingOf(kind) }), "always whenPluggedIn", kind);
    }
    assert.equal(seen({ reading: unplugged }), "always");
    assert.equal(seen({}), "always");
    assert.equal(seen({ reading: unplugged, problem: { kind: "timeout" } }), "always");
    assert.equal(seen({ reading: unplugged, problem: { kind: "tokenEnded" } }), "always whenPluggedIn");
    assert.equal(seen(undefined), "always whenPluggedIn");
  });

  it("counts the other cars right behind the car, before all that is said about it", () => {
    const text = (problem: Problem, mode?: Mode) => {
      const cars = [carOf(1, { reading: readingOf("fault"), problem }), carOf(2)];
      return statusBar(viewStateOf({ cars, ...(mode && { carStore: { mode } }) }))?.text.split(" Fault ")[1];
    };
    assert.equal(text({ kind: "tokenEnded" }), "+1 · token expired");
    assert.equal(text({ kind: "timeout" }), "+1 $(watch)");
    assert.equal(text({ kind: "rateLimited", until: now + 6 * minuteMs }), "+1 $(watch) retry in 6 min");
    assert.equal(text({ kind: "timeout" }, { kind: "paused", since: now }), "+1 $(watch) $(debug-pause)");
  });

  it("counts down while Volvo asks to wait", () => {
    const problem = { kind: "quotaSpent", until: now + 61 * minuteMs } as const;
    const text = (at: number) =>
      statusBar(viewStateOf({ cars: [carOf(1, { reading: readingOf("connectedDc"), problem })], now: at }))?.text;
    assert.equal(text(now), "$(volvo-charging-dc) Volvo …0001 DC $(watch) retry in 2 h");
    assert.equal(text(now + minuteMs), "$(volvo-charging-dc) Volvo …0001 DC $(watch) retry in 60 min");
  });

  it("counts down to the end of a pause, and shows the glyph alone for a pause without an end", () => {
    const text = (mode: Mode, at = now) =>
      statusBar(viewStateOf({ cars: [carOf(1, { reading: readingOf("connectedAc") })], carStore: { mode }, now: at }))
        ?.text;
    const paused = { kind: "paused", since: now } as const;
    const car = "$(volvo-charging-ac) Volvo …0001 AC";
    assert.equal(text({ ...paused, until: now + 55 * minuteMs }), `${car} $(debug-pause) 55 min`);
    assert.equal(text({ ...paused, until: now + 55 * minuteMs }, now + 55 * minuteMs), car);
    assert.equal(text(paused), `${car} $(debug-pause)`);
    assert.equal(text({ ...paused, kind: "closely", until: now + 4 * hourMs }), `${car} $(eye)`);
  });

  it("shows the user's pause and Volvo's wait with two icons, and counts down the wait only if it ends after the pause", () => {
    const problem = { kind: "rateLimited", until: now + 95 * minuteMs } as const;
    const marks = (pausedMs: number) => {
      const mode = { kind: "paused", since: now, until: now + pausedMs } as const;
      const cars = [carOf(1, { reading: readingOf("connectedAc"), problem })];
      return statusBar(viewStateOf({ cars, carStore: { mode } }))?.text.split(" AC ")[1];
    };
    assert.equal(marks(55 * minuteMs), "$(watch) retry in 2 h $(debug-pause) 55 min");
    assert.equal(marks(3 * hourMs), "$(watch) $(debug-pause) 3 h");
  });

  it("gives screen readers a pause instead of the next check, and close watching in addition to it", () => {
    const spoken = (title: string) => statusBar(scenes.pauses[title]!)?.spoken ?? "";
    assert.match(spoken("paused for an hour"), /\. Paused until 9:35 AM\. Other cars: 2$/);
    assert.match(spoken("paused without an end"), /\. Checking paused\. Other cars: 2$/);
    assert.match(spoken("watching closely"), /\. Watching closely until 9:35 AM\. Next check 8:44 AM\. Other cars: 2$/);
  });

  it("uses the plain template if the user's template is empty once filled in", () => {
    for (const template of ["", "   ", "{soc}", "({range})"]) {
      const view = viewStateOf({
        cars: [carOf(1234, { reading: readingOf("connectedAc") })],
        settings: { "statusBar.text": template },
      });
      assert.equal(statusBar(view)?.text, "$(volvo-charging-ac) Volvo …1234 AC", template);
    }
  });

  it("fills in every placeholder, and shows the number of other cars in the place that the template gives it", () => {
    const details = chargingDetails;
    const cars = [carOf(1234, { name: "Ebba", reading: readingOf("connectedDc", { details }) }), carOf(1), carOf(2)];
    const text = (template: string) => statusBar(viewStateOf({ cars, settings: { "statusBar.text": template } }))?.text;
    assert.equal(
      text("{icon}{name}: {state}, {soc}, {range}, {age} ({count})"),
      "$(volvo-charging-dc)Ebba: DC, 58%, 250 km, 12 min ago (+2)",
    );
    assert.equal(text("{state} {typo}"), "DC {typo} +2");
  });

  it("shows the power and the expected end only while the car charges", () => {
    const text = (changes: Reading["details"], at = now) => {
      const cars = [
        carOf(1234, { reading: readingOf("connectedAc", { details: { ...chargingDetails, ...changes } }) }),
      ];
      const settings = { "statusBar.text": "{state} · {power} · {doneAt}" };
      return statusBar(viewStateOf({ cars, settings, now: at }))?.text;
    };
    assert.equal(text({}), "AC · 11 kW · 10:03 AM");
    assert.equal(text({ chargingStatus: measured("done") }), "AC");
    assert.equal(text({ power: measured(0), minutesToTarget: measured(10) }), "AC");
    assert.equal(text({ minutesToTarget: measured(1440) }), "AC · 11 kW · Nov 24, 8:28 AM");
    assert.equal(text({}, now + 2 * hourMs), "AC · 11 kW");
  });

  it("shows the pinned car, or the most urgent one if the pinned car is not configured", () => {
    const cars = [
      carOf(1, { name: "Ebba", reading: readingOf("disconnected") }),
      carOf(2, { name: "Saga", reading: readingOf("fault") }),
    ];
    const text = (pinned: string) => statusBar(viewStateOf({ cars, settings: { "statusBar.vehicle": pinned } }))?.text;
    assert.match(text("auto") ?? "", /Saga Fault \+1$/);
    assert.match(text(vinOf(1)) ?? "", /Ebba Unplugged \+1$/);
    assert.match(text(vinOf(3)) ?? "", /Saga Fault \+1$/);
  });

  it("shows icons of the user's template, but none from a name or a value of the API", () => {
    const view = viewStateOf({
      cars: [carOf(1234, { name: "$(bug)", reading: readingOf("connectedAc") })],
      settings: { "statusBar.text": "$(zap) {name} {state}" },
    });
    assert.equal(statusBar(view)?.text, "$(zap) $ (bug) AC");
  });
});

describe("The next repaint", () => {
  /** The screen at `at` without any other changes. The next check is left out, because its time changes the text. */
  function screenAt(view: ViewState, at: number): string {
    const { nextCheckAt, ...carStore } = view.carStore;
    const problems = [carStore.account.hold, ...carStore.cars.map((car) => car.problem)];
    const isPaused = problems.some((problem) => problem && "until" in problem && problem.until > at);
    const later = createViewState({
      ...view,
      carStore: isPaused ? { ...carStore, ...(nextCheckAt && { nextCheckAt }) } : carStore,
      now: at,
    });
    return `${itemText(later)}\n${treeText(later)}`;
  }

  const stale = readingOf("disconnected", {
    connection: measured({ kind: "disconnected" }, 90 * minuteMs),
    fetchedAt: now - 90 * minuteMs,
  });
  const scenesWithTimes: Readonly<Record<string, ViewState>> = {
    ...readings,
    ...scenes.problems,
    ...scenes.problemsAlone,
    ...scenes.outdated,
    "stale before its age changes": viewStateOf({
      cars: [carOf(1, { reading: stale })],
      settings: { staleAfter: 1.75 },
    }),
    "done soon": viewStateOf({
      cars: [
        carOf(1, {
          reading: readingOf("connectedAc", {
            details: { ...chargingDetails, minutesToTarget: { value: 12.5, measuredAt: now - 12 * minuteMs } },
          }),
        }),
      ],
    }),
  };

  it("is due exactly when a shown text changes", () => {
    for (const [title, view] of Object.entries(scenesWithTimes)) {
      let at = now;
      let shown = screenAt(view, at);
      // Three ticks of this length end before midnight UTC, when the count of calls starts again.
      const longest = 4 * hourMs;
      for (let tick = 0; tick < 3; tick++) {
        const later = createViewState({ ...view, now: at });
        const times = [statusBar, treeModel].flatMap((model) => model(later)?.shownTimes ?? []);
        const wait = Math.min(longest, ...times.map((time) => ageHoldsFor(time, at)));
        assert.ok(wait > 0, title);
        assert.equal(screenAt(view, at + wait - 1), shown, `${title}: changed before the tick`);
        at += wait;
        const before = shown;
        shown = screenAt(view, at);
        if (wait < longest) assert.notEqual(shown, before, `${title}: an idle tick`);
      }
    }
  });
});
