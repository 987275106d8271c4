import { errorText, type Logger } from "../base/log";
import type { Turns } from "../base/turn";
import type { CarStore } from "../charging/carStore";
import type { Credentials } from "./polling";

/**
 * Whether this window can ask with its credentials. "new": entered while the window was open, and not used in a turn
 * yet. "elsewhere": in the last turn, another window held the sign-in.
 */
export type Standing = "new" | "usable" | "elsewhere";

interface Ports {
  readonly credentials: Credentials;
  readonly carStore: CarStore;
  readonly turns: Turns;
  readonly log: Logger;
}

/** Follows the credentials of this window, and tells the other windows when the user signs out. */
export class OwnCredentials {
  /** The last fingerprint; `null` for none, `undefined` before any were read. */
  private known: string | null | undefined;
  private generation: number | undefined;
  private last: Standing = "usable";

  constructor(private readonly ports: Ports) {}

  get standing(): Standing {
    return this.last;
  }

  /** To be called when the credentials may have changed. */
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

  /** To be called after a turn. Has no effect on new credentials, which were stored after that turn began. */
  found(isElsewhere: boolean): void {
    if (this.last !== "new") this.last = isElsewhere ? "elsewhere" : "usable";
  }

  /** To be called in the first turn with new credentials. */
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
      log.warn(`The sign-out could not be written to the shared state: ${errorText(error)}`);
    });
  }
}
