import assert from "node:assert/strict";
import fc from "fast-check";
import { type SettingKey, settingDefaults, settingKeys } from "../../../src/contributions";
import { blockingFault, parseSettings, type SettingFault, type Settings } from "../../../src/settings/settings";
import { vinNumber } from "../../support/builders/builders";

function parse(values: Partial<Record<SettingKey, unknown>> = {}): Settings {
  return parseSettings((key) => values[key]);
}

function withoutFaults({ faults: _, ...settings }: Settings): Omit<Settings, "faults"> {
  return settings;
}

const ready = { kind: "ready", credentials: "c", account: { kind: "testToken" } } as const;
const defaults = parse();
const [first, second] = [vinNumber(1), vinNumber(2)];

describe("the settings", () => {
  it("are the defaults in the product's units, without a fault, if unchanged", () => {
    const { faults, vehicles, refreshIntervalMs, staleAfterMs, baseUrl, pinned, apiVersion, demo } = defaults;
    assert.deepEqual(faults, []);
    assert.deepEqual([vehicles, pinned, apiVersion, demo], [[], undefined, "auto", false]);
    assert.deepEqual([refreshIntervalMs, staleAfterMs], [300_000, 43_200_000]);
    assert.equal(baseUrl, "https://api.volvocars.com");
    assert.deepEqual(parse({ ...settingDefaults }), defaults);
    assert.deepEqual(
      parseSettings(() => null),
      defaults,
      "null is nothing",
    );
  });

  it("are the default with a fault if of a wrong type, without affecting the others", () => {
    const good = {
      vehicles: [first],
      refreshInterval: 600,
      "statusBar.text": "{name}",
      "notifications.fault": false,
      demo: true,
    };
    const wrong: Record<string, unknown> = { string: 5, number: "300", boolean: "true", object: 7 };
    for (const key of settingKeys) {
      const value = wrong[typeof settingDefaults[key]];
      const settings = parse({ ...good, [key]: value });
      assert.deepEqual(settings.faults, [{ kind: "wrongType", key }], key);
      const { [key as "demo"]: _, ...others } = good;
      assert.deepEqual(withoutFaults(settings), withoutFaults(parse(others)), key);
    }
  });

  it("accept only percentages as battery levels", () => {
    assert.deepEqual(defaults.notifications.batteryLevels, []);
    const key = "notifications.batteryLevels";
    assert.deepEqual(parse({ [key]: [20, 80] }).notifications.batteryLevels, [20, 80]);
    for (const wrong of [[0], [101], ["20"], [null], 20, "20"]) {
      const settings = parse({ [key]: wrong });
      assert.deepEqual(settings.notifications.batteryLevels, []);
      assert.deepEqual(settings.faults, [{ kind: "wrongType", key }]);
    }
  });

  it("are the default with a fault if the value is not on the list", () => {
    for (const key of [
      "apiVersion",
      "timeFormat",
      "statusBar.visibility",
      "statusBar.alignment",
      "statusBar.clickAction",
    ] as const) {
      for (const value of ["", "V2", "v3", "constructor", 0]) {
        const settings = parse({ [key]: value });
        assert.deepEqual(settings.faults, [{ kind: "wrongType", key }]);
        assert.deepEqual(withoutFaults(settings), withoutFaults(defaults));
      }
    }
    assert.equal(parse({ apiVersion: "v1" }).apiVersion, "v1");
  });

  it("accept a time of day for the reminder, and no similar text", () => {
    const accepted: readonly (readonly [string, object | undefined])[] = [
      ["", undefined],
      ["  ", undefined],
      ["21:30", { hour: 21, minute: 30 }],
      [" 7:05 ", { hour: 7, minute: 5 }],
      ["00:00", { hour: 0, minute: 0 }],
      ["23:59", { hour: 23, minute: 59 }],
    ];
    for (const [text, time] of accepted) {
      const { reminder, faults } = parse({ "reminder.time": text });
      assert.deepEqual([reminder.time, faults], [time, []], text);
    }
    for (const text of ["24:00", "21:60", "21.30", "9 pm", "2130", "21:30:00", "-1:00", "١٢:٣٠", "21:3"]) {
      const { reminder, faults } = parse({ "reminder.time": text });
      assert.deepEqual([reminder.time, faults], [undefined, [{ kind: "notATime", key: "reminder.time" }]], text);
    }
  });

  it("are clamped if out of range, and the used value is reported", () => {
    const cases: readonly (readonly [SettingKey, unknown, number])[] = [
      ["refreshInterval", 59, 60],
      ["refreshInterval", -1, 60],
      ["refreshInterval", 86_401, 86_400],
      ["refreshInterval", 1e300, 86_400],
      ["refreshInterval", 90.4, 90],
      ["dailyCallBudget", 0, 1],
      ["dailyCallBudget", 10_001, 10_000],
      ["reminder.belowBatteryLevel", 0, 1],
      ["reminder.belowBatteryLevel", 101, 100],
      ["staleAfter", 0, 0.1],
      ["staleAfter", 1e9, 8_760],
    ];
    for (const [key, value, used] of cases) {
      assert.deepEqual(parse({ [key]: value }).faults, [{ kind: "outOfRange", key, used }], `${key} ${String(value)}`);
    }
    assert.equal(parse({ refreshInterval: 10 }).refreshIntervalMs, 60_000);
    for (const value of [60, 86_400]) assert.deepEqual(parse({ refreshInterval: value }).faults, []);
    assert.equal(parse({ staleAfter: 0.5 }).staleAfterMs, 1_800_000);
    for (const value of [NaN, Infinity]) assert.equal(parse({ refreshInterval: value }).faults[0]?.kind, "wrongType");
  });

  it("never throw, and always produce usable values", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...settingKeys), fc.oneof(fc.jsonValue(), fc.anything())), (values) => {
        const settings = parse(values);
        assert.ok(settings.refreshIntervalMs >= 60_000 && settings.refreshIntervalMs <= 86_400_000);
        assert.ok(settings.dailyCallBudget >= 1 && settings.dailyCallBudget <= 10_000);
        assert.ok(settings.staleAfterMs > 0 && Number.isFinite(settings.statusBarPriority));
        assert.ok(["auto", "v1", "v2"].includes(settings.apiVersion));
        for (const { vin } of settings.vehicles) assert.match(vin, /^[A-HJ-NPR-Z0-9]{17}$/);
        if (settings.baseUrl !== undefined) assert.ok(URL.canParse(settings.baseUrl));
      }),
    );
  });
});

