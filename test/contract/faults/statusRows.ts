import type { Wait } from "../../support/sequences/sequences";
import { type BodyForm, bodyForms } from "../../support/sequences/oddAnswer";

/** The effect of statuses whose bodies hold no known phrase, with a Volvo ID sign-in. */
export interface StatusRow {
  /** The heading of the row in the document. */
  readonly statuses: string;
  readonly has: (status: number) => boolean;
  readonly bodies: readonly BodyForm[];
  /** The sentence on screen at the last check of a day of such answers. `{status}` is replaced by the status. */
  readonly sentence: string;
  /** The wait after each of three such answers, each followed by a good one. */
  readonly waits: readonly Wait[];
  /** The longest wait in a day of such answers. */
  readonly longest: Wait;
}

const any = bodyForms;
const notHtml = ["JSON", "text", "nothing"] as const;
const among =
  (...statuses: readonly number[]) =>
  (status: number) =>
    statuses.includes(status);
const all = () => true;

const asUsual = { waits: [300, 300, 300], longest: 1800 } as const;
const intercepted = {
  sentence: "A proxy, network login, or firewall answered instead of Volvo. Check your network. → Refresh",
  ...asUsual,
};
const fault = { sentence: "Volvo's service reported an error (HTTP {status}).", ...asUsual };
const proxyLogin = { sentence: "Your proxy requires a login; see the setting http.proxy. → Open Settings", ...asUsual };
const isHtmlOdd = (status: number) => status < 500 && ![304, 407, 429].includes(status);

/** Of the Energy API. The first matching row applies. */
export const energyStatusRows: readonly StatusRow[] = [
  { statuses: "511", has: among(511), bodies: any, ...intercepted },
  { statuses: "301, 302, 303, 307, 308", has: among(301, 302, 303, 307, 308), bodies: any, ...intercepted },
  { statuses: "300 to 499 but 304, 407, 429", has: isHtmlOdd, bodies: ["HTML"], ...intercepted },
  { statuses: "403", has: among(403), bodies: ["text", "nothing"], ...intercepted },
  {
    ...{ statuses: "400, 422", has: among(400, 422), bodies: notHtml, ...asUsual },
    sentence: "Volvo refused the request for this VIN (…0001). → Open Settings",
  },
  {
    ...{ statuses: "401", has: among(401), bodies: notHtml, ...asUsual, longest: 3600 },
    sentence: "The sign-in with Volvo ID has expired. → Sign In Again",
  },
  {
    ...{ statuses: "403", has: among(403), bodies: ["JSON"], ...asUsual, longest: 3600 },
    sentence: "Volvo doesn't allow access to this car. → Test Connection",
  },
  {
    ...{ statuses: "404", has: among(404), bodies: notHtml, ...asUsual, longest: 3600 },
    sentence: "Volvo doesn't know this car.",
  },
  { statuses: "407", has: among(407), bodies: any, ...proxyLogin },
  {
    ...{ statuses: "410", has: among(410), bodies: notHtml, ...asUsual },
    sentence: "Volvo doesn't offer this version of its Energy API to your application. → Open Settings",
  },
  { statuses: "429", has: among(429), bodies: any, ...asUsual, sentence: "Volvo asked us to wait until 7:41 AM." },
  { statuses: "all others", has: all, bodies: any, ...fault },
];

/** Of Volvo ID's token endpoint, during a renewal. The first matching row applies. */
export const tokenStatusRows: readonly StatusRow[] = [
  { statuses: "511", has: among(511), bodies: any, ...intercepted },
  { statuses: "300 to 499 but 304, 407, 429", has: isHtmlOdd, bodies: ["HTML"], ...intercepted },
  { statuses: "403", has: among(403), bodies: ["text", "nothing"], ...intercepted },
  {
    ...{ statuses: "400, 401, 403", has: among(400, 401, 403), bodies: ["JSON"] },
    sentence: "Volvo is refusing this application at the moment. → Show Log",
    ...{ waits: [60, 60, 60], longest: 3600 },
  },
  { statuses: "407", has: among(407), bodies: any, ...proxyLogin },
  {
    ...{ statuses: "429", has: among(429), bodies: any, ...asUsual, longest: 300 },
    sentence: "Volvo asked us to wait until 8:01 AM.",
  },
  { statuses: "all others", has: all, bodies: any, ...fault },
];

export function statusRowOf(rows: readonly StatusRow[], status: number, body: BodyForm): StatusRow {
  const row = rows.find(({ has, bodies }) => has(status) && bodies.includes(body));
  if (!row) throw new Error(`No row for ${status} with ${body}`);
  return row;
}
