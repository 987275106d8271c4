/**
 * A decoded text. Its UTF-16 unit `i` begins at `at[i]` of the encoded text; the last entry of `at` is the length of
 * the encoded text.
 */
export interface Decoded {
  readonly text: string;
  readonly at: Uint32Array;
}

const escaped = "\"'\\/bfnrt";
const escapeMeanings = "\"'\\/\b\f\n\r\t";

const entities: readonly (readonly [string, number])[] = [
  ["&amp;", 0x26],
  ["&quot;", 0x22],
  ["&#34;", 0x22],
  ["&apos;", 0x27],
  ["&#39;", 0x27],
  ["&lt;", 0x3c],
  ["&gt;", 0x3e],
];

/**
 * The text with one level of encoding removed: percent-encoding of UTF-8, escapes of JSON strings, the entities of XML.
 * `undefined` if nothing in it is encoded. A text that only looks encoded is decoded too, so use the result for
 * searches and not for display. Takes time linear in the length of the text and creates no object per character.
 */
export function decode(source: string): Decoded | undefined {
  if (!/[%\\&]/.test(source)) return undefined;
  const units = new Uint16Array(source.length);
  const at = new Uint32Array(source.length + 1);
  let length = 0;
  let index = 0;

  /** The hexadecimal number of exactly `digits` digits at `from`, or -1. */
  const hex = (from: number, digits: number) => {
    let value = 0;
    for (let place = from; place < from + digits; place++) {
      const unit = source.charCodeAt(place);
      const letter = unit | 0x20;
      if (unit >= 0x30 && unit <= 0x39) value = value * 16 + unit - 0x30;
      else if (letter >= 0x61 && letter <= 0x66) value = value * 16 + letter - 0x57;
      else return -1;
    }
    return value;
  };
  const putUnit = (unit: number) => {
    units[length] = unit;
    at[length++] = index;
  };
  /** Writes one code point and skips its `encodedLength` units of the source. */
  const put = (point: number, encodedLength: number) => {
    if (point > 0xffff) {
      putUnit(0xd7c0 + (point >> 10));
      putUnit(0xdc00 + (point & 0x3ff));
    } else putUnit(point);
    index += encodedLength;
  };
  const percent = () => {
    const first = hex(index + 1, 2);
    const others = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = others === 0 ? first : first & (0x3f >> others);
    for (let byte = 1; byte <= others; byte++) {
      const from = index + 3 * byte;
      const next = source.charCodeAt(from) === 0x25 ? hex(from + 1, 2) : -1;
      point = point < 0 || next >> 6 !== 2 ? -1 : point * 64 + (next & 0x3f);
    }
    if (point < 0 || point > 0x10ffff) put(0x25, 1);
    else put(point, 3 * (others + 1));
  };
  const escape = () => {
    const letter = source.charAt(index + 1);
    const unit = letter === "u" ? hex(index + 2, 4) : -1;
    const meaning = letter === "" ? -1 : escaped.indexOf(letter);
    if (unit >= 0) put(unit, 6);
    else if (meaning >= 0) put(escapeMeanings.charCodeAt(meaning), 2);
    else put(0x5c, 1);
  };
  const entity = () => {
    const isKnown = ([name]: readonly [string, number]) => source.startsWith(name, index);
    const found = "#aglq".includes(source.charAt(index + 1)) ? entities.find(isKnown) : undefined;
    const [name, point] = found ?? ["&", 0x26];
    put(point, name.length);
  };

  while (index < source.length) {
    const unit = source.charCodeAt(index);
    if (unit === 0x25) percent();
    else if (unit === 0x5c) escape();
    else if (unit === 0x26) entity();
    else put(unit, 1);
  }
  if (length === source.length) return undefined;
  at[length] = source.length;
  const text = Buffer.from(units.buffer, 0, length * 2).toString("utf16le");
  return { text, at: at.subarray(0, length + 1) };
}
