/** Receives the start and the length of an occurrence. */
export type Found = (start: number, length: number) => void;

/** A node of a prefix tree. */
interface Branch {
  /** The common prefix of all values in this branch, without the prefixes of the branches above. */
  readonly prefix: string;
  /** True if a value ends with this prefix. */
  readonly isValue: boolean;
  /** The branches below, by their first UTF-16 unit. */
  readonly next: ReadonlyMap<number, Branch>;
}

/**
 * Finds all occurrences of many values in a text in one pass. The time hardly depends on the number of values and on
 * their common prefixes. Ignores values under four characters.
 */
export class KnownValues {
  private readonly root: Branch;
  /** 1 for each hash of the first four characters of a value. Few places of a text pass this test. */
  private readonly starts = new Uint8Array(0x10000);

  constructor(values: Iterable<string>) {
    const all = [...new Set(values)].filter((value) => value.length >= 4);
    this.root = { prefix: "", isValue: false, next: nextOf(all) };
    for (const value of all) this.starts[hashAt(value, 0)] = 1;
  }

  find(text: string, found: Found): void {
    if (this.root.next.size === 0) return;
    for (let at = 0, last = text.length - 4; at <= last; at++) {
      if (this.starts[hashAt(text, at)] === 1) this.findAt(text, at, found);
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

/** A hash of the four characters at `at`, 0 to 0xffff. */
function hashAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) +
      text.charCodeAt(at + 1) * 31 +
      text.charCodeAt(at + 2) * 961 +
      text.charCodeAt(at + 3) * 29_791) &
    0xffff
  );
}
