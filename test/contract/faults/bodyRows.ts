import {
  backingOff,
  beside,
  type FaultRow,
  atLastHourly,
  intercepted,
  malformed,
  notPermitted,
  nothing,
  ofCar,
  offline,
  paused,
  renewing,
  signInEnded,
  timeout,
  unavailable,
  unknown,
} from "./faultCase";

const noValue = unknown("Volvo has no value at the moment");
const gone = "Volvo doesn't offer this version of its Energy API to your application. → Open Settings";
const goneV1 = beside("service unavailable", gone, backingOff);
/** A test token expires too soon to wait for a second refusal. */
const gonePasted = goneV1;
const notFound = ofCar("not found", "Volvo can't find this car in its market; this may resolve itself.", atLastHourly);
const notSupported = ofCar("not supported", "Volvo doesn't offer charging data for this car model.", atLastHourly);
const unknownCar = ofCar("not found", "Volvo doesn't know this car.", atLastHourly);
const requestRefused = ofCar(
  "request refused",
  "Volvo refused the request for this VIN (…0001). → Open Settings",
  backingOff,
);
const named = (name: string) => ({ ...nothing, item: `$(volvo-charging-ac) ${name} AC`, at: "car details" }) as const;

/** Unusable bodies, and a service that is unavailable. */
export const bodyRows: readonly FaultRow[] = [
  {
    id: "B18",
    title: "A response without data",
    cases: [
      { fault: "empty-data", at: "v1", ...noValue },
      { fault: "empty-data", ...named("Volvo …0001") },
    ],
  },
  {
    id: "B20",
    title: "A response that is not a valid answer",
    cases: [
      { fault: "empty-body", ...malformed },
      { fault: "login-page", ...intercepted },
      { fault: "text-body", ...malformed },
      { fault: "json-string-body", ...malformed },
      { fault: "json-null-body", ...malformed },
      { fault: "json-array-body", ...malformed },
      { fault: "truncated-json", ...malformed },
      { fault: "body-of-20-mib", ...malformed },
      { fault: "byte-order-mark", ...nothing },
      { fault: "error-as-text", ...requestRefused },
      { fault: "request-refused", ...requestRefused },
      { fault: "request-refused", at: "v1", ...requestRefused },
      { fault: "login-page", ...renewing(intercepted) },
      { fault: "access-token-missing", ...renewing(malformed) },
      { fault: "truncated-json", at: "token endpoint", times: 1, ...signInEnded },
    ],
  },
  {
    id: "B21",
    title: "The service is down and reports it in its own format",
    cases: [
      { fault: "unavailable-text", ...unavailable(503) },
      { fault: "unavailable-empty", ...unavailable(503) },
      { fault: "unavailable-page", ...unavailable(503) },
      {
        fault: "unavailable-retry-after",
        ...paused("service unavailable", "Volvo's service is unavailable until 8:10 AM.", "5 min", [300, 600, 1200]),
      },
      { fault: "maintenance-page", ...intercepted },
      { fault: "forbidden-page", ...intercepted },
      { fault: "forbidden-page", ...renewing(intercepted) },
    ],
  },
  {
    id: "B22",
    title: "Server errors of every kind",
    cases: [
      { fault: "server-error", ...unavailable(500) },
      { fault: "server-error", at: "v1", ...unavailable(500) },
      { fault: "server-error", ...named("Volvo …0001") },
    ],
  },
  {
    id: "B23",
    title: "Slow, truncated and endless responses",
    cases: [
      { fault: "slow-20-s", ...timeout },
      { fault: "slow-90-s", ...timeout },
      { fault: "black-hole", ...timeout },
      { fault: "stalled-body", ...timeout },
      { fault: "trickling-body", ...timeout },
      { fault: "endless-body", ...malformed },
      { fault: "connection-reset", ...offline },
      { fault: "reset-in-body", ...offline },
      { fault: "wrong-content-length", ...offline },
      { fault: "truncated-gzip", ...malformed },
      { fault: "false-gzip", ...malformed },
      { fault: "bad-gateway", ...unavailable(502) },
      { fault: "gateway-timeout", ...unavailable(504) },
      { fault: "request-timeout", ...unavailable(408) },
      { fault: "slow-20-s", ...timeout, at: "token endpoint", next: [300, 300] },
    ],
  },
  {
    id: "B24",
    title: "The model is not supported",
    cases: [
      { fault: "resource-not-supported", ...notSupported },
      { fault: "model-not-supported", ...notSupported },
      { fault: "model-not-supported", at: "v1", ...notSupported },
    ],
  },
  {
    id: "B25",
    title: "A working car is suddenly outside the allowed markets",
    cases: [
      { fault: "market-refused", ...notFound },
      { fault: "market-refused", at: "v1", ...notFound },
    ],
  },
  {
    id: "B26",
    title: "A version of the API is gone or redirected",
    cases: [
      { fault: "route-not-found", at: "v2", ...nothing },
      { fault: "route-not-found", at: "v1", ...goneV1 },
      { fault: "route-not-found", ...gonePasted },
      { fault: "route-not-found", account: "Volvo ID", ...unavailable(404) },
      { fault: "api-gone", at: "v2", ...nothing },
      { fault: "api-gone", at: "v1", ...goneV1 },
      { fault: "redirected-within-host", at: "v2", ...nothing },
      { fault: "redirected-within-host", at: "v1", ...goneV1 },
      { fault: "redirected-within-host", ...gonePasted },
      { fault: "redirected-within-host", account: "Volvo ID", ...unavailable(307) },
      { fault: "redirected-to-portal", at: "v2", ...intercepted },
      { fault: "redirected-to-portal", at: "v1", ...intercepted },
      { fault: "redirected-to-login", ...intercepted },
      { fault: "redirected-to-another-host", ...intercepted },
      { fault: "redirected-to-another-host", ...renewing(intercepted) },
    ],
  },
  {
    id: "B28",
    title: "Explicit nulls",
    cases: [
      { fault: "null-unit", ...nothing, also: { Battery: "64%", Range: null } },
      { fault: "null-value", ...noValue, also: { Battery: null } },
      { fault: "null-connection", ...noValue },
      { fault: "null-members", ...noValue },
      { fault: "null-data", at: "v1", ...noValue },
      { fault: "null-members", at: "v1", ...noValue },
      { fault: "absent-members-null", at: "v2", ...nothing },
      { fault: "error-null", ...unknownCar },
      { fault: "null-members", ...named("Volvo …0001") },
      { fault: "null-data", ...named("Volvo …0001") },
    ],
  },
  {
    id: "B29",
    title: "Numbers in other forms, and invalid numbers",
    cases: [
      { fault: "floats-for-integers", ...nothing, also: { Battery: "64%", Range: "269 km" } },
      { fault: "numbers-in-the-other-form", ...nothing, also: { Battery: "64%", Range: "269 km" } },
      { fault: "number-nan", ...nothing, also: { Battery: null, Range: null } },
      { fault: "number-empty", ...nothing, also: { Battery: null, Range: null } },
      { fault: "number-negative", ...nothing, also: { Battery: null, Range: null } },
      { fault: "number-overflow", ...nothing, also: { Battery: null, Range: null } },
    ],
  },
  {
    id: "B30",
    title: "Missing members",
    cases: [
      { fault: "error-without-description", ...notPermitted },
      { fault: "car-details-sparse", ...named("EX30 2025") },
      { fault: "car-details-null-words", ...named("EX30 2025") },
      { fault: "car-details-without-model", ...named("Volvo …0001") },
    ],
  },
  {
    id: "B31",
    title: "Unknown members and other envelopes",
    cases: [
      { fault: "unknown-members", ...nothing },
      { fault: "unknown-members", at: "token endpoint", ...nothing },
      { fault: "unknown-members", ...named("EX30 2025") },
      { fault: "car-details-without-wrapper", ...named("EX30 2025") },
    ],
  },
  {
    id: "B32",
    title: "A car's details are unavailable",
    cases: [
      { fault: "car-details-unavailable", ...named("Volvo …0001") },
      { fault: "no-relationship-to-car", ...named("Volvo …0001") },
    ],
  },
];
