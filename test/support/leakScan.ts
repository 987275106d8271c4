import fs from "node:fs/promises";
import path from "node:path";

export interface Secret {
  readonly kind: "API key" | "token" | "refresh token" | "code" | "client secret" | "e-mail address" | "VIN";
  readonly value: string;
}

export interface Leak {
  readonly file: string;
  readonly kind: Secret["kind"];
  /** How it stood there. */
  readonly form: string;
  /** Offset in bytes. */
  readonly at: number;
}

export interface Scan {
  readonly files: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
}

/** The VINs of all tests begin so; no other text of the product does. */
const vinShape = /YV1[A-HJ-NPR-Z0-9]{14}/gi;

/** Every form in which a text reaches a file: as it is, in a URL, in JSON, in a header, in UTF-16, as hexadecimal. */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(value);
  const base64 = (before: number) => {
    const text = Buffer.concat([Buffer.alloc(before, "x"), bytes, Buffer.alloc(3, "x")]).toString("base64");
    // What its neighbours have a part in is left out.
    return text.slice(before === 0 ? 0 : 4, -4 - 4);
  };
  const forms: readonly (readonly [string, string])[] = [
    ["plain", bytes.toString("latin1")],
    ["URL", encodeURIComponent(value)],
    ["form", new URLSearchParams({ "": value }).toString().slice(1)],
    ["JSON", JSON.stringify(value).slice(1, -1)],
    ["UTF-16", Buffer.from(value, "utf16le").toString("latin1")],
    ["hex", bytes.toString("hex")],
    ...[0, 1, 2].map((before) => [`base64 (${before})`, base64(before)] as const).filter(([, text]) => text.length > 7),
  ];
  return new Map([...forms].reverse().map(([form, text]) => [text, form]));
}

/** Where `text` (bytes as latin1) holds one of `secrets`, or a VIN. */
export function leaksIn(text: string, file: string, secrets: readonly Secret[]): readonly Leak[] {
  const leaks: Leak[] = [];
  for (const { kind, value } of secrets) {
    for (const [written, form] of formsOf(value)) {
      const at = text.indexOf(written);
      if (at >= 0) leaks.push({ file, kind, form, at });
    }
  }
  for (const form of new Set([text, text.replaceAll("\0", "")])) {
    const vin = vinShape.exec(form);
    vinShape.lastIndex = 0;
    if (vin) leaks.push({ file, kind: "VIN", form: form === text ? "plain" : "UTF-16", at: vin.index });
  }
  return leaks;
}

/**
 * Looks through every file below `folder` for `secrets` and for VINs. `mayHoldVins` names the files, by their path below
 * the folder, in which the user's own VINs may stand: settings.json.
 */
export async function scanFolder(
  folder: string,
  secrets: readonly Secret[],
  mayHoldVins: (file: string) => boolean,
): Promise<Scan> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const leaks: Leak[] = [];
  let files = 0;
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join("/");
    const text = await fs.readFile(file, "latin1").catch(() => "");
    files++;
    bytes += text.length;
    leaks.push(...leaksIn(text, name, secrets).filter(({ kind }) => kind !== "VIN" || !mayHoldVins(name)));
  }
  return { files, bytes, leaks };
}

/** Rejects with the places where something was found; the secrets themselves are not told. */
export function assertNoLeak({ leaks }: Scan): void {
  if (leaks.length === 0) return;
  const places = leaks.map(({ file, kind, form, at }) => `${kind} (${form}) in ${file} at ${at}`);
  throw new Error(`Written where it must not be:\n${[...new Set(places)].slice(0, 20).join("\n")}`);
}

/** The places for VINs: the user's settings, their history, and what VS Code remembers of a workspace's settings. */
export function isOwnSettings(file: string): boolean {
  return /(?:^|\/)User\/(?:settings\.json$|History\/|caches\/CachedConfigurations\/)/.test(file);
}
