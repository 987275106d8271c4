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

/** Shorter than the wait of a window that has lost the lock. */
const arrivalLimitMs = secondMs;
const lookAgainMs = 50;

interface Look {
  readonly old: Grant | undefined;
  /** The highest that was given to any grant. */
  readonly generation: number;
}

/** Stores and deletes the grant when the user says so, as a generation of its own, so that no window uses the old one. */
export class GrantWriter {
  constructor(private readonly ports: GrantWriterPorts) {}

  /**
   * Puts a grant in the place of any other, and revokes a sign-in that a test token replaces. Rejects when VS Code does
   * not store it.
   */
  async put(make: (generation: number) => Grant): Promise<void> {
    await this.exclusively(async (old, generation) => {
      const grant = make(generation);
      await Promise.all([this.ports.store.saveGrant(grant), this.raise(generation)]);
      // A new sign-in may share Volvo's grant with the one before, which therefore is not revoked.
      if (old?.kind === "volvoId" && grant.kind === "testToken") void revoke(this.ports, old, old.refreshToken);
    });
  }

  /** Forgets the grant and tells Volvo, as far as that answers within 5 s. Rejects when VS Code does not delete it. */
  async remove(): Promise<void> {
    await this.exclusively(async (old, generation) => {
      const revoked = old?.kind === "volvoId" ? revoke(this.ports, old, old.refreshToken) : undefined;
      await Promise.all([this.ports.store.deleteGrant(), this.raise(generation), revoked]);
    });
  }

  private async exclusively(change: (old: Grant | undefined, generation: number) => Promise<void>): Promise<void> {
    const outcome = await this.ports.turns.take("change", async (turn) => {
      turn.secretStored();
      // The window that has lost its turn learns by this that something newer is on its way, and waits for that.
      if (turn.tookOver) await this.raise((await this.look()).generation + 1);
      const { old, generation } = await this.newest();
      await change(old, generation + 1);
    });
    // Another window was faster, and does what its user wants.
    if (outcome.kind !== "done") throw new Error("Another window changes the sign-in at the same time");
  }

  /** The grant that was stored last, once it has reached this window. VS Code would let a late change undo a new one. */
  private async newest(): Promise<Look> {
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const look = await this.look();
      const isLate = look.old?.kind === "volvoId" && look.old.generation < look.generation;
      if (!isLate || waitedMs >= arrivalLimitMs) return look;
      await sleep(this.ports.clock, lookAgainMs);
    }
  }

  private async look(): Promise<Look> {
    const { store, fence } = this.ports;
    const [{ grant: old }, above] = await Promise.all([store.load(), fence.read().catch(() => 0)]);
    return { old, generation: Math.max(above, old && "generation" in old ? old.generation : 0) };
  }

  private async raise(generation: number): Promise<void> {
    try {
      await this.ports.fence.write(generation);
    } catch (error) {
      this.ports.log.warn(`The generation of the sign-in could not be written: ${errorText(error)}`);
    }
  }
}
