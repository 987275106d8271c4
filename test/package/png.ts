import { crc32, deflateSync, inflateSync } from "node:zlib";

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
    const pixels = pixelsOf(chunks);
    // Each line begins with its filter byte.
    const isComplete = bits > 0 && pixels.length === height * (1 + Math.ceil((width * bits) / 8));
    return isComplete ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** The number of frames of an animated PNG; 0 for another picture. */
export function pngFrames(bytes: Buffer): number {
  return chunksOf(bytes).filter(({ type }) => type === "fcTL").length;
}

export interface Frame {
  readonly png: Buffer;
  /** The time for which it is shown. */
  readonly ms: number;
}

/**
 * An animated PNG (third edition of the PNG specification) that plays `frames` `times` times and then stays on the last
 * one. Viewers without animation show the first. Throws if the frames differ in size or color type.
 */
export function animatedPng(frames: readonly Frame[], times: number): Buffer {
  const pictures = frames.map(({ png, ms }) => ({ chunks: chunksOf(png), ms }));
  const header = pictures[0]?.chunks[0]?.data ?? Buffer.alloc(0);
  let sequence = 0;
  const parts = [signature, chunk("IHDR", header), chunk("acTL", numbers(frames.length, times))];
  for (const [index, { chunks, ms }] of pictures.entries()) {
    if (chunks[0]?.data.equals(header) !== true) throw new Error(`Frame ${index} has another size or color type`);
    const place = Buffer.concat([header.subarray(0, 8), numbers(0, 0)]);
    const delay = Buffer.from([ms >> 8, ms & 255, 1000 >> 8, 1000 & 255, 0, 0]);
    parts.push(chunk("fcTL", Buffer.concat([numbers(sequence++), place, delay])));
    const pixels = deflateSync(pixelsOf(chunks), { level: 9 });
    parts.push(index === 0 ? chunk("IDAT", pixels) : chunk("fdAT", Buffer.concat([numbers(sequence++), pixels])));
  }
  return Buffer.concat([...parts, chunk("IEND", Buffer.alloc(0))]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function pixelsOf(chunks: readonly Chunk[]): Buffer {
  return inflateSync(Buffer.concat(chunks.flatMap(({ type, data }) => (type === "IDAT" ? [data] : []))));
}

/** Throws if a chunk is truncated or damaged. */
function chunksOf(bytes: Buffer): readonly Chunk[] {
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
