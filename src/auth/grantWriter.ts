import { type Clock, secondMs, sleep } from "../base/clock";
import { errorText } from "../base/log";
import type { Turns } from "../base/turn";
import type { Grant } from "./credentials";
import type { CredentialStore } from "./credentialStore";
import type { GenerationFence } from "./generationFence";
import { type RevocationPorts, revoke } from "./tokenEndpoint";

export interface GrantWriterPorts extends RevocationPorts {
  readonly store: Pick<CredentialStore, "load" | "saveGrant" | "deleteGrant">;
  readonly turns: Turns;
  readonly fence: GenerationFence;
  readonly clock: Clock;
}

/** Shorter than the wait of a window that has lost its turn (refreshToken.ts). */
const arrivalLimitMs = secondMs;
const lookAgainMs = 50;

interface StoredGrant {
  readonly old: Grant | undefined;
  /** The highest generation of any grant so far. */
  readonly generation: number;
}

/** Stores and deletes the grant for the user. Each change has a new generation, so that no window uses the old grant. */
export class GrantWriter {
  constructor(private readonly ports: GrantWriterPorts) {}

  /**
   * Replaces the stored grant. A sign-in that is replaced by a test token is revoked. Rejects if VS Code does not store the
   * new grant.
   */
  async put(make: (generation: number) => Grant): Promise<void> {
    await this.exclusively(async (old, generation) => {
      const grant = make(generation);
      await Promise.all([this.ports.store.saveGrant(grant), this.raise(generation)]);
      // At Volvo, a new sign-in may share its grant with the one before, which is therefore not revoked.
      if (old?.kind === "volvoId" && grant.kind === "testToken") void revoke(this.ports, old, old.refreshToken);
    });
  }

  /** Deletes the grant and revokes it, for which it waits 5 s at most. Rejects if VS Code does not delete it. */
  async remove(): Promise<void> {
    await this.exclusively(async (old, generation) => {
      const revoked = old?.kind === "volvoId" ? revoke(this.ports, old, old.refreshToken) : undefined;
      await Promise.all([this.ports.store.deleteGrant(), this.raise(generation), revoked]);
    });
  }

  private async exclusively(change: (old: Grant | undefined, generation: number) => Promise<void>): Promise<void> {
    const outcome = await this.ports.turns.take("change", async (turn) => {
      turn.secretStored();
      // Makes the window that has lost its turn wait for the new grant.
      if (turn.tookOver) await this.raise((await this.look()).generation + 1);
      const { old, generation } = await this.newest();
      await change(old, generation + 1);
    });
    // Another window was faster.
    if (!outcome) throw new Error("Another window changes the sign-in at the same time");
  }

  /** Waits until the grant that was stored last has reached this window. Its late arrival would undo a new change. */
  private async newest(): Promise<StoredGrant> {
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const stored = await this.look();
      const isLate = stored.old?.kind === "volvoId" && stored.old.generation < stored.generation;
      if (!isLate || waitedMs >= arrivalLimitMs) return stored;
      await sleep(this.ports.clock, lookAgainMs);
    }
  }

  private async look(): Promise<StoredGrant> {
    const { store, fence } = this.ports;
    const [{ grant: old }, fenced] = await Promise.all([store.load(), fence.read().catch(() => 0)]);
    return { old, generation: Math.max(fenced, old && "generation" in old ? old.generation : 0) };
  }

  private async raise(generation: number): Promise<void> {
    try {
      await this.ports.fence.write(generation);
    } catch (error) {
      this.ports.log.warn(`The generation of the sign-in could not be written: ${errorText(error)}`);
    }
  }
}
