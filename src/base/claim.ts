import type { LockFolder } from "./numberedLock";

/**
 * Decides which of several processes does something that must be done once: the one that creates the file `name`.
 * Where the folder cannot be used they cannot know of each other, and done twice is better than never.
 */
export async function claim(folder: Pick<LockFolder, "create">, name: string): Promise<boolean> {
  try {
    return await folder.create(name, "");
  } catch {
    return true;
  }
}
