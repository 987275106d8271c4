import type { Clock } from "../base/clock";
import type { StateFolder } from "../base/folder";

/**
 * The number of the newest generation that any window has stored, in a file: a window whose copy of the secrets is
 * older than that knows that it is stale. The file holds nothing but the number and when it was written.
 */
export interface GenerationFence {
  /** 0 where nothing was written yet. Rejects where the folder cannot be read. */
  read(): Promise<number>;
  /** When the number was written (ms), by the file's own time where it holds none; 0 without one. Rejects as {@link read}. */
  writtenAt(): Promise<number>;
  /** For the holder of the lock only: the number must grow. */
  write(generation: number): Promise<void>;
}

const fileName = "refresh.generation";
/** One renewal a second for half a year. A higher number is damage: believed, it would keep every window from renewing. */
const highestGeneration = 16_000_000;

export function createGenerationFence(
  folder: Pick<StateFolder, "read" | "replace" | "modifiedAt">,
  clock: Clock,
): GenerationFence {
  async function numberAt(place: number, highest: number): Promise<number> {
    const number = Number((await folder.read(fileName))?.split(" ")[place] ?? 0);
    return Number.isSafeInteger(number) && number > 0 && number <= highest ? number : 0;
  }
  return {
    read: () => numberAt(0, highestGeneration),
    async writtenAt() {
      const told = await numberAt(1, Number.MAX_SAFE_INTEGER);
      const isCredible = told > 0 && told <= clock.now();
      return isCredible ? told : ((await folder.modifiedAt(fileName)) ?? 0);
    },
    write: (generation) => folder.replace(fileName, `${generation} ${Math.floor(clock.now())}`),
  };
}
