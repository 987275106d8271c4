import fs from "node:fs/promises";
import { type AccessToken, AccessTokens } from "../../src/simulator/api/accessTokens";
import { defaultApiKey } from "../../src/simulator/simulatedVolvo";
import { Grants } from "../../src/simulator/volvoId/grants";
import { defaultVolvoIdOptions } from "../../src/simulator/volvoId/volvoIdOptions";
import type { Secret } from "./leakScan";

/** Shorter values would match plain words. */
const shortest = 8;

const seeded = new Map<string, Secret>();

/** Forbids `value` in all later scans of this process. */
export function seedSecret(kind: Secret["kind"], value: string): void {
  if (value.length >= shortest) seeded.set(value, { kind, value });
}

/** All secrets issued by the simulated Volvos of this process, and those seeded by tests. */
export function seededSecrets(): readonly Secret[] {
  return [...seeded.values()];
}

/** Passes them to another process in a file that no scan reads. */
export async function writeSeededSecrets(file: string): Promise<void> {
  await fs.writeFile(file, JSON.stringify(seededSecrets()));
}

/** The secrets written by {@link writeSeededSecrets} in another process, plus those of this one. */
export async function readSeededSecrets(file: string): Promise<readonly Secret[]> {
  return [...seededSecrets(), ...(JSON.parse(await fs.readFile(file, "utf8")) as Secret[])];
}

/** Makes every object of a class report the results of one method. */
function watch<T extends object>(prototype: T, method: keyof T, report: (result: unknown) => void): void {
  const original = prototype[method] as (...given: unknown[]) => unknown;
  const value = function (this: T, ...given: unknown[]): unknown {
    const result = original.apply(this, given);
    report(result);
    return result;
  };
  Object.defineProperty(prototype, method, { value });
}

watch(AccessTokens.prototype, "issue", (token) => seedSecret("token", (token as AccessToken).value));
watch(Grants.prototype, "issueCode", (code) => seedSecret("code", String(code)));
watch(Grants.prototype, "issueRefreshToken", (token) => seedSecret("refresh token", String(token)));
seedSecret("API key", defaultApiKey);
seedSecret("client secret", defaultVolvoIdOptions.clientSecret);
seedSecret("e-mail address", defaultVolvoIdOptions.email);