describe("the configured cars", () => {
  it("are VINs, or VINs with a name, in order", () => {
    const vehicles = [second.toLowerCase(), { vin: ` ${first} `, name: "  Family car " }];
    const settings = parse({ vehicles });
    assert.deepEqual(settings.vehicles, [{ vin: second }, { vin: first, name: "Family car" }]);
    assert.deepEqual(settings.faults, []);
  });

  it("have no name if it is empty or not a text", () => {
    for (const name of [undefined, null, "", "  ", 5, {}]) {
      assert.deepEqual(parse({ vehicles: [{ vin: first, name }] }).vehicles, [{ vin: first }]);
    }
  });

  it("appear once each, with the data of the first entry", () => {
    const vehicles = [{ vin: first, name: "A" }, second, { vin: first.toLowerCase(), name: "B" }, first];
    assert.deepEqual(parse({ vehicles }).vehicles, [{ vin: first, name: "A" }, { vin: second }]);
  });

  it("are kept if another entry is not a car, and that entry is reported by its number", () => {
    const odd = [null, 5, "SHORT", `${first}0`, "YV1TEST000000000I", {}, { name: "x" }, { vin: 5 }, [], [first], true];
    for (const entry of odd) {
      const settings = parse({ vehicles: [first, entry, second] });
      assert.deepEqual(settings.vehicles, [{ vin: first }, { vin: second }]);
      assert.deepEqual(settings.faults, [{ kind: "notAVin", key: "vehicles", entry: 2 }], JSON.stringify(entry));
    }
  });

  it("can be pinned by VIN; any other value counts as auto and is reported", () => {
    assert.equal(parse({ "statusBar.vehicle": first.toLowerCase() }).pinned, first);
    for (const auto of ["auto", "", " "]) {
      assert.deepEqual(
        [parse({ "statusBar.vehicle": auto }).pinned, parse({ "statusBar.vehicle": auto }).faults],
        [undefined, []],
      );
    }
    const settings = parse({ "statusBar.vehicle": "my car" });
    assert.equal(settings.pinned, undefined);
    assert.deepEqual(settings.faults, [{ kind: "wrongType", key: "statusBar.vehicle" }]);
  });
});

