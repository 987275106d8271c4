import { errorText, type Logger } from "../base/log";
import type { Turns } from "../base/turn";
import type { CarStore } from "../charging/carStore";
import type { Credentials } from "./polling";

/**
 * Whether this window can ask with its credentials: "new" until its first turn with some that were entered while it was
 * open, "elsewhere" after a turn in which another window had the sign-in.
 */
export type Standing = "new" | "usable" | "elsewhere";

interface Ports {
  readonly credentials: Credentials;
  readonly carStore: CarStore;
  readonly turns: Turns;
  readonly log: Logger;
}

/** What this window knows of its own credentials. Those that it gets while it is open are the wish of the user. */
export class OwnCredentials {
  /** Those that this window has had last; `null` for none, `undefined` before any were read. */
  private known: string | null | undefined;
  private generation: number | undefined;
  private last: Standing = "usable";

  constructor(private readonly ports: Ports) {}

  get standing(): Standing {
    return this.last;
  }

  /** To be called whenever the credentials may have changed. A sign-out is told to the other windows. */
  note(): void {
    const { credentials } = this.ports;
    const before = this.known;
    const current = credentials.current ?? null;
    if (this.generation !== credentials.generation) this.found(false);
    this.generation = credentials.generation;
    if (current === before || (current === null && !credentials.isSignedOut)) return;
    this.known = current;
    if (before === undefined) return;
    this.last = "new";
    if (current === null) this.tellSignedOut(before);
  }

  /** What a turn has shown of them; new ones have been stored since, and their first turn is still to come. */
  found(isElsewhere: boolean): void {
    if (this.last !== "new") this.last = isElsewhere ? "elsewhere" : "usable";
  }

  /** They have their first turn now. */
  used(): void {
    this.last = "usable";
  }

  private tellSignedOut(before: string | null): void {
    const { carStore, log } = this.ports;
    const signOut = () => {
      const isStillUsed = carStore.current.account.credentials === before;
      if (isStillUsed) carStore.updateAccount((account) => ({ ...account, signedOut: true }));
      return Promise.resolve();
    };
    this.ports.turns.take("change", signOut).catch((error: unknown) => {
      log.warn(`Other windows cannot learn that the user has signed out: ${errorText(error)}`);
    });
  }
}
