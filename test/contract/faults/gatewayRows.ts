import {
  backingOff,
  beside,
  type FaultRow,
  atLastHourly,
  nothing,
  ofCar,
  offline,
  paused,
  renewing,
  signInEnded,
  timeout,
  tokenEnded,
  unavailable,
  untrusted,
  warning,
} from "./faultCase";

const quota = (until: string) => `The daily call quota is used up until ${until}.`;
const wait = (until: string) => `Volvo asked us to wait until ${until}.`;
const oneMinute = paused("rate limited", wait("8:10 AM"), "5 min", backingOff);
const noScope = "The token doesn't allow reading the charging connection. → Connect My Car";
const blocked = "Volvo is refusing this application at the moment. → Show Log";
const keyRefused = "Volvo refused the VCC API key. Check it; Volvo sometimes refuses valid keys. → Set VCC API Key";
/** The sign-in renews but is still refused. It is kept, and retried at intervals up to one hour. */
const refusedAgain = {
  ...warning("sign-in expired", "The sign-in with Volvo ID has expired. → Sign In Again", [900, 1800, 3600, 3600]),
  account: "Volvo ID",
} as const;

/** Refusals of the gateway and the APIs. The first check was at 8:00; the check with the fault is at 8:05. */
export const gatewayRows: readonly FaultRow[] = [
  {
    id: "A1",
    title: "The daily call quota is used up",
    cases: [
      {
        fault: "quota-spent",
        ...paused("quota used up", quota("Nov 24, 12:00 AM"), "16 h", [57_310, 86_400]),
      },
      {
        fault: "quota-spent-for-days",
        ...paused("quota used up", quota("Nov 24, 11:36 AM"), "28 h", [99_066]),
      },
      { fault: "quota-spent-without-time", ...paused("quota used up", quota("8:15 AM"), "10 min", [600, 600]) },
    ],
  },
  {
    id: "A2",
    title: "Too many requests in a minute",
    cases: [
      { fault: "rate-limited", ...oneMinute },
      { fault: "rate-limited-json", ...oneMinute },
      { fault: "rate-limited-html", ...oneMinute },
      {
        fault: "rate-limited-retry-after-seconds",
        ...paused("rate limited", wait("8:10 AM"), "5 min", backingOff),
      },
      { fault: "rate-limited-retry-after-date", ...paused("rate limited", wait("8:10 AM"), "5 min", backingOff) },
      { fault: "rate-limited-retry-after-garbage", ...oneMinute },
      {
        fault: "rate-limited-retry-after-day",
        ...paused("rate limited", wait("Nov 24, 8:05 AM"), "24 h", [86_400]),
      },
      { fault: "rate-limited", ...renewing(oneMinute) },
      {
        fault: "rate-limited-retry-after-day",
        ...renewing(paused("rate limited", wait("Nov 24, 8:05 AM"), "24 h", [])),
        next: [86_400],
      },
    ],
  },
  {
    id: "A3",
    title: "A valid API key is refused",
    cases: [
      {
        fault: "valid-key-refused",
        ...beside("API key refused", keyRefused, backingOff),
        item: "$(volvo-charging-ac) EX30 AC · API key refused",
      },
      {
        fault: "valid-key-refused",
        check: 3,
        ...warning("API key refused", "Volvo doesn't accept the VCC API key. → Set VCC API Key", [1200, 1800]),
        row: "API key refused / AC · 30 min ago",
      },
    ],
  },
  {
    id: "A5",
    title: "The token is refused although renewing it succeeds",
    cases: [
      { fault: "consent-withdrawn", ...tokenEnded },
      { fault: "consent-withdrawn", ...refusedAgain },
    ],
  },
  {
    id: "A6",
    title: "A valid token is refused, and accepted again later",
    cases: [
      { fault: "full-authentication-required", ...tokenEnded },
      { fault: "full-authentication-required", times: 1, ...tokenEnded, next: [300] },
      { fault: "full-authentication-required", ...refusedAgain },
      { fault: "full-authentication-required", times: 1, account: "Volvo ID", ...nothing },
    ],
  },
  {
    id: "A7",
    title: "The access token expires early",
    cases: [
      { fault: "access-token-ends-early", ...tokenEnded },
      { fault: "access-token-ends-early", times: 1, account: "Volvo ID", ...nothing },
    ],
  },
  {
    id: "A8",
    title: "The application is not allowed to use an API",
    cases: [
      { fault: "resource-forbidden", ...beside("not permitted", noScope, atLastHourly) },
      { fault: "resource-forbidden", at: "v2", ...nothing },
      { fault: "resource-forbidden", at: "v1", ...beside("not permitted", noScope, atLastHourly) },
      { fault: "resource-forbidden", account: "Volvo ID", ...unavailable(403) },
    ],
  },
  {
    id: "A9",
    title: "The account has no relationship to the car",
    cases: [
      {
        fault: "no-relationship-to-car",
        ...ofCar(
          "not permitted",
          "This car doesn't belong to the account that the token is for. → Test Connection",
          atLastHourly,
        ),
      },
    ],
  },
  { id: "A10", title: "The refresh token is refused", cases: [{ fault: "refresh-token-refused", ...signInEnded }] },
  {
    id: "A11",
    title: "Another client has used the refresh token",
    cases: [{ fault: "refresh-race-lost", times: 1, ...signInEnded }],
  },
  {
    id: "A12",
    title: "Renewed tokens are lost in transit",
    cases: [
      { fault: "token-answer-lost", times: 1, ...signInEnded },
      { fault: "connection-reset", times: 1, ...nothing, at: "token endpoint" },
    ],
  },
  {
    id: "A13",
    title: "The renewal returns no refresh token",
    cases: [
      { fault: "refresh-token-missing", at: "token endpoint", ...nothing },
      { fault: "refresh-token-null", at: "token endpoint", ...nothing },
    ],
  },
  {
    id: "A14",
    title: "The service or Volvo ID is unreachable",
    cases: [
      { fault: "host-unknown", ...offline },
      { fault: "connection-refused", ...offline },
      { fault: "certificate-expired", ...untrusted },
      { fault: "host-unknown", ...renewing(offline) },
      { fault: "connection-refused", ...renewing(offline) },
      { fault: "certificate-expired", ...renewing(untrusted) },
      { fault: "connection-reset", ...renewing(offline) },
      // A request whose response was lost is repeated once: two minutes after the request, 90 s after the check gave up.
      { fault: "black-hole", ...renewing(timeout), next: [105, 105] },
      { fault: "server-error", ...renewing(unavailable(500)) },
      { fault: "server-error-page", ...unavailable(500) },
      { fault: "server-error-page", ...renewing(unavailable(500)) },
      { fault: "bad-gateway", ...renewing(unavailable(502)) },
      { fault: "unavailable-text", ...renewing(unavailable(503)) },
      { fault: "gateway-timeout", ...renewing(unavailable(504)) },
    ],
  },
  {
    id: "A15",
    title: "Volvo has blocked the application",
    cases: [
      {
        fault: "client-blocked",
        at: "token endpoint",
        ...warning("application refused", blocked, [60, 120, 240, 480, 960, 1920, 3600, 3600]),
      },
      {
        fault: "client-unauthorized",
        at: "token endpoint",
        ...warning("application refused", blocked, [60, 120, 240, 480, 960, 1920, 3600, 3600]),
      },
      {
        fault: "client-invalid",
        at: "token endpoint",
        ...warning(
          "client refused",
          "Volvo ID refused the client ID or secret. → Sign In Again",
          [60, 120, 240, 480, 960, 1920, 3600, 3600],
        ),
      },
    ],
  },
  {
    id: "A16",
    title: "Odd lifetimes and differing clocks",
    cases: [
      { fault: "expires-in-string", at: "token endpoint", ...nothing },
      { fault: "expires-in-zero", at: "token endpoint", ...nothing },
      { fault: "expires-in-null", at: "token endpoint", ...nothing },
      { fault: "expires-in-missing", at: "token endpoint", ...nothing },
      { fault: "expires-in-overstated", at: "token endpoint", ...nothing },
      { fault: "token-type-in-lower-case", at: "token endpoint", ...nothing },
      { fault: "id-token-missing", at: "token endpoint", ...nothing },
      { fault: "id-token-null", at: "token endpoint", ...nothing },
      { fault: "id-token-garbage", at: "token endpoint", ...nothing },
      { fault: "id-token-expired", at: "token endpoint", ...nothing },
      { fault: "id-token-from-the-future", at: "token endpoint", ...nothing },
      { fault: "id-token-of-another-issuer", at: "token endpoint", ...nothing },
    ],
  },
];
