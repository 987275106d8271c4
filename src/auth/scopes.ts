import type { EnergyApiVersion } from "../charging/reading";

export const carListScope = "conve:vehicle_relation";
export const energyV2Scope = "energy:state:read";
export const energyV1Scope = "energy:charging_connection_status";
/** For reading which values a car supports. */
export const capabilityScope = "energy:capability:read";

/** The choices that decide which scopes a sign-in asks for. */
export interface WantedScopes {
  readonly version: EnergyApiVersion;
  readonly carList: boolean;
}

export function scopesFor({ version, carList }: WantedScopes): readonly string[] {
  return ["openid", ...(carList ? [carListScope] : []), energyScope(version)];
}

/** The scope for reading a car with this version of the Energy API. */
export function energyScope(version: EnergyApiVersion): string {
  return version === "v2" ? energyV2Scope : energyV1Scope;
}

/**
 * The versions of the Energy API that a sign-in with these scopes can use. Both if the scopes name neither, because Volvo's
 * answers then decide.
 */
export function grantedVersions(scopes: readonly string[]): readonly EnergyApiVersion[] {
  const granted: EnergyApiVersion[] = [];
  if (scopes.includes(energyV2Scope)) granted.push("v2");
  if (scopes.includes(energyV1Scope)) granted.push("v1");
  return granted.length > 0 ? granted : ["v2", "v1"];
}
