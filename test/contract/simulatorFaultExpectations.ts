import type { FaultName } from "../../src/simulator/faults/faults";
import type { PathKind } from "../../src/simulator/route";

/** The data on the socket while a fault is active. */
interface Answered {
  /** 200 if omitted (302 at the authorization endpoint). */
  readonly status?: number;
  readonly body?: RegExp;
  /** False if the body looks like JSON but is invalid. */
  readonly parses?: false;
  /** Claims of the id_token in the body; times in seconds from now. */
  readonly idToken?: { readonly iat?: number; readonly iss?: string };
  /** The kind of path whose body is checked; if omitted, every kind that the fault can affect. */
  readonly kind?: PathKind;
  readonly headers?: Readonly<Record<string, RegExp>>;
}

/** The way in which the transport fails. Endless responses have their own tests. */
interface Failed {
  readonly misbehaves: "before the headers" | "in the body" | "for ever";
}

const page = /^<!DOCTYPE html>/;
const location = (pattern: RegExp): Answered => ({ status: 302, headers: { location: pattern } });

export const faultExpectations: Readonly<Record<FaultName, Answered | Failed>> = {
  "quota-spent": { status: 403, body: /^{"statusCode":403,"message":"Out of call .* replenished in 16:00:00\."}$/ },
  "quota-spent-for-days": { status: 403, body: /replenished in 1\.03:30:56\./ },
  "quota-spent-without-time": { status: 403, body: /"Out of call volume quota\."/ },
  "rate-limited": { status: 429, body: /^$/ },
  "rate-limited-json": { status: 429, body: /"statusCode":429/ },
  "rate-limited-html": { status: 429, body: page },
  "rate-limited-retry-after-seconds": { status: 429, headers: { "retry-after": /^120$/ } },
  "rate-limited-retry-after-date": { status: 429, headers: { "retry-after": /^Mon, 23 Nov 2026 08:05:00 GMT$/ } },
  "rate-limited-retry-after-garbage": { status: 429, headers: { "retry-after": /^soon$/ } },
  "rate-limited-retry-after-day": { status: 429, headers: { "retry-after": /^86400$/ } },
  "valid-key-refused": { status: 401, body: /Access denied due to invalid VCC-API-KEY/ },
  "consent-withdrawn": { status: 401, body: /Full authentication is required/ },
  "full-authentication-required": { status: 401, body: /Full authentication is required/ },
  "access-token-ends-early": { status: 401 },
  "resource-forbidden": { status: 403, body: /Client not allowed to access \w.* API/ },
  "no-relationship-to-car": { status: 403, body: /No relationship to UUID/ },
  "forbidden-page": { status: 403, body: page },
  "resource-not-supported": { status: 404, body: /Resource not supported for this vehicle model/ },
  "model-not-supported": { status: 404, body: /Car model is not supported/ },
  "market-refused": { status: 404, body: /not belong to allowed markets/ },
  "route-not-found": { status: 404, body: /^{"statusCode":404,"message":"Resource not found"}$/ },
  "api-gone": { status: 410 },
  "redirected-to-portal": { status: 301, headers: { location: /^https:\/\/developer\.volvocars\.com/ } },
  "redirected-to-another-host": { status: 307, headers: { location: /^https:\/\/elsewhere\.invalid\// } },
  "redirected-within-host": { status: 307, headers: { location: /^\/maintenance$/ } },
  "redirected-to-login": { status: 302, headers: { location: /^http:\/\/login\.invalid\// } },
  "request-refused": { status: 400, body: /Invalid VIN/ },
  "error-null": { status: 404, body: /"error":null/ },
  "error-without-description": { status: 403, body: /^{"error":{"message":"FORBIDDEN"}}$/ },
  "error-as-text": { status: 400, body: /^Bad Request$/ },

  "host-unknown": { misbehaves: "before the headers" },
  "connection-refused": { misbehaves: "before the headers" },
  "certificate-expired": { misbehaves: "before the headers" },
  "connection-reset": { misbehaves: "before the headers" },
  "token-answer-lost": { misbehaves: "before the headers" },
  "reset-in-body": { misbehaves: "in the body" },
  "wrong-content-length": { misbehaves: "in the body" },
  "truncated-gzip": { body: /^{"/, parses: false, kind: "energy-v2" },
  "false-gzip": { misbehaves: "in the body" },
  "black-hole": { misbehaves: "for ever" },
  "stalled-body": { misbehaves: "for ever" },
  "endless-body": { misbehaves: "for ever" },
  "trickling-body": { misbehaves: "for ever" },
  "slow-20-s": { misbehaves: "for ever" },
  "slow-90-s": { misbehaves: "for ever" },

  "empty-data": { body: /"data":{}/ },
  "null-data": { body: /"data":null/ },
  "empty-body": { status: 200, body: /^$/ },
  "login-page": { status: 200, body: page },
  "text-body": { status: 200, body: /^OK$/ },
  "json-string-body": { status: 200, body: /^"[^"]+"$/ },
  "json-null-body": { status: 200, body: /^null$/ },
  "json-array-body": { status: 200, body: /^\[\]$/ },
  "truncated-json": { body: /^{"/, parses: false },
  "byte-order-mark": { body: /^{.*}$/ },
  "body-of-20-mib": { body: /^ {20}/, headers: { "content-length": /^2097\d{4}$/ } },
  "unknown-members": { body: /"somethingNew":{/ },
  "unavailable-text": { status: 503, body: /^Service Unavailable$/ },
  "unavailable-empty": { status: 503, body: /^$/ },
  "unavailable-page": { status: 503, body: page },
  "unavailable-retry-after": { status: 503, headers: { "retry-after": /^300$/ } },
  "maintenance-page": { status: 200, body: page },
  "server-error": { status: 500, body: /Internal Server Error/ },
  "server-error-page": { status: 500, body: page },
  "bad-gateway": { status: 502, body: page },
  "gateway-timeout": { status: 504, body: /Gateway Timeout/ },
  "request-timeout": { status: 408, body: /^$/ },

  "null-unit": { body: /"unit":null/ },
  "null-value": { body: /"value":null/ },
  "null-connection": { body: /"charg(?:ing|er)ConnectionStatus":null/ },
  "null-members": { body: /"(?:chargingStatus|chargingSystemStatus|images)":null/ },
  "connection-missing": { body: /^(?!.*ConnectionStatus)/ },
  "unspecified-while-charging": { body: /UNSPECIFIED.*CHARGING"/ },
  "plug-half-in": { body: /"(?:CONNECTION_STATUS_)?FAULT"/ },
  "connected-without-power": { body: /"CONNECTED","updatedAt":"2026-11-22T23:00:00Z".*"NO_POWER_AVAILABLE"/ },
  "power-fault-while-plugged": { body: /"CONNECTED".*"DONE".*"chargerPowerStatus":{"status":"OK","value":"FAULT"/ },
  "unknown-connection-word": { body: /CONNECTED_WIRELESS"/ },
  "unknown-charging-words": { body: /"CONNECTED".*"CALIBRATING".*"WIRELESS".*"REDUCED"/ },
  "connected-type-none": { body: /"CONNECTED".*"chargingType":{"status":"OK","value":"NONE"/, kind: "energy-v2" },
  "unplugged-but-charging": { body: /DISCONNECTED".*CHARGING"/ },
  "charging-type-outdated": { body: /"CONNECTED","updatedAt":"2026-11-23.*"DC","updatedAt":"2026-11-22/ },
  "disconnected-for-a-year": { body: /DISCONNECTED","(?:updatedAt|timestamp)":"2025-11-23/ },

  "all-error": { body: /^{(?:[^{]*{"status":"ERROR","code":"NOT_SUPPORTED","message":[^}]*}){10}}$/ },
  "all-error-without-message": { body: /^{(?:[^{]*{"status":"ERROR","code":"NOT_SUPPORTED"}){10}}$/ },
  "all-not-found": { body: /^{(?:[^{]*{"status":"ERROR","code":"PROPERTY_NOT_FOUND"[^}]*}){10}}$/ },
  "connection-not-supported": { body: /"chargerConnectionStatus":{"status":"ERROR","code":"PROPERTY_NOT_SUPPORTED"/ },
  "connection-not-found": { body: /"chargerConnectionStatus":{"status":"ERROR","code":"PROPERTY_NOT_FOUND"/ },
  "connection-error": { body: /"chargerConnectionStatus":{"status":"ERROR","code":"ERROR_READING_PROPERTY"/ },
  "connection-error-of-new-code": {
    body: /"chargerConnectionStatus":{"status":"ERROR","code":"VEHICLE_IN_SERVICE_MODE"/,
  },
  "charging-type-error": { body: /"chargingType":{"status":"ERROR"/ },
  "charging-power-missing": { body: /"chargingPower":{"status":"ERROR"/ },
  "absent-members-null": {
    body: /"chargerConnectionStatus":{"value":"CONNECTED","unit":null,.*"code":null,"message":null/,
  },
  "capabilities-all-false": { body: /^(?!.*"\w{6,}":{"isSupported":true}).*"chargingPower":{"isSupported":false}/ },
  "capabilities-newer-status-name": { body: /^(?!.*chargingSystemStatus).*"chargingStatus"/ },

  "floats-for-integers": { body: /"electricRange":{(?:"status":"OK",)?"value":"?\d+\.0"?,/ },
  "numbers-in-the-other-form": { body: /"batteryChargeLevel":{"status":"OK","value":"64"/, kind: "energy-v2" },
  "number-nan": { body: /"batteryChargeLevel":{(?:"status":"OK",)?"value":"NaN"/ },
  "number-empty": { body: /"batteryChargeLevel":{(?:"status":"OK",)?"value":""/ },
  "number-negative": { body: /"batteryChargeLevel":{(?:"status":"OK",)?"value":"?-1\b/ },
  "number-overflow": { body: /"batteryChargeLevel":{(?:"status":"OK",)?"value":"?65535\b/ },
  "range-in-miles": { body: /"value":"?150"?,"unit":"miles"/ },
  "range-in-mi": { body: /"value":"?150"?,"unit":"mi"/ },

  "time-missing": { body: /^(?!.*(?:updatedAt|timestamp))/ },
  "time-null": { body: /"(?:updatedAt|timestamp)":null/ },
  "time-empty": { body: /"(?:updatedAt|timestamp)":""/ },
  "time-with-milliseconds": { body: /"2026-11-23T08:00:00\.510Z"/ },
  "time-with-microseconds": { body: /"2026-11-23T08:00:00\.510019Z"/ },
  "time-as-specified": { body: /"2026-11-23T08:00:00\.5100193\+00:00"/ },
  "time-with-offset": { body: /"2026-11-23T10:00:00\+02:00"/ },
  "time-in-the-future": { body: /"2026-11-26T08:00:00Z"/ },
  "time-slightly-in-the-future": { body: /"2026-11-23T08:04:00Z"/ },
  "time-of-1970": { body: /"1970-01-01T00:00:00Z"/ },
  "time-invalid": { body: /"2026-02-30T25:61:00Z"/ },
  "time-goes-backwards": { body: /"2026-11-23T07:00:00Z"/ },
  "members-of-different-ages": { body: /"2026-11-23T03:00:00Z".*"2026-11-22T22:00:00Z"/ },
  "stale-for-days": { body: /"2026-11-20T08:00:00Z"/ },

  "empty-car-list": { body: /^{"data":\[\]}$/ },
  "car-list-without-wrapper": { body: /^\[{"vin":"/ },
  "car-details-without-wrapper": { body: /^{"vin":"/ },
  "car-details-unavailable": { status: 500, body: /"description":"Internal Server Error"/ },
  "car-details-sparse": {
    body: /^(?!.*(?:images|externalColour|batteryCapacityKWH)).*"descriptions":{"model":"EX30"}/,
  },
  "car-details-without-model": { body: /^(?!.*descriptions).*"modelYear"/ },
  "car-details-null-words": { body: /"fuelType":"NONE".*"upholstery":"null"/ },

  "refresh-token-refused": { status: 400, body: /"error":"invalid_grant"/ },
  "refresh-race-lost": { status: 400, body: /"error":"invalid_grant"/ },
  "refresh-token-missing": { body: /^(?!.*refresh_token).*"access_token"/ },
  "refresh-token-null": { body: /"refresh_token":null/ },
  "client-blocked": { status: 403, body: /"userMessage"/ },
  "client-unauthorized": { status: 400, body: /"error":"unauthorized_client"/ },
  "client-invalid": { status: 401, body: /"error":"invalid_client"/ },
  "expires-in-string": { body: /"expires_in":"299"/ },
  "expires-in-zero": { body: /"expires_in":0,/ },
  "expires-in-null": { body: /"expires_in":null/ },
  "expires-in-missing": { body: /^(?!.*expires_in)/ },
  "expires-in-overstated": { body: /"expires_in":1799/ },
  "access-token-missing": { body: /^(?!.*access_token)/ },
  "token-type-in-lower-case": { body: /"token_type":"bearer"/ },
  "id-token-missing": { body: /^(?!.*id_token)/ },
  "id-token-null": { body: /"id_token":null/ },
  "id-token-garbage": { body: /"id_token":"not\.a-jwt"/ },
  "id-token-expired": { idToken: { iat: -3_900 } },
  "id-token-from-the-future": { idToken: { iat: 3_600 } },
  "id-token-of-another-issuer": { idToken: { iss: "https://volvoid.example.com" } },

  "sign-in-invalid-session": { status: 400, body: /Invalid Session/ },
  "sign-in-cancelled": location(/^(?!.*code=).*error=access_denied/),
  "sign-in-scope-refused": location(/^(?!.*code=).*error=invalid_scope/),
  "sign-in-wrong-state": location(/state=a-state-nobody-sent/),
  "sign-in-without-state": location(/^(?!.*state=).*code=/),
  "sign-in-without-code": location(/^(?!.*(?:code|error)=)/),
  "authorization-code-refused": { status: 400, body: /"error":"invalid_grant"/ },
};
