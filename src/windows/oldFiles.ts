import { type Clock, secondMs } from "../base/clock";
import type { StateFolder } from "../base/folder";

/** Files of version 0.1.0. Its lock for renewals is not among them: it is now the lock of all turns. */
const oldFile = /^(?:snapshot\.json|focus|credentials-current|(?:request|answer)-.*\.json)$/;
const oldFolders = ["lease", "windows", "calls"] as const;

/** A window of 0.1.0 without a heartbeat for this time was closed. */
const silentMs = 15 * secondMs;

/** Removes the files of version 0.1.0 once none of its windows is open. */
export class OldFiles {
  private seen: { readonly lease: string; readonly at: number } | undefined;

  constructor(
    private readonly folder: StateFolder,
    private readonly clock: Clock,
  ) {}

  /** To be called in a turn, with the names in the folder. Rejects if the folder cannot be used. */
  async removeFrom(names: readonly string[]): Promise<void> {
    const old = names.filter((name) => oldFile.test(name));
    if (old.length === 0) return;
    const lease = await this.lease();
    const now = this.clock.now();
    if (this.seen?.lease !== lease) this.seen = { lease, at: now };
    const ageMs = now - this.seen.at;
    if (lease !== "" && ageMs < silentMs) return;
    for (const name of oldFolders) await this.folder.folder(name).clear();
    for (const name of old) await this.folder.remove(name);
  }

  /** The content of the newest lease, which changed with every heartbeat; empty if it is released. */
  private async lease(): Promise<string> {
    const leases = this.folder.folder("lease");
    const newest = Math.max(0, ...(await leases.list()).map(Number).filter(Number.isSafeInteger));
    const content = newest > 0 ? await leases.read(String(newest)) : undefined;
    return content === undefined || content === "released" ? "" : `${newest} ${content}`;
  }
}
