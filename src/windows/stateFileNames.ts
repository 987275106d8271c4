/** Raised whenever an older version could misread what a newer one wrote, or the other way round. */
export const schemaVersion = 3;

/** The state that all windows share, named after the turn it was written in: the highest number is the newest. */
export function stateFile(turn: number): string {
  return `state.${turn}.json`;
}

/** The numbers of the turns in which states among `files` were written, the newest first. */
export function turnsOf(files: readonly string[]): readonly number[] {
  return files.flatMap((file) => turnOf(file) ?? []).sort((a, b) => b - a);
}

/** The number of the turn that a file was written in; `undefined` for a file that holds no state. */
export function turnOf(file: string): number | undefined {
  const [, number] = /^state\.([1-9]\d{0,14})\.json$/.exec(file) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** A file that a window was killed over while it wrote the state. */
export function isHalfWritten(file: string): boolean {
  return /^state\..*\.tmp$/.test(file);
}
