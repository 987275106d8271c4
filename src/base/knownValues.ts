/** An occurrence of a value: where it begins, and how long it is. */
export type Found = (start: number, length: number) => void;

/** What all values below have in common, and what follows it in each. */
interface Branch {
  readonly prefix: string;
  /** The prefix is a value itself. */
  readonly isValue: boolean;
  /** By the first character. */
  readonly next: ReadonlyMap<number, Branch>;
}

/**
 * Finds any of many values in a text in one pass, however many there are and however much they have in common. Values
 * are at least four characters long.
 */
export class KnownValues {
  private readonly root: Branch;
  /** The hashes of the first four characters, which most places of a text do not share. */
  private readonly starts = new Uint8Array(0x10000);

  constructor(values: Iterable<string>) {
    const all = [...new Set(values)].filter((value) => value.length >= 4);
    this.root = { prefix: "", isValue: false, next: nextOf(all) };
    for (const value of all) this.starts[startAt(value, 0)] = 1;
  }

  find(text: string, found: Found): void {
    if (this.root.next.size === 0) return;
    for (let at = 0, last = text.length - 4; at <= last; at++) {
      if (this.starts[startAt(text, at)] === 1) this.findAt(text, at, found);
    }
  }

  private findAt(text: string, start: number, found: Found): void {
    let end = start;
    for (let branch: Branch | undefined = this.root; branch && text.startsWith(branch.prefix, end);) {
      end += branch.prefix.length;
      if (branch.isValue) found(start, end - start);
      branch = branch.next.get(text.charCodeAt(end));
    }
  }
}

function nextOf(values: readonly string[]): ReadonlyMap<number, Branch> {
  const groups = new Map<number, string[]>();
  for (const value of values) {
    const first = value.charCodeAt(0);
    const group = groups.get(first);
    if (group) group.push(value);
    else groups.set(first, [value]);
  }
  return new Map([...groups].map(([first, group]) => [first, branchOf(group)]));
}

function branchOf(values: readonly string[]): Branch {
  const [first = "", ...others] = values;
  let { length } = first;
  for (const value of others) length = commonLength(first, value, length);
  const rest = values.map((value) => value.slice(length)).filter((value) => value !== "");
  return { prefix: first.slice(0, length), isValue: rest.length < values.length, next: nextOf(rest) };
}

function commonLength(a: string, b: string, limit: number): number {
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

function startAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) +
      text.charCodeAt(at + 1) * 31 +
      text.charCodeAt(at + 2) * 961 +
      text.charCodeAt(at + 3) * 29_791) &
    0xffff
  );
}
