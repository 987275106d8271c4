import assert from "node:assert/strict";
import fc from "fast-check";
import { readPastedAnswer } from "../../src/auth/callback";
import { parseApiKey, parseGrant } from "../../src/auth/credentials";
import { readTypedSecret } from "../../src/auth/pastedText";
import { SignInAttempt } from "../../src/auth/signInAttempt";
import { Redactor } from "../../src/base/redactor";
import { type SettingKey, settingDefaults, settingKeys } from "../../src/contributions";
import { diagnostics } from "../../src/present/diagnostics";
import { statusBar } from "../../src/present/statusBar";
import { fillTemplate, placeholders } from "../../src/present/template";
import { tree } from "../../src/present/tree";
import { createViewState } from "../../src/present/viewState";
import { parseSettings } from "../../src/settings/settings";
import { vehicleEntries } from "../../src/settings/vehicleEntries";
import { anyText } from "../support/builders/arbitrary";
import { fuzz, fuzzAsync } from "../support/fuzzRuns";
import { mutated, mutatedText } from "../support/mutated";
import { viewStateOf } from "../unit/present/viewStates";

const client = { issuer: "https://id.test", clientId: "dc-client", clientSecret: "s1mulat0r+secret" };

const grants = [
  { kind: "testToken", origin: "https://volvo.test", accessToken: "token" },
  {
    kind: "volvoId",
    ...client,
    signInId: "a",
    generation: 3,
    origin: "https://volvo.test",
    signedInAt: 1,
    refreshedAt: 2,
    scopes: ["openid"],
    label: "a…@b.test",
    accessToken: "at",
    expiresAt: 5,
    refreshToken: "rt",
  },
  { origin: "https://volvo.test", value: "key" },
];

const addresses = [
  "http://localhost:17455/callback?code=abc&state=STATE",
  "code=abc&state=other",
  "http://localhost/callback#code=a%ZZ&state=STATE&error=access_denied",
  "<http://localhost:17455/callback?error=invalid_scope&state=STATE&iss=https://evil.test>",
  "?state=STATE&state=STATE&code=1&code=2",
  "https://id.test/as/authorization.oauth2?response_type=code&code_challenge=x",
];

const options = { client, redirectUri: "http://localhost:1/c", scopes: ["openid"], storedAs: () => undefined };

describe("arbitrary external input", () => {
  it("does not sign in with a browser response without the attempt's own state", async () => {
    const parameters = fc
      .array(fc.tuple(fc.constantFrom("code", "state", "error", "iss", "response", "id_token"), anyText(20)), {
        maxLength: 8,
      })
      .map((entries) => new URLSearchParams(entries));
    await fuzzAsync(parameters, async (given) => {
      const attempt = await SignInAttempt.begin(options);
      assert.notEqual(attempt.offer(given), "taken");
      given.delete("state");
      given.append("state", attempt.state.slice(0, -1));
      assert.notEqual(attempt.offer(given), "taken");
    });
  });

  it("never throws as pasted text, and is a response to one attempt or to none", async () => {
    const pasted = fc
      .tuple(fc.constantFrom(...addresses), anyText(10), fc.nat(80), anyText(40), fc.nat(3))
      .map(([address, text, at, other, kind]) =>
        kind === 0 ? other : address.slice(0, at) + text + address.slice(at),
      );
    await fuzzAsync(pasted, async (text) => {
      assert.equal(typeof readPastedAnswer(text).kind, "string");
      const attempt = await SignInAttempt.begin(options);
      const offer = attempt.offerPasted(text.replaceAll("STATE", attempt.state));
      if (offer === "taken") assert.equal(attempt.offerPasted(text), "over");
    });
  });

  it("is credentials or nothing as a stored secret", () => {
    fuzz(fc.oneof(mutatedText(grants), anyText(60)), (text) => {
      const grant = parseGrant(text);
      if (grant?.kind === "volvoId") assert.ok(grant.refreshToken !== "" && grant.issuer !== "");
      const key = parseApiKey(text);
      if (key) assert.ok(key.origin !== "" && key.value !== "");
    });
  });

  it("is refused or usable in a header as a typed secret", () => {
    const dress = fc.constantFrom("Bearer ", "bearer\t", '"', "'", "vcc-api-key: ", "Authorization : Bearer ", "\n");
    fuzz(fc.array(fc.oneof(dress, anyText(12)), { maxLength: 5 }), (parts) => {
      for (const wanted of ["apiKey", "accessToken", "clientId", "clientSecret"] as const) {
        const typed = readTypedSecret(parts.join(""), wanted);
        if (typed.kind !== "usable") continue;
        new Headers({ "vcc-api-key": typed.value, authorization: `Bearer ${typed.value}` });
      }
    });
  });

  it("leaves the status bar, tree and diagnostics usable as settings", () => {
    const odd = mutated([
      ...Object.values(settingDefaults),
      ["YV1TEST0000000001", { vin: "yv1test0000000002", name: "x" }],
      "http://[::1]:8080/a?b#c",
      "vscode://chargeglance.volvo-charging-status/callback",
      "{icon} {{name}} ({state",
    ]);
    const raw = fc.dictionary(fc.constantFrom(...settingKeys), odd) as fc.Arbitrary<
      Partial<Record<SettingKey, unknown>>
    >;
    fuzz(raw, (values) => {
      const settings = parseSettings((key) => values[key]);
      assert.ok(settings.refreshIntervalMs >= 60_000 && settings.refreshIntervalMs <= 86_400_000);
      assert.match(settings.baseUrl ?? "https:", /^https:|^http:\/\/(?:localhost|127\.|\[::1\])/);
      vehicleEntries(values.vehicles, settings.vehicles);
      const cars = settings.vehicles.map((car) => ({ ...car, failures: 0 }));
      const view = createViewState({ ...viewStateOf({ cars }), settings });
      const item = statusBar(view);
      if (item) assert.doesNotMatch(item.text, /\p{Cc}/u);
      tree(view);
      const window = { askedLast: false, intervalMs: undefined, isDemo: false };
      const requests = { counts: [], failures: [] };
      const history = { cars: [], isSaltLost: false, pausedUntil: undefined, failure: undefined };
      diagnostics({ view, window, requests, history, set: values, environment: {}, preface: "" }, new Redactor());
    });
  });

  it("produces one line without missing values as a template", () => {
    const part = fc.oneof(
      fc.constantFrom(...placeholders.map((name) => `{${name}}`), "{", "}", "(", ")", " · ", "$(zap)"),
      anyText(8),
    );
    const values = fc.dictionary(
      fc.constantFrom(...placeholders),
      fc.constantFrom("", "value", "{name}", "$1 $& {state}"),
    );
    fuzz(fc.tuple(fc.array(part, { maxLength: 12 }), values), ([parts, given]) => {
      const template = parts.join("");
      const filled = fillTemplate(template, given);
      assert.doesNotMatch(filled, /[\p{Cc}]|^\s|\s$/u);
      assert.ok(filled.length <= template.length + 40 * parts.length);
    });
  });
});
