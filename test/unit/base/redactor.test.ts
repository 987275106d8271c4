import assert from "node:assert/strict";
import fc from "fast-check";
import { Redactor } from "../../../src/base/redactor";
import { anyText } from "../../support/builders/arbitrary";
import { assertQuick } from "../../support/quick";
import { apiKey, jwt, opaque, redact, vin } from "../../support/builders/secretTexts";

describe("redacted text", () => {
  const shapes: readonly (readonly [string, string, string])[] = [
    ["a bearer token", `authorization: Bearer ${opaque}`, opaque],
    ["a bearer token in lower case", `bearer ${opaque} was refused`, opaque],
    ["a bearer token in a URL", `authorization%3DBearer%20${opaque}`, opaque],
    ["basic credentials", "Basic ZGMtYWJjOnNlY3JldA==", "ZGMtYWJjOnNlY3JldA"],
    ["a JWT", `The token ${jwt} is over`, "eyJ"],
    ["a JWT in a query", `?id_token=${jwt}&x=1`, "eyJ"],
    ["a JWT in an encoded query", `%3Fx%3D${jwt}`, "eyJ"],
    ["a JWT without a signature", "eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImphbmUifQ.", "eyJ"],
    ["an access token in JSON", `{"access_token":"${opaque}","expires_in":299}`, opaque],
    ["an access token in JSON in JSON", JSON.stringify({ body: `{"access_token":"${opaque}"}` }), opaque],
    ["a refresh token in JSON with spaces", `{ "refresh_token" : "${opaque}" }`, opaque],
    ["a refresh token in a form", `grant_type=refresh_token&refresh_token=${opaque}&x=1`, opaque],
    ["a client secret", `client_secret=${opaque}`, opaque],
    ["a code verifier", `code_verifier=${opaque}`, opaque],
    ["an API key header", "vcc-api-key: AbCdEf-12345", "AbCdEf"],
    ["an API key in a query", "?vcc-api-key=AbCdEf-12345", "AbCdEf"],
    ["an API key in an encoded query", "%3Fvcc-api-key%3DAbCdEf-12345", "AbCdEf"],
    ["an API key alone", `the key ${apiKey} is wrong`, apiKey],
    ["an API key after an underscore", `key_${apiKey.toUpperCase()}`, apiKey.toUpperCase()],
    ["an OAuth code", `http://localhost:17455/callback?code=${opaque}&state=x`, opaque],
    ["an OAuth state", `callback?state=${opaque}`, opaque],
    ["an OAuth code in an encoded URL", `resume=%2Fcallback%3Fcode%3D${opaque}`, opaque],
    ["a token in a form", `token=${opaque}`, opaque],
    ["a token in JSON", `{"token": "${opaque}"}`, opaque],
    ["an email address", "Signed in as jane.doe+car@example.com.", "jane"],
    ["an email address in another script", "für jürgen@beispiel.example", "jürgen"],
    ["an email address in a URL", "login_hint=jane.doe%40example.com", "jane"],
    ["a VIN", `${vin} is unplugged`, "YV1ABCDEFG7"],
    ["a VIN in lower case", vin.toLowerCase(), "yv1abcdefg7"],
    ["a VIN in a path", `GET /energy/v2/vehicles/${vin}/state`, "YV1ABCDEFG7"],
    ["a VIN in an encoded path", `%2Fvehicles%2F${vin}%2Fstate`, "YV1ABCDEFG7"],
    ["a VIN after an underscore", `car_${vin}_state`, "YV1ABCDEFG7"],
    ["a VIN in JSON", `{"vin":"${vin}"}`, "YV1ABCDEFG7"],
  ];

  it("contains not even the end of a VIN while VIN ends are hidden", () => {
    const redactor = new Redactor();
    redactor.hidesVinTails = true;
    assert.equal(redactor.redact(`GET /energy/v2/vehicles/${vin}/state`), "GET /energy/v2/vehicles/…/state");
    redactor.hidesVinTails = false;
    assert.ok(redactor.redact(vin).endsWith(vin.slice(-4)));
  });

  for (const [name, text, secret] of shapes) {
    it(`does not contain ${name}`, () => {
      const written = redact(text);
      assert.ok(!written.includes(secret), written);
      assert.equal(redact(written), written, "and is not changed by another redaction");
    });
  }

  it("contains the last four characters of a VIN, as everywhere in the product", () => {
    assert.equal(redact(`GET /energy/v2/vehicles/${vin}/state: ok`), "GET /energy/v2/vehicles/…4321/state: ok");
  });

  const ordinary = [
    "GET /energy/v2/vehicles/…4321/state: unavailable, HTTP 500 (231 ms)",
    'HTTP 404 {"code":"VEHICLE_NOT_FOUND","message":"Vehicle does not belong to allowed markets","details":[]}',
    'HTTP 403 {"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 03:30:56."}',
    'HTTP 401 {"status":401,"operationId":"3f1c8a54-6d0e-4b7a-9c21-7e5a90b4d601","error":{"message":"Unauthorized","description":"Full authentication is required to access this resource"}}',
    '{"status":"ERROR","code":"PROPERTY_NOT_FOUND"}',
    "fetch failed: getaddrinfo ENOTFOUND api.volvocars.com (ENOTFOUND)",
    "connect ECONNREFUSED 127.0.0.1:443, code=ECONNREFUSED, errno=-111",
    "The process ended with exit code=1; status code=503, code: 503",
    "state: connected, state=connected",
    "The access token: it has ended. Bearer tokens and basic authentication are not shown.",
    "The basic settings were read; Basic information follows.",
    "Energy API v2 is not available to this application (routeGone)",
    "volvoCharging.refreshInterval: 10 is outside 60 to 86400; 60 is used",
    "2026-11-23T08:00:00.000Z 1795420800000 checked 12 cars in 10656 ms",
    "https://developer.volvocars.com/apis/energy/v2/overview",
    'Volvo uses a word that this version does not know: "CONNECTED_MCS"',
    "Extension volvo-charging-status 0.1.0 on VS Code 1.139.0 (desktop, linux x64)",
    "internationalisation, incomprehensibilities",
  ];

  it("stays readable if nothing has to be hidden", () => {
    for (const line of ordinary) assert.equal(redact(line), line);
  });

  it("does not contain a learned secret, plain or URL-encoded", () => {
    const secret = "p@ss wörd/+~'1";
    for (const form of [secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)]) {
      assert.equal(redact(`it is ${form}!`, secret), "it is •••!", form);
    }
  });

  it("does not contain the rest of a secret that begins with another secret", () => {
    assert.equal(redact("abcdef abcdefghij", "abcdef", "abcdefghij"), "••• •••");
    assert.equal(redact("abcdef abcdefghij", "abcdefghij", "abcdef"), "••• •••");
  });

  it("keeps words of up to three letters, which are not secrets", () => {
    assert.equal(redact("the car", "car", "", "e"), "the car");
  });

  it("does not contain the 50 most recently learned secrets; learning one again makes it recent", () => {
    const redactor = new Redactor();
    const name = (number: number) => `zecret-${String(number).padStart(3, "0")}`;
    redactor.learn("the-key-in-use");
    for (let number = 0; number < 200; number++) {
      redactor.learn(name(number));
      redactor.learn("the-key-in-use");
    }
    assert.equal(redactor.redact("the-key-in-use"), "•••");
    for (let number = 151; number < 200; number++) assert.equal(redactor.redact(name(number)), "•••");
    assert.equal(redactor.redact(name(150)), name(150));
  });

  it("never contains a learned secret of any form in any position", () => {
    const secrets = fc.array(
      anyText(24).filter((text) => text.length >= 4 && !text.includes("•")),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(secrets, anyText(), anyText(), (learnt, before, after) => {
        for (const secret of learnt) {
          const written = redact(before + secret + after, ...learnt);
          const outside = redact(`${before}•••${after}`, ...learnt);
          assert.ok(!written.includes(secret) || outside.includes(secret));
        }
      }),
    );
  });

  /** Encodings in which servers and libraries write a text. */
  const encodings: Readonly<Record<string, (text: string) => string>> = {
    "as it is": (text) => text,
    "in a URL": encodeURIComponent,
    "in a URL with small letters": (text) =>
      encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    "in a form": (text) => new URLSearchParams({ s: text }).toString().slice(2),
    "in percent-encoding throughout": (text) =>
      [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    "in JSON": (text) => JSON.stringify(text).slice(1, -1),
    "in JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
    "in JSON with slashes escaped": (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
    "in escapes throughout": (text) =>
      text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    "in JSON in a URL": (text) => encodeURIComponent(JSON.stringify({ text }).slice(9, -2)),
    "in XML": (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  };

  for (const [how, encoded] of Object.entries(encodings)) {
    it(`does not contain a learned secret ${how}`, () => {
      for (const secret of ["p@ss wörd/+~'1", 'a"b\\c\td&e<f', "100%41+2=3", "plain-Secret_1", "sécret 😀 key"]) {
        assert.equal(redact(`it is ${encoded(secret)}!`, secret), "it is •••!", secret);
      }
    });

    it(`does not contain a text in the form of a secret or a VIN ${how}`, () => {
      for (const [text, hidden] of [
        [`no car\n${vin}`, "YV1ABCDEFG7"],
        [`no car\t${vin}\t`, "YV1ABCDEFG7"],
        [`vin=${vin}`, "YV1ABCDEFG7"],
        [`\nBearer ${opaque}`, opaque],
        [`\n${jwt}`, jwt.slice(0, 12)],
        [`\tjane.doe@example.com`, "jane"],
        [`\n${apiKey}`, apiKey],
        [`"access_token":"${opaque}"`, opaque],
        [`/callback?code=${opaque}&x=1`, opaque],
      ] as const) {
        const written = redact(encoded(text));
        assert.ok(!written.includes(hidden) && !written.includes(encoded(hidden)), written);
        assert.equal(redact(written), written, "and is not changed by another redaction");
      }
    });
  }

  it("does not contain a VIN after a JSON escape", () => {
    for (const escape of ["\\n", "\\t", "\\r", "\\u003d", "\\u000a", "\\\\n", '\\"', "%3d", "%0A", "&quot;"]) {
      assert.equal(redact(`{"message":"no car${escape}${vin}"}`), `{"message":"no car${escape}…4321"}`);
    }
  });

  it("does not contain a configured VIN, even inside a longer word", () => {
    const redactor = new Redactor();
    redactor.learnVins([vin]);
    for (const text of [`vin${vin}`, `${vin}Z`, `xx${vin.toLowerCase()}99`, `car_${vin}`, `%2f${vin}`]) {
      assert.ok(!redactor.redact(text).toLowerCase().includes("yv1abcdefg7"), text);
    }
    assert.equal(redactor.redact(`vin${vin}9`), "vin…43219");
    redactor.hidesVinTails = true;
    assert.equal(redactor.redact(`vin${vin}9`), "vin…9");
    redactor.hidesVinTails = false;
    redactor.learnVins([]);
    assert.equal(redactor.redact(`vin${vin}9`), `vin${vin}9`, "one that is no longer configured is not kept");
  });

  it("does not contain a secret in base64, with any text before and after it", () => {
    const secret = "s1mulat0r+secret/with:odd%characters";
    const inForm = new URLSearchParams({ s: secret }).toString().slice(2);
    for (const id of ["", "a", "ab", "abc", "dc-client"]) {
      for (const [text, hidden] of [
        [`${id}:${secret}`, secret],
        [`${id}:${inForm}`, inForm],
        [`${id}:${secret}:and more`, secret],
      ] as const) {
        for (const encoding of ["base64", "base64url"] as const) {
          const whole = Buffer.from(text).toString(encoding);
          const written = redact(whole, secret);
          // In base64, up to two characters at each end also encode the neighboring text.
          const longest = whole.length - Math.floor((hidden.length * 4) / 3) + 4;
          assert.ok(written.includes("•••") && written.length - 3 <= longest, `${written} of ${whole}`);
        }
      }
    }
  });

  it("is made within 50 ms from any text of 256 KiB", () => {
    const redactor = new Redactor();
    for (let number = 0; number < 60; number++) redactor.learn(`opaque-Access_token.${number}${"x".repeat(300)}`);
    redactor.learnVins([vin]);
    const units = ["a", "A1", "%2F", "%25", "%C3%A9", "code=", "state=a ", "eyJaaaa.", "eyJaaaa-", "eyJ-", "Bearer "];
    units.push("bearer+", "Basic a", "1.", "a.", "@", "a@", "a@a.", "jane@example.com ", "\\", "\\n", "\\u0041", "é");
    units.push("&amp;", "&", "opaque-Access_token.1", "f", "access_token=", 'access_token="', "authorization   ", " ");
    units.push('"token":"', "Z", vin, `${vin} `, "-", "_", "😀");
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(262_144 / unit.length));
      assertQuick(() => redactor.redact(text), unit);
    }
  });
});
