import type { Clock } from "../base/clock";
import type { StateFolder } from "../base/folder";

/**
 * The number of the newest generation that any window has stored, in a file: a window whose copy of the secrets is
 * older than that knows that it is stale. The file holds nothing but the number and when it was written.
 */
export interface GenerationFence {
  /** 0 where nothing was written yet. Rejects where the folder cannot be read. */
  read(): Promise<number>;
  /** When the number was written (ms); 0 where that is not known. Rejects as {@link read} does. */
  writtenAt(): Promise<number>;
  /** For the holder of the refresh lock only, who knows that the number grows. */
  write(generation: number): Promise<void>;
}

const fileName = "refresh.generation";
/** One renewal a second for half a year. A higher number is damage: believed, it would keep every window from renewing. */
const highestGeneration = 16_000_000;

export function createGenerationFence(folder: Pick<StateFolder, "read" | "replace">, clock: Clock): GenerationFence {
  async function numberAt(place: number, highest: number): Promise<number> {
    const number = Number((await folder.read(fileName))?.split(" ")[place] ?? 0);
    return Number.isSafeInteger(number) && number > 0 && number <= highest ? number : 0;
  }
  return {
    read: () => numberAt(0, highestGeneration),
    writtenAt: () => numberAt(1, Number.MAX_SAFE_INTEGER),
    write: (generation) => folder.replace(fileName, `${generation} ${Math.floor(clock.now())}`),
  };
}
