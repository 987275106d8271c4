import type { StateFolder } from "../base/folder";
import { claimsFolder } from "./herald";
import type { Mailbox } from "./mailbox";
import type { News } from "./news";

/** Removes what windows that were killed have left behind. Rejects where the folder cannot be used. */
export class Tidier {
  /** Half-written files of the last time; those that are still there belong to nobody. */
  private halfWritten = new Set<string>();

  constructor(
    private readonly folder: StateFolder,
    private readonly mailbox: Mailbox,
  ) {}

  async tidy(events: readonly News[]): Promise<void> {
    await this.mailbox.tidy();
    const found = (await this.folder.list()).filter((name) => name.endsWith(".tmp"));
    for (const name of found) if (this.halfWritten.has(name)) await this.folder.remove(name);
    this.halfWritten = new Set(found);
    const claims = this.folder.folder(claimsFolder);
    const current = new Set(events.map(({ id }) => id));
    for (const id of await claims.list()) if (!current.has(id)) await claims.remove(id);
  }
}
