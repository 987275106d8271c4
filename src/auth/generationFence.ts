import type { Clock } from "../base/clock";
import type { StateFolder } from "../base/folder";

/**
 * A file with the number of the newest generation that any window has stored. A window whose copy of the secrets has a
 * lower generation knows that its copy is stale. The file holds only this number and the time at which it was written.
 */
export interface GenerationFence {
  /** 0 if there is no valid number. Rejects if the folder cannot be read. */
  read(): Promise<number>;
  /** When the number was written (ms), else the time of the file; 0 without a file. Rejects if the folder cannot be read. */
  writtenAt(): Promise<number>;
  /** Call with the lock only, and with increasing numbers. */
  write(generation: number): Promise<void>;
}

const fileName = "refresh.generation";
/** One renewal a second for half a year. A higher number is damage, and would keep all windows from renewing. */
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
      const storedAt = await numberAt(1, Number.MAX_SAFE_INTEGER);
      const isCredible = storedAt > 0 && storedAt <= clock.now();
      return isCredible ? storedAt : ((await folder.modifiedAt(fileName)) ?? 0);
    },
    write: (generation) => folder.replace(fileName, `${generation} ${Math.floor(clock.now())}`),
  };
}
