/** The kinds of path the simulated Volvo serves. Faults can target one of them. */
export const pathKinds = [
  "energy-v1",
  "energy-v2",
  "capabilities",
  "cars",
  "car-details",
  "authorize",
  "token",
  "revoke",
  "unrouted",
] as const;

export type PathKind = (typeof pathKinds)[number];

/** The APIs. Volvo publishes an application for each API separately, and issues test tokens for one API. */
export const apiNames = ["energy-v1", "energy-v2", "connected-vehicle"] as const;

export type ApiName = (typeof apiNames)[number];

export interface Route {
  readonly kind: PathKind;
  readonly api?: ApiName;
  readonly vin?: string;
  /** The requested resource, if the kind has several. */
  readonly resource?: string;
}

interface Pattern {
  readonly path: RegExp;
  readonly kind: PathKind;
  readonly api?: ApiName;
}

const patterns: readonly Pattern[] = [
  {
    path: /^\/energy\/v1\/vehicles\/(?<vin>[^/]+)\/recharge-status(?:\/(?<resource>[a-z-]+))?$/,
    kind: "energy-v1",
    api: "energy-v1",
  },
  { path: /^\/energy\/v2\/vehicles\/(?<vin>[^/]+)\/state$/, kind: "energy-v2", api: "energy-v2" },
  { path: /^\/energy\/v2\/vehicles\/(?<vin>[^/]+)\/capabilities$/, kind: "capabilities", api: "energy-v2" },
  { path: /^\/connected-vehicle\/v2\/vehicles$/, kind: "cars", api: "connected-vehicle" },
  { path: /^\/connected-vehicle\/v2\/vehicles\/(?<vin>[^/]+)$/, kind: "car-details", api: "connected-vehicle" },
  { path: /^\/as\/authorization\.oauth2$/, kind: "authorize" },
  { path: /^\/as\/(?<resource>[\w-]+)\/resume\/as\/authorization\.ping$/, kind: "authorize" },
  { path: /^\/as\/token\.oauth2$/, kind: "token" },
  { path: /^\/as\/revoke_token\.oauth2$/, kind: "revoke" },
];

/** The route of a request, from its path alone. */
export function routeOf(path: string): Route {
  for (const { path: pattern, kind, api } of patterns) {
    const match = pattern.exec(path);
    if (!match) continue;
    const { vin, resource } = match.groups ?? {};
    return {
      kind,
      ...(api && { api }),
      ...(vin !== undefined && { vin: decode(vin) }),
      ...(resource !== undefined && { resource }),
    };
  }
  return { kind: "unrouted" };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
