import { secondMs } from "../base/clock";
import { errorText, type Logger } from "../base/log";
import type { Grant, VolvoIdGrant } from "./credentials";
import type { CredentialStore } from "./credentialStore";
import type { GenerationFence } from "./generationFence";
import type { GrantLock } from "./grantLock";
import type { TokenEndpoint } from "./tokenEndpoint";

export interface GrantKeeperPorts {
  readonly store: Pick<CredentialStore, "load" | "saveGrant" | "deleteGrant">;
  readonly lock: Pick<GrantLock, "holding">;
  readonly fence: GenerationFence;
  /** Loaded at its first use. */
  readonly endpoint: () => Promise<TokenEndpoint>;
  readonly log: Logger;
}

/** What the user asked for is done even where the lock cannot be had. */
const lockLimitMs = 10 * secondMs;

/** Stores and deletes the grant when the user says so, as a generation of its own, so that no window uses the old one. */
export class GrantKeeper {
  constructor(private readonly ports: GrantKeeperPorts) {}

  /**
   * Puts a grant in the place of any other, and revokes a sign-in that a test token replaces. Rejects when VS Code does
   * not store it.
   */
  async put(make: (generation: number) => Grant): Promise<void> {
    await this.exclusively(async () => {
      const { old, generation } = await this.nextGeneration();
      const grant = make(generation);
      await Promise.all([this.ports.store.saveGrant(grant), this.raise(generation)]);
      // A new sign-in may share Volvo's grant with the one before, which therefore is not revoked.
      if (old?.kind === "volvoId" && grant.kind === "testToken") void this.revoke(old);
    });
  }

  /** Forgets the grant and tells Volvo, as far as that answers within 5 s. Rejects when VS Code does not delete it. */
  async remove(): Promise<void> {
    await this.exclusively(async () => {
      const { old, generation } = await this.nextGeneration();
      const revoked = old?.kind === "volvoId" ? this.revoke(old) : undefined;
      await Promise.all([this.ports.store.deleteGrant(), this.raise(generation), revoked]);
    });
  }

  /** Best effort: ends the sign-in at Volvo's side. Never rejects. */
  async revoke(grant: VolvoIdGrant): Promise<void> {
    try {
      await (await this.ports.endpoint()).revoke(grant, grant.refreshToken);
    } catch (error) {
      this.ports.log.warn(`Volvo ID could not be told of the sign-out: ${errorText(error)}`);
    }
  }

  private async exclusively(action: () => Promise<void>): Promise<void> {
    const isDone = await this.ports.lock.holding(lockLimitMs, async (_, stored) => {
      stored();
      await action();
      return true;
    });
    if (!isDone) await action();
  }

  private async nextGeneration(): Promise<{ readonly old: Grant | undefined; readonly generation: number }> {
    const { store, fence } = this.ports;
    const [{ grant: old }, above] = await Promise.all([store.load(), fence.read().catch(() => 0)]);
    const generation = old && "generation" in old ? old.generation : 0;
    return { old, generation: Math.max(above, generation) + 1 };
  }

  private async raise(generation: number): Promise<void> {
    try {
      await this.ports.fence.write(generation);
    } catch (error) {
      this.ports.log.warn(`The generation of the sign-in could not be written: ${errorText(error)}`);
    }
  }
}
