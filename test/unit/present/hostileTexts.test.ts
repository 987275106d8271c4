import assert from "node:assert/strict";
import fc from "fast-check";
import { iconIds } from "../../../src/contributions";
import { menuSession } from "../../../src/present/accountsMenu";
import { listedName } from "../../../src/present/carNames";
import { notification } from "../../../src/present/notification";
import { problemText } from "../../../src/present/problemText";
import type { Row } from "../../../src/present/row";
import { scopeItems } from "../../../src/present/scopeText";
import { statusBar } from "../../../src/present/statusBar";
import { tree } from "../../../src/present/tree";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { minuteMs } from "../../../src/base/clock";
import { carEventKinds } from "../../../src/charging/changes";
import { anyText } from "../../support/builders/arbitrary";
import { carOf, measured, viewStateOf, readingOf } from "./viewStates";
import { hostileTexts } from "./scenes";
import { carEvent } from "../../support/builders/builders";

const ownIcons = new Set<string>(Object.values(iconIds));

/**
 * The parts of a label, notification or quick-pick text that VS Code would interpret. Does not use the code under test.
 */
function dangers(text: string, hasIcons: boolean): readonly string[] {
  const found: string[] = [];
  const icons = [...text.matchAll(/\$\(([A-Za-z0-9-]+)(?:~[A-Za-z]+)?\)/g)].map(([, id = ""]) => id);
  const own = (id: string) => hasIcons && (ownIcons.has(id) || /^(?:clock|sync|warning|pinned|check)$/.test(id));
  for (const id of icons) if (!own(id)) found.push(`icon ${id}`);
  if (/\[[^\]]*\]\([^)]*\)/.test(text)) found.push("link");
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) found.push("control character");
  if (/[\u202a-\u202e\u200e\u200f\u061c]/.test(text)) found.push("direction override");
  const opened = text.split(/[\u2066-\u2068]/).length;
  if (opened !== text.split("\u2069").length) found.push("direction that is not closed");
  if (text.length > 2_000) found.push("length");
  return found;
}

function everyText(view: ViewState): readonly (readonly [text: string, hasIcons: boolean])[] {
  const below = (rows: readonly Row[]): readonly string[] =>
    rows.flatMap((row) => [row.label, row.description ?? "", row.spoken, ...below(row.children)]);
  const item = statusBar(view);
  const cars = view.cars;
  return [
    ...below(tree(view)).map((text) => [text, false] as const),
    [item?.text ?? "", true],
    [item?.spoken ?? "", false],
    ...cars.flatMap(({ name, shortName }) => [[name, false] as const, [shortName, false] as const]),
    ...cars.flatMap(({ vin }) =>
      carEventKinds.flatMap((kind) => {
        const message = notification(carEvent(kind, vin, view.now - minuteMs, view.now), view);
        return message ? [[message.text, false] as const] : [];
      }),
    ),
    [menuSession(view.session)?.account.label ?? "", false],
    ...view.carStore.cars.map((car) => [listedName(car), false] as const),
    ...scopeItems(view.settings.scopes).map(({ label }) => [label, false] as const),
    ...cars.flatMap(({ problem }) =>
      problem ? [[problemText(problem, view.now, view.locale).sentence, false] as const] : [],
    ),
  ];
}

function viewStateWith(text: string): ViewState {
  const view = viewStateOf({
    cars: [
      carOf(1, {
        name: text,
        reading: readingOf("connected", { connection: measured({ kind: "connected", charger: text }) }),
      }),
      carOf(2, {
        model: { model: text },
        reading: readingOf("fault", {
          connection: measured({ kind: "unknown", reason: { kind: "unrecognized", raw: text } }),
          details: { chargingStatus: measured({ raw: text }), powerStatus: measured({ raw: text }) },
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
  return createViewState({ ...view, settings: { ...view.settings, scopes: ["openid", text] } });
}

describe("Labels, messages and screen-reader texts", () => {
  it("contain no icon, link, control character or open text direction for any name and any value from Volvo", () => {
    const nasty = fc
      .array(fc.oneof(fc.constantFrom(...hostileTexts), anyText(20)), { maxLength: 3 })
      .map((parts) => `x${parts.join("")}`);
    fc.assert(
      fc.property(nasty, (text) => {
        for (const [shown, hasIcons] of everyText(viewStateWith(text))) {
          assert.deepEqual(dangers(shown, hasIcons), [], JSON.stringify(shown));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("would contain them without the escaping, so the check has something to find", () => {
    const unguarded = hostileTexts.flatMap((text) => dangers(text, false));
    for (const danger of ["icon zap", "link", "control character", "direction override", "length"]) {
      assert.ok(unguarded.includes(danger), danger);
    }
  });
});
