import { withJson, withText } from "./alteration";
import { apiKinds, everyKind, type Fault } from "./fault";
import { emptyAnswer, htmlAnswer, jsonAnswer, textAnswer } from "../http";
import { problemAnswer } from "../api/problemAnswer";

const oddBodies = "Dielee/volvo2mqtt#104, #232, #233, #241";
const unavailable = "thomasddn/ha-volvo-cars#138, home-assistant/core#158442";

const mebibyte = 1_048_576;

const maintenancePage = (status: number) => htmlAnswer(status, "Maintenance", "<p>We will be back soon.</p>");

/** Malformed bodies and Volvo's own outages. */
export const bodyFaults = {
  "empty-data": {
    row: 18,
    description: "200 with an empty object for the data",
    source: "Dielee/volvo2mqtt#130",
    kinds: ["energy-v1", "car-details"],
    answer: (context) => withJson(context, (body) => void (body["data"] = {})),
  },
  "null-data": {
    row: 28,
    description: "200 with an explicit null for the data",
    source: "home-assistant/core#179668",
    kinds: ["energy-v1", "cars", "car-details"],
    answer: (context) => withJson(context, (body) => void (body["data"] = null)),
  },
  "empty-body": {
    row: 20,
    description: "200 without a body",
    source: oddBodies,
    kinds: everyKind,
    answer: () => emptyAnswer(200),
  },
  "login-page": {
    row: 20,
    description: "200 with the page of a captive portal",
    source: oddBodies,
    kinds: everyKind,
    answer: () => htmlAnswer(200, "Welcome to the guest network", "<form><input name='user'></form>"),
  },
  "text-body": {
    row: 20,
    description: "200 with a line of plain text",
    source: oddBodies,
    kinds: everyKind,
    answer: () => textAnswer(200, "text/plain", "OK"),
  },
  "json-string-body": {
    row: 20,
    description: "200 with a bare JSON string",
    source: oddBodies,
    kinds: everyKind,
    answer: () => jsonAnswer(200, "Internal error, please try again"),
  },
  "json-null-body": {
    row: 20,
    description: "200 with a bare null",
    source: oddBodies,
    kinds: everyKind,
    answer: () => jsonAnswer(200, null),
  },
  "json-array-body": {
    row: 20,
    description: "200 with an empty array",
    source: oddBodies,
    kinds: everyKind,
    answer: () => jsonAnswer(200, []),
  },
  "truncated-json": {
    row: 20,
    description: "200 with the first half of the JSON and a matching length",
    source: oddBodies,
    kinds: [...apiKinds, "token"],
    answer: (context) => withText(context, (text) => text.slice(0, Math.floor(text.length / 2))),
  },
  "byte-order-mark": {
    row: 20,
    description: "A good answer after a byte order mark",
    source: oddBodies,
    kinds: [...apiKinds, "token"],
    answer: (context) => withText(context, (text) => `\uFEFF${text}`),
  },
  "body-of-20-mib": {
    row: 20,
    description: "A good answer after 20 MiB of whitespace",
    source: "",
    kinds: [...apiKinds, "token"],
    answer: (context) => withText(context, (text) => " ".repeat(20 * mebibyte) + text),
  },
  "unknown-members": {
    row: 31,
    description: "A good answer with unknown members",
    source: "Volvo Energy API v2, developer portal",
    kinds: [...apiKinds, "token"],
    answer: (context) =>
      withJson(context, (body) => {
        body["somethingNew"] = { status: "OK", value: { nested: [1, 2, 3] }, updatedAt: "2026-01-01T00:00:00Z" };
      }),
  },
  "unavailable-text": {
    row: 21,
    description: "503 with plain text",
    source: unavailable,
    kinds: everyKind,
    answer: () => textAnswer(503, "text/plain", "Service Unavailable"),
  },
  "unavailable-empty": {
    row: 21,
    description: "503 without a body",
    source: unavailable,
    kinds: everyKind,
    answer: () => emptyAnswer(503),
  },
  "unavailable-page": {
    row: 21,
    description: "503 with a maintenance page",
    source: unavailable,
    kinds: everyKind,
    answer: () => maintenancePage(503),
  },
  "unavailable-retry-after": {
    row: 21,
    description: "503 with Retry-After: 300",
    source: "",
    kinds: everyKind,
    answer: () => emptyAnswer(503, { "retry-after": "300" }),
  },
  "maintenance-page": {
    row: 21,
    description: "200 with a maintenance page",
    source: unavailable,
    kinds: everyKind,
    answer: () => maintenancePage(200),
  },
  "server-error": {
    row: 22,
    description: "500 in the API's own format",
    source: "Dielee/volvo2mqtt#215",
    kinds: everyKind,
    answer: (context) => problemAnswer(context, 500, "INTERNAL_SERVER_ERROR", "Internal Server Error"),
  },
  "server-error-page": {
    row: 14,
    description: "500 with a page",
    source: "thomasddn/ha-volvo-cars#110",
    kinds: everyKind,
    answer: () => htmlAnswer(500, "Internal Server Error", "<p>Something went wrong.</p>"),
  },
  "bad-gateway": {
    row: 23,
    description: "502 with the page of a proxy",
    source: "Volvo Energy API v2, developer portal",
    kinds: everyKind,
    answer: () => htmlAnswer(502, "502 Bad Gateway", "<hr><center>nginx</center>"),
  },
  "gateway-timeout": {
    row: 23,
    description: "504 in the API's own format",
    source: "Volvo Energy API v2 specification",
    kinds: everyKind,
    answer: (context) => problemAnswer(context, 504, "GATEWAY_TIMEOUT", "Gateway Timeout"),
  },
  "request-timeout": {
    row: 23,
    description: "408 without a body",
    source: "thomasddn/ha-volvo-cars#110",
    kinds: everyKind,
    answer: () => emptyAnswer(408),
  },
} as const satisfies Record<string, Fault>;
