import { minuteMs } from "../../base/clock";
import { apiKinds, energyKinds, everyKind, type Fault } from "./fault";
import { timeUntilMidnight } from "../api/gateway";
import { emptyAnswer, htmlAnswer, jsonAnswer, textAnswer } from "../http";
import {
  clientNotAllowedAnswer,
  keyRefusedAnswer,
  marketRefusedAnswer,
  noRelationshipAnswer,
  problemAnswer,
  quotaSpentAnswer,
  tokenRefusedAnswer,
  unroutedAnswer,
} from "../api/problemAnswer";

/** No report shows the body of a 429 from Volvo, so the faults cover every likely form. */
const rateLimit = "home-assistant/core#179672";

/** Answers of the gateway and rejections by the APIs. */
export const gatewayFaults = {
  "quota-spent": {
    row: 1,
    description: "The daily quota is spent; the text gives the time until midnight UTC",
    source: "home-assistant/core#173571",
    kinds: apiKinds,
    answer: ({ nowMs }) => quotaSpentAnswer(timeUntilMidnight(nowMs)),
  },
  "quota-spent-for-days": {
    row: 1,
    description: "The quota text in the gateway's form for more than a day, d.HH:MM:SS",
    source: "",
    kinds: apiKinds,
    answer: () => quotaSpentAnswer("1.03:30:56"),
  },
  "quota-spent-without-time": {
    row: 1,
    description: "The quota text without a time",
    source: "",
    kinds: apiKinds,
    answer: () => quotaSpentAnswer(undefined),
  },
  "rate-limited": {
    row: 2,
    description: "429 with nothing else",
    source: rateLimit,
    kinds: everyKind,
    answer: () => emptyAnswer(429),
  },
  "rate-limited-json": {
    row: 2,
    description: "429 with the gateway's JSON",
    source: rateLimit,
    kinds: everyKind,
    answer: () => jsonAnswer(429, { statusCode: 429, message: "Rate limit is exceeded. Try again in 42 seconds." }),
  },
  "rate-limited-html": {
    row: 2,
    description: "429 with a page",
    source: rateLimit,
    kinds: everyKind,
    answer: () => htmlAnswer(429, "Too Many Requests", "<p>Slow down.</p>"),
  },
  "rate-limited-retry-after-seconds": {
    row: 2,
    description: "429 with Retry-After: 120",
    source: rateLimit,
    kinds: everyKind,
    answer: () => emptyAnswer(429, { "retry-after": "120" }),
  },
  "rate-limited-retry-after-date": {
    row: 2,
    description: "429 with Retry-After as an HTTP date in five minutes",
    source: rateLimit,
    kinds: everyKind,
    answer: ({ nowMs }) => emptyAnswer(429, { "retry-after": new Date(nowMs + 5 * minuteMs).toUTCString() }),
  },
  "rate-limited-retry-after-garbage": {
    row: 2,
    description: "429 with an unreadable Retry-After",
    source: rateLimit,
    kinds: everyKind,
    answer: () => emptyAnswer(429, { "retry-after": "soon" }),
  },
  "rate-limited-retry-after-day": {
    row: 2,
    description: "429 with Retry-After: 86400",
    source: rateLimit,
    kinds: everyKind,
    answer: () => emptyAnswer(429, { "retry-after": "86400" }),
  },
  "valid-key-refused": {
    row: 3,
    description: "401 for a valid API key",
    source: "volvo-cars/developer-portal-api-samples#8",
    kinds: apiKinds,
    answer: keyRefusedAnswer,
  },
  "consent-withdrawn": {
    row: 5,
    description: "401 from the API for every token, while refreshing keeps succeeding",
    source: "Dielee/volvo2mqtt#290",
    kinds: apiKinds,
    answer: tokenRefusedAnswer,
  },
  "full-authentication-required": {
    row: 6,
    description: "401 for a valid token; temporary",
    source: "Dielee/volvo2mqtt#110",
    kinds: apiKinds,
    answer: tokenRefusedAnswer,
  },
  "access-token-ends-early": {
    row: 7,
    description: "The access token ends long before its expiry; a refreshed one works",
    source: "evcc-io/evcc#8933",
    kinds: apiKinds,
    answer: (context) => {
      context.endAccessToken();
      return context.honest();
    },
  },
  "resource-forbidden": {
    row: 8,
    description: "403: the client may not use this API",
    source: "home-assistant/core#169582",
    kinds: apiKinds,
    answer: clientNotAllowedAnswer,
  },
  "no-relationship-to-car": {
    row: 9,
    description: "403: the account has no relationship to this car",
    source: "evcc-io/evcc#16726",
    kinds: ["energy-v1", "energy-v2", "capabilities", "car-details"],
    answer: noRelationshipAnswer,
  },
  "forbidden-page": {
    row: 21,
    description: "403 with a page instead of JSON",
    source: "",
    kinds: everyKind,
    answer: () => htmlAnswer(403, "Access Denied", "<p>You don't have permission to access this server.</p>"),
  },
  "resource-not-supported": {
    row: 24,
    description: "404: the model does not provide this value",
    source: "thomasddn/ha-volvo-cars#111",
    kinds: energyKinds,
    answer: (context) => problemAnswer(context, 404, "NOT_FOUND", "Resource not supported for this vehicle model"),
  },
  "model-not-supported": {
    row: 24,
    description: "404: the model is not supported",
    source: "Dielee/volvo2mqtt#194",
    kinds: energyKinds,
    answer: (context) => problemAnswer(context, 404, "NOT_FOUND", "Car model is not supported"),
  },
  "market-refused": {
    row: 25,
    description: "404 for a car that worked a moment ago: its market is not allowed",
    source: "Dielee/volvo2mqtt#136, home-assistant/core#167521",
    kinds: apiKinds,
    answer: marketRefusedAnswer,
  },
  "route-not-found": {
    row: 26,
    description: "404 of the gateway: no such resource",
    source: "thomasddn/ha-volvo-cars#111",
    kinds: apiKinds,
    answer: unroutedAnswer,
  },
  "api-gone": {
    row: 26,
    description: "410: the API has been removed",
    source: "",
    kinds: apiKinds,
    answer: () => jsonAnswer(410, { statusCode: 410, message: "Gone" }),
  },
  "redirected-to-portal": {
    row: 26,
    description: "301 to a page of the developer portal",
    source: "",
    kinds: apiKinds,
    answer: () => emptyAnswer(301, { location: "https://developer.volvocars.com/apis/" }),
  },
  "redirected-to-another-host": {
    row: 26,
    description: "307 to a host that must never see the API key",
    source: "",
    kinds: everyKind,
    answer: ({ request }) => emptyAnswer(307, { location: `https://elsewhere.invalid${request.url}` }),
  },
  "redirected-within-host": {
    row: 26,
    description: "307 to another path of the same host, as for the time of maintenance",
    source: "",
    kinds: apiKinds,
    answer: () => emptyAnswer(307, { location: "/maintenance" }),
  },
  "redirected-to-login": {
    row: 26,
    description: "302 to the page of a network login",
    source: "microsoft/vscode#143992",
    kinds: everyKind,
    answer: () => ({
      ...htmlAnswer(302, "Found", "<p>Log in</p>"),
      headers: { location: "http://login.invalid/guest" },
    }),
  },
  "request-refused": {
    row: 20,
    description: "400 for a VIN that is none",
    source: "",
    kinds: energyKinds,
    answer: (context) => problemAnswer(context, 400, "BAD_REQUEST", "Invalid VIN"),
  },
  "error-null": {
    row: 28,
    description: "404 with an explicit null for the error",
    source: "home-assistant/core#179668",
    kinds: apiKinds,
    answer: ({ operationId }) => jsonAnswer(404, { status: 404, operationId, error: null }),
  },
  "error-without-description": {
    row: 30,
    description: "403 with a word and no sentence",
    source: "thomasddn/ha-volvo-cars#103",
    kinds: apiKinds,
    answer: () => jsonAnswer(403, { error: { message: "FORBIDDEN" } }),
  },
  "error-as-text": {
    row: 20,
    description: "400 with a line of plain text",
    source: "",
    kinds: everyKind,
    answer: () => textAnswer(400, "text/plain", "Bad Request"),
  },
} as const satisfies Record<string, Fault>;
