import type { StateFolder } from "../base/folder";
import type { News } from "./news";

export const claimsFolder = "events";

/** Decides which window tells of an event: the one that creates its file. */
export async function claim(folder: StateFolder, { id }: News): Promise<boolean> {
  try {
    return await folder.folder(claimsFolder).create(id, "");
  } catch {
    // The windows cannot know of each other: told twice is better than never.
    return true;
  }
}
