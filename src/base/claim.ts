import type { LockFolder } from "./numberedLock";

/**
 * Decides which of several processes performs a one-time action: the one that creates the file `name`. If the folder
 * cannot be used, every process gets `true`, because acting twice is better than never.
 */
export async function claim(folder: Pick<LockFolder, "create">, name: string): Promise<boolean> {
  try {
    return await folder.create(name, "");
  } catch {
    return true;
  }
}

/** Removes all claims except those in `current`. Never rejects: the next call removes any claim that remains. */
export async function forgetClaims(
  folder: Pick<LockFolder, "list" | "remove">,
  current: ReadonlySet<string>,
): Promise<void> {
  try {
    for (const name of await folder.list()) if (!current.has(name)) await folder.remove(name);
  } catch {
    // The next call tries again.
  }
}
