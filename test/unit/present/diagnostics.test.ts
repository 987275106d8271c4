import assert from "node:assert/strict";
import fc from "fast-check";
import { hourMs, minuteMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/redactor";
import { settingKeys } from "../../../src/contributions";
import { type Diagnosis, diagnostics } from "../../../src/present/diagnostics";
import { checked, type Mask } from "../../../src/present/diagnosticsDocument";
import type { ViewState } from "../../../src/present/viewState";
import { assertGolden } from "./golden";
import { carOf, chargingDetails, measured, now, viewStateOf, readingOf, vinOf } from "./viewStates";
import { renderMarkdown } from "./rendered";
import * as scenes from "./scenes";

const none: Mask = { redact: (text) => text, finds: () => false };

function diagnosisOf(view: ViewState, changes: Partial<Diagnosis> = {}): Diagnosis {
  return {
    view,
    environment: { Extension: "0.1.0", "VS Code": "1.139.1 (Code, desktop)", Remote: "no" },
    set: {},
    window: { askedLast: true, intervalMs: 5 * minuteMs, isDemo: false },
    requests: { counts: [], failures: [] },
    history: { cars: [], isSaltLost: false, pausedUntil: undefined, failure: undefined },
    preface: "Read this before you share it.",
    ...changes,
  };
}

function markdownOf(diagnosis: Diagnosis, mask: Mask = new Redactor()): string {
  const result = diagnostics(diagnosis, mask);
  return result.kind === "document" ? result.markdown : assert.fail(`a leak in ${result.section}`);
}

const owner = "jan.karlsson@example.com";

const family = viewStateOf({
  cars: [
    carOf(1234, { name: "Karlsson", reading: readingOf("connectedAc", { details: chargingDetails, servedBy: "v2" }) }),
    carOf(5678, {
      reading: readingOf("fault", {
        connection: measured({ kind: "unknown", reason: { kind: "unrecognized", raw: "A|B `c` <b>" } }, 20 * hourMs),
      }),
      attemptedAt: now - 90_000,
      failures: 3,
      problem: { kind: "serviceUnavailable", cause: "error", status: 503 },
    }),
    carOf(9012),
  ],
  carStore: { askedBy: "a window" },
  settings: {
    vehicles: [vinOf(1234), { vin: vinOf(5678), name: "Karlsson" }, vinOf(9012)],
    staleAfter: "long",
    dailyCallBudget: 2000,
  },
  session: {
    kind: "ready",
    credentials: "c",
    account: {
      kind: "volvoId",
      label: `j…@example.com`,
      signInId: "id",
      scopes: ["openid", "energy:state:read"],
      signedInAt: now - 30 * 24 * hourMs,
      refreshedAt: now - 2 * minuteMs,
    },
  },
});

const full = diagnosisOf(family, {
  set: {
    vehicles: [vinOf(1234).toLowerCase(), { vin: vinOf(5678), name: `Car of ${owner}` }, "no car", 7],
    refreshInterval: 300,
    dailyCallBudget: 2000,
    staleAfter: "long",
    "statusBar.vehicle": vinOf(5678),
    "statusBar.text": `{icon} ${owner} | \`{state}\``,
    "api.baseUrl": "https://user:pass@gateway.example.com:8443/volvo?key=1",
    "auth.redirectUri": "http://localhost:17455/callback",
    "auth.scopes": ["openid", "energy:state:read"],
  },
  requests: {
    counts: [
      { kind: "energyV2", outcome: "HTTP 200", count: 4, totalMs: 1001, longestMs: 700 },
      { kind: "energyV2", outcome: "HTTP 503", count: 1, totalMs: 90, longestMs: 90 },
      { kind: "volvoId", outcome: "ECONNRESET", count: 1, totalMs: 15, longestMs: 15 },
    ],
    failures: [
      { kind: "energyV2", outcome: "HTTP 503", at: now - 90_000 },
      { kind: "volvoId", outcome: "ECONNRESET", at: now - hourMs },
    ],
  },
});

describe("The diagnostics", () => {
  it("contain versions, settings, schedule, account, cars and requests", () => {
    const redactor = new Redactor();
    redactor.learn(owner);
    assertGolden("diagnostics", markdownOf(full, redactor));
  });

  it("work for a window without any data yet", () => {
    const markdown = markdownOf(
      diagnosisOf(viewStateOf({ session: { kind: "starting" }, carStore: {} }), {
        window: { askedLast: false, intervalMs: undefined, isDemo: false },
      }),
    );
    assert.match(markdown, /The last to ask: no window\n- Windows share what they know: yes\n- Checks: as scheduled/);
    assert.match(markdown, /## Cars\n\nNone\./);
    assert.match(markdown, /State: starting/);
  });

  it("show which window asked last, and why windows share no state", () => {
    const cases = [
      [true, "shared", /The last to ask: this window\n- Windows share what they know: yes/],
      [
        false,
        "alone",
        /The last to ask: another window\n- Windows share what they know: no, the folder cannot be used/,
      ],
      [false, "newer", /The last to ask: another window\n- .*: no, another window has a newer version/],
    ] as const;
    for (const [askedLast, sharing, expected] of cases) {
      const view = viewStateOf({ carStore: { askedBy: "a window", sharing } });
      const window = { askedLast, intervalMs: undefined, isDemo: false };
      assert.match(markdownOf(diagnosisOf(view, { window })), expected);
    }
  });

  it("show that checks are paused or frequent, and until when", () => {
    const until = now + 12 * minuteMs;
    const cases = [
      [{ kind: "paused", since: now }, /- Checks: paused\n/],
      [{ kind: "paused", since: now, until }, /- Checks: paused, until 2026-11-23T08:52:00Z \(in 12 min\)\n/],
      [{ kind: "closely", since: now, until }, /- Checks: each minute, until 2026-11-23T08:52:00Z/],
      [{ kind: "paused", since: now - hourMs, until: now }, /- Checks: as scheduled\n/],
    ] as const;
    for (const [mode, expected] of cases) {
      assert.match(markdownOf(diagnosisOf(viewStateOf({ carStore: { mode } }))), expected);
    }
  });

  it("show until when a service is closed", () => {
    const problem = { kind: "serviceUnavailable", cause: "closed", status: 503, until: now + 12 * minuteMs } as const;
    assert.match(
      markdownOf(diagnosisOf(viewStateOf({ cars: [carOf(1, { problem })] }))),
      /serviceUnavailable \(HTTP 503, closed until 2026-11-23T08:52:00Z \(in 12 min\)\)/,
    );
  });

  it("show which parts of the history cannot be read or written, and why", () => {
    const lost = { isSaltLost: true, pausedUntil: now + 30 * minuteMs, failure: "EACCES: permission denied" };
    const cars = [{ vin: vinOf(1234), rows: 120, skipped: 3, newer: 1 }];
    const [, section = ""] = markdownOf(diagnosisOf(family, { history: { cars, ...lost } })).split("## History");
    assert.match(section, /Folder: `EACCES: permission denied`\n- Names of the cars: lost/);
    assert.match(section, /Disk: failed, tried again 2026-11-23T09:10:00Z/);
    assert.match(section, /\| car \| rows \| lines that cannot be read \| months of a newer version \|/);
    assert.match(section, /\| Car 1 \| 120 \| 3 \| 1 \|/);
  });

  it("contain only the ends of VINs and no names in every scene, and not even the ends in presenter mode", () => {
    const all = Object.values({ ...scenes.connections, ...scenes.problems, ...scenes.names });
    for (const view of all) {
      const text = markdownOf(diagnosisOf(view, { set: { vehicles: view.settings.vehicles } }));
      for (const { vin, name } of view.carStore.cars) {
        assert.ok(!text.includes(vin), vin);
        if (name !== undefined && name.length > 12) assert.ok(!text.includes(name), name);
      }
    }
    const shy = { ...family, settings: { ...family.settings, presenterMode: true } };
    assert.doesNotMatch(markdownOf({ ...full, view: shy }), /1234|5678|9012|Karlsson/);
  });

  it("contain no secret, address or VIN, even if one was entered as a setting or sent by Volvo as a value", () => {
    const redactor = new Redactor();
    const secrets = ["s3cret-key-9f8e7d", "Tok_en.with-odd~chars+/=", "a`|\\secret"];
    for (const secret of secrets) redactor.learn(secret);
    const bad = fc.constantFrom(...secrets, owner, vinOf(7), `Bearer abcdef123456`, "eyJhbGciOi.eyJzdWIi.c2ln");
    const text = fc.array(fc.oneof(bad, fc.string()), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
    const set = fc.dictionary(fc.constantFrom(...settingKeys), fc.oneof(text, fc.array(text), fc.object()));
    fc.assert(
      fc.property(text, set, (raw, values) => {
        const cars = [
          carOf(1, {
            name: raw,
            model: { model: raw },
            reading: readingOf("fault", {
              connection: measured({ kind: "unknown", reason: { kind: "unrecognized", raw } }),
            }),
          }),
        ];
        const diagnosis = diagnosisOf(viewStateOf({ cars }), { set: values, environment: { Remote: raw } });
        const result = diagnostics(diagnosis, redactor);
        if (result.kind === "leak") return;
        for (const secret of [...secrets, owner, vinOf(7), vinOf(1)]) {
          assert.ok(!result.markdown.includes(secret), secret);
        }
        const { links, tags, icons } = renderMarkdown(result.markdown);
        assert.deepEqual([links, tags.filter((tag) => /^(?:img|a|b|span|script)$/.test(tag)), icons], [[], [], []]);
      }),
      { numRuns: 40 },
    );
  });

  it("would contain secrets without the mask, so the check has something to find", () => {
    const result = diagnostics(full, none);
    assert.ok(result.kind === "document" && result.markdown.includes(owner));
  });

  it("are refused, with the title of the section, if they contain a secret", () => {
    const redactor = new Redactor();
    redactor.learn("s3cret-key-9f8e7d");
    for (const planted of ["s3cret-key-9f8e7d", owner, vinOf(7), "Bearer abcdef123456", "eyJhbGciOi.eyJzdWIi.c2ln"]) {
      const sections = [
        { title: "Versions", lines: ["- Remote: no"] },
        { title: "Cars", lines: [`- ${planted}`] },
      ];
      assert.deepEqual(checked("", sections, now, redactor), { kind: "leak", section: "Cars" }, planted);
      assert.equal(checked("", sections, now, none).kind, "document");
    }
    assert.deepEqual(diagnostics(full, { redact: (text) => text, finds: (text) => redactor.finds(text) }), {
      kind: "leak",
      section: "Settings",
    });
  });
});
