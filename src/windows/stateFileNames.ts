/** To be raised if an older version could misread the state of a newer one, or the other way round. */
export const schemaVersion = 3;

/** The file of the shared state, named after the turn that wrote it. The highest number is the newest. */
export function stateFile(turn: number): string {
  return `state.${turn}.json`;
}

/** The numbers of the state files among `files`, the newest first. */
export function turnsOf(files: readonly string[]): readonly number[] {
  return files.flatMap((file) => turnOf(file) ?? []).sort((a, b) => b - a);
}

/** The number of the turn that wrote this file. `undefined` for a file of another kind. */
export function turnOf(file: string): number | undefined {
  const [, number] = /^state\.([1-9]\d{0,14})\.json$/.exec(file) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** A temporary file, left by a window that was killed while it wrote the state. */
export function isHalfWritten(file: string): boolean {
  return /^state\..*\.tmp$/.test(file);
}
