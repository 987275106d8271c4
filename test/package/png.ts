import { crc32, inflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");

/** Samples per pixel, by the color type in IHDR. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The size in pixels of a picture that decodes completely; undefined if it is not an intact PNG. */
export function pngSize(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  try {
    const chunks = chunksOf(bytes);
    const header = chunks[0];
    if (header?.type !== "IHDR" || chunks.at(-1)?.type !== "IEND") return undefined;
    const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
    const bits = header.data.readUInt8(8) * (samples[header.data.readUInt8(9)] ?? 0);
    const pixels = inflateSync(Buffer.concat(chunks.flatMap(({ type, data }) => (type === "IDAT" ? [data] : []))));
    // Each line begins with its filter byte.
    const isWhole = bits > 0 && pixels.length === height * (1 + Math.ceil((width * bits) / 8));
    return isWhole ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** Throws if a chunk is truncated or damaged. */
function chunksOf(bytes: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new Error("The signature is missing");
  const chunks = [];
  for (let start = signature.length; start < bytes.length;) {
    const end = start + 8 + bytes.readUInt32BE(start);
    if (crc32(bytes.subarray(start + 4, end)) !== bytes.readUInt32BE(end)) throw new Error("A chunk is damaged");
    chunks.push({ type: bytes.toString("latin1", start + 4, start + 8), data: bytes.subarray(start + 8, end) });
    start = end + 4;
  }
  return chunks;
}
