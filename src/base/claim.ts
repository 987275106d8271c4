import type { LockFolder } from "./numberedLock";

/**
 * Resolves with `true` in the one process that may perform a one-time action: the one that creates the file `name`. If the
 * folder cannot be used, every process gets `true`, because acting twice is better than never. Never rejects.
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
  const names = await folder.list().catch(() => []);
  const old = names.filter((name) => !current.has(name));
  await Promise.allSettled(old.map((name) => folder.remove(name)));
}
