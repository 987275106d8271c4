import type { Clock } from "../base/clock";
import { secondMs, withTimeLimit } from "../base/clock";
import type { Event } from "../base/event";
import type { Redactor } from "../base/redactor";
import { type ApiKey, type Grant, parseApiKey, parseGrant, secretsOf } from "./credentials";

/** The used part of VS Code's SecretStorage. In a closed window, calls may never settle. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  /** Fires with the key of a secret that changed in this window or, on the desktop, in another one. */
  readonly onDidChange: Event<string>;
}

/**
 * A mark outside SecretStorage that credentials were stored. It distinguishes lost from missing credentials: without a
 * keyring, VS Code keeps secrets in memory only, without notice.
 */
export interface StoredMark {
  isSet(): Promise<boolean>;
  set(stored: boolean): Promise<void>;
}

export interface StoredCredentials {
  readonly apiKey?: ApiKey;
  readonly grant?: Grant;
}

export const secretKeys = {
  apiKey: "volvoCharging.apiKey",
  grant: "volvoCharging.grant",
  /** An answer of Volvo ID that one window forwards to another, for a few seconds. */
  callback: "volvoCharging.callback",
} as const;

const answerLimitMs = 5 * secondMs;

export interface CredentialPorts {
  readonly secrets: SecretStore;
  readonly mark: StoredMark;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** Key and grant in SecretStorage. Every call rejects with `TimeoutError` if VS Code does not answer within 5 s. */
export class CredentialStore {
  readonly onDidChange: Event<string>;

  constructor(private readonly ports: CredentialPorts) {
    this.onDidChange = ports.secrets.onDidChange;
  }

  async load(): Promise<StoredCredentials> {
    const [apiKeyText, grantText] = await Promise.all([this.get(secretKeys.apiKey), this.get(secretKeys.grant)]);
    const apiKey = apiKeyText === undefined ? undefined : parseApiKey(apiKeyText);
    const grant = grantText === undefined ? undefined : parseGrant(grantText);
    if (apiKey) this.ports.redactor.learn(apiKey.value);
    if (grant) this.learn(grant);
    return { ...(apiKey && { apiKey }), ...(grant && { grant }) };
  }

  /** True if credentials were stored and not deleted since. */
  wereStored(): Promise<boolean> {
    return this.ports.mark.isSet();
  }

  async saveApiKey(apiKey: ApiKey): Promise<void> {
    this.ports.redactor.learn(apiKey.value);
    await this.save(secretKeys.apiKey, JSON.stringify(apiKey));
  }

  async saveGrant(grant: Grant): Promise<void> {
    this.learn(grant);
    await this.save(secretKeys.grant, JSON.stringify(grant));
  }

  /** Deletes the grant, but not the API key. */
  async deleteGrant(): Promise<void> {
    await this.limited(this.ports.secrets.delete(secretKeys.grant), "Deleting the sign-in");
    await this.ports.mark.set((await this.get(secretKeys.apiKey)) !== undefined);
  }

  async deleteAll(): Promise<void> {
    await this.limited(this.ports.secrets.delete(secretKeys.grant), "Deleting the sign-in");
    await this.limited(this.ports.secrets.delete(secretKeys.apiKey), "Deleting the API key");
    await this.limited(this.ports.secrets.delete(secretKeys.callback), "Deleting an answer of Volvo ID");
    await this.ports.mark.set(false);
  }

  private learn(grant: Grant): void {
    for (const secret of secretsOf(grant)) this.ports.redactor.learn(secret);
  }

  private get(key: string): Promise<string | undefined> {
    return this.limited(this.ports.secrets.get(key), "Reading credentials");
  }

  private async save(key: string, value: string): Promise<void> {
    await this.limited(this.ports.secrets.store(key, value), "Storing credentials");
    await this.ports.mark.set(true);
  }

  private limited<T>(call: PromiseLike<T>, what: string): Promise<T> {
    return withTimeLimit(this.ports.clock, call, answerLimitMs, what);
  }
}