describe("the base URL", () => {
  const urlOf = (url: string) => parse({ "api.baseUrl": url }).baseUrl;

  it("must use https, or http on this computer", () => {
    for (const [given, used] of [
      ["https://api.volvocars.com", "https://api.volvocars.com"],
      [" https://API.volvocars.com/ ", "https://api.volvocars.com"],
      ["https://proxy.example:8443/volvo//", "https://proxy.example:8443/volvo"],
      ["https://proxy.example/volvo?", "https://proxy.example/volvo"],
      ["https://proxy.example/#", "https://proxy.example"],
      ["http://localhost:8080", "http://localhost:8080"],
      ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
      ["http://127.1.2.3", "http://127.1.2.3"],
      ["http://[::1]:9/x", "http://[::1]:9/x"],
      ["https://localhost", "https://localhost"],
    ] as const) {
      assert.equal(urlOf(given), used);
      assert.deepEqual(parse({ "api.baseUrl": given }).faults, []);
    }
  });

  it("is empty if unusable: no other host replaces it", () => {
    const cases: readonly (readonly [string, SettingFault["kind"]])[] = [
      ["http://api.volvocars.com", "insecureUrl"],
      ["http://192.168.1.2", "insecureUrl"],
      ["http://localhost.example.com", "insecureUrl"],
      ["http://notlocalhost", "insecureUrl"],
      ["http://127.0.0.1.example.com", "insecureUrl"],
      ["http://0.0.0.0", "insecureUrl"],
      ["http://[::2]", "insecureUrl"],
      ["ftp://api.volvocars.com", "notAUrl"],
      ["file:///etc/passwd", "notAUrl"],
      ["javascript:alert(1)", "notAUrl"],
      ["api.volvocars.com", "notAUrl"],
      ["", "notAUrl"],
      ["https://", "notAUrl"],
      ["https://user@api.volvocars.com", "notAUrl"],
      ["https://:pass@api.volvocars.com", "notAUrl"],
      ["https://api.volvocars.com/?key=1", "notAUrl"],
      ["https://api.volvocars.com/#x", "notAUrl"],
    ];
    for (const [url, kind] of cases) {
      const settings = parse({ "api.baseUrl": url, vehicles: [first] });
      assert.equal(settings.baseUrl, undefined, url);
      assert.deepEqual(settings.faults, [{ kind, key: "api.baseUrl" }], url);
      assert.deepEqual(blockingFault(settings, ready), { kind, key: "api.baseUrl" });
      assert.deepEqual(settings.vehicles, [{ vin: first }]);
    }
  });

  it("is Volvo's if of a wrong type, and blocks nothing", () => {
    const settings = parse({ "api.baseUrl": 5 });
    assert.equal(settings.baseUrl, "https://api.volvocars.com");
    assert.equal(blockingFault(settings, ready), undefined);
    assert.equal(blockingFault(defaults, ready), undefined);
  });
});

describe("the sign-in settings", () => {
  it("have an issuer with the same rules as the base URL", () => {
    const issuerOf = (issuer: string) => parse({ "auth.issuer": issuer }).issuer;
    assert.equal(defaults.issuer, "https://volvoid.eu.volvocars.com");
    assert.equal(issuerOf("http://127.0.0.1:9/"), "http://127.0.0.1:9");
    for (const wrong of ["http://volvoid.eu.volvocars.com", "volvoid", ""]) {
      const settings = parse({ "auth.issuer": wrong });
      assert.equal(settings.issuer, undefined);
      assert.equal(settings.faults[0]?.key, "auth.issuer");
      assert.equal(settings.baseUrl, "https://api.volvocars.com");
      assert.equal(blockingFault(settings, ready), undefined, "a test token needs no issuer");
      assert.equal(blockingFault(settings, { kind: "incomplete", hasApiKey: false, hasGrant: true }), undefined);
      const signedOut = { kind: "incomplete", hasApiKey: true, hasGrant: false } as const;
      assert.equal(blockingFault(settings, signedOut)?.key, "auth.issuer");
    }
  });

  it("have a redirect URI that is kept exactly: a web page, this computer or this extension", () => {
    const own = "vscode://chargeglance.volvo-charging-status/callback";
    const usable = [
      "http://localhost:17455/callback",
      "https://example.com/Bounce/",
      own,
      own.replace("vscode", "cursor"),
    ];
    for (const uri of usable) assert.equal(parse({ "auth.redirectUri": ` ${uri} ` }).redirectUri, uri);
    for (const wrong of [
      "http://example.com/cb",
      "https://example.com/#x",
      "vscode://another.extension/cb",
      "cb",
      "",
    ]) {
      const settings = parse({ "auth.redirectUri": wrong });
      assert.equal(settings.redirectUri, undefined, wrong);
      assert.deepEqual(settings.faults, [{ kind: "notARedirectUri", key: "auth.redirectUri" }]);
      assert.equal(blockingFault(settings, ready), undefined);
    }
  });

  it("have scopes as defined by RFC 6749", () => {
    const scopes = ["openid", "energy:state:read"];
    assert.deepEqual(parse({ "auth.scopes": scopes }).scopes, scopes);
    for (const wrong of ["openid", ["openid energy:state:read"], [""], [5], [null], {}]) {
      const settings = parse({ "auth.scopes": wrong });
      assert.deepEqual([settings.scopes, settings.faults[0]?.kind], [[], "wrongType"]);
    }
  });
});
