import fs from "node:fs/promises";
import path from "node:path";

export interface Secret {
  readonly kind: "API key" | "token" | "refresh token" | "code" | "client secret" | "e-mail address" | "VIN";
  readonly value: string;
}

export interface Leak {
  readonly file: string;
  readonly kind: Secret["kind"];
  /** The encoding found. */
  readonly form: string;
  /** Offset in bytes. */
  readonly at: number;
}

export interface Scan {
  readonly files: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
}

/**
 * All test VINs start like this, and no other text of the product does. A match longer than the VIN's visible tail is
 * part of a VIN.
 */
const vinShape = /YV1[A-HJ-NPR-Z0-9]{9,}/gi;

/** Shorter parts of a secret would match plain words. */
const partLength = 12;

/** Every encoding in which a text may reach a file: plain, URL, JSON, header, UTF-16, hexadecimal. */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(value);
  const inForm = new URLSearchParams({ "": value }).toString().slice(1);
  const base64 = (before: number, written: string) => {
    const text = Buffer.from(`${"x".repeat(before)}${written}xxx`).toString("base64");
    // Omits characters that also depend on neighboring bytes.
    return text.slice(before === 0 ? 0 : 4, -4 - 4);
  };
  const forms: readonly (readonly [string, string])[] = [
    ["plain", bytes.toString("latin1")],
    ["URL", encodeURIComponent(value)],
    ["form", inForm],
    ["JSON", JSON.stringify(value).slice(1, -1)],
    ["UTF-16", Buffer.from(value, "utf16le").toString("latin1")],
    ["hex", bytes.toString("hex")],
    // Volvo ID receives the client secret form-encoded and then base64-encoded (RFC 6749, 2.3.1).
    ...[0, 1, 2]
      .flatMap((before) => [
        [`base64 (${before})`, base64(before, value)] as const,
        [`base64 of a form (${before})`, base64(before, inForm)] as const,
      ])
      .filter(([, text]) => text.length > 7),
  ];
  return new Map([...forms].reverse().map(([form, text]) => [text, form]));
}

/**
 * Every distinguishing part of the secrets. E-mail addresses are excluded, because the product itself shows their
 * provider.
 */
function partsOf(secrets: readonly Secret[]): ReadonlyMap<string, Secret["kind"]> {
  const parts = new Map<string, Secret["kind"]>();
  for (const { kind, value } of secrets) {
    if (kind === "e-mail address") continue;
    for (const form of [value, encodeURIComponent(value)]) {
      for (let from = 0; from + partLength <= form.length; from++) parts.set(form.slice(from, from + partLength), kind);
    }
  }
  return parts;
}

/** A number below 2^21 for the first three characters of a search term. Most positions of a text match none. */
function beginning(text: string, at: number): number {
  return (text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 7) ^ (text.charCodeAt(at + 2) << 14)) & 0x1fffff;
}

/** Finds parts of `secrets` in bytes read as latin1: one position per kind and text. */
function partFinder(secrets: readonly Secret[]): (text: string, file: string) => readonly Leak[] {
  const parts = partsOf(secrets);
  const beginnings = new Uint8Array(0x200000);
  for (const part of parts.keys()) beginnings[beginning(part, 0)] = 1;
  return (text, file) => {
    const found = new Map<Secret["kind"], Leak>();
    for (const form of new Set([text, text.replaceAll("\0", "")])) {
      for (let at = 0; at + partLength <= form.length; at++) {
        if (beginnings[beginning(form, at)] === 0) continue;
        const kind = parts.get(form.slice(at, at + partLength));
        if (kind !== undefined && !found.has(kind)) found.set(kind, { file, kind, form: "part", at });
      }
    }
    return [...found.values()];
  };
}

/** Finds `secrets` in any encoding, parts of them, and VINs in bytes read as latin1. */
function leakFinder(secrets: readonly Secret[]): (text: string, file: string) => readonly Leak[] {
  const partsIn = partFinder(secrets);
  const forms = secrets.flatMap(({ kind, value }) =>
    [...formsOf(value)].map(([written, form]) => ({ kind, written, form })),
  );
  return (text, file) => {
    const leaks: Leak[] = [];
    for (const { kind, written, form } of forms) {
      const at = text.indexOf(written);
      if (at >= 0) leaks.push({ file, kind, form, at });
    }
    for (const form of new Set([text, text.replaceAll("\0", "")])) {
      const vin = vinShape.exec(form);
      vinShape.lastIndex = 0;
      if (vin) leaks.push({ file, kind: "VIN", form: form === text ? "plain" : "UTF-16", at: vin.index });
    }
    return [...leaks, ...partsIn(text, file)];
  };
}

/**
 * Searches every file below `folder` for `secrets`, their parts, and VINs. `mayHoldVins` selects the files, by path
 * below the folder, that may contain the user's own VINs: settings.json.
 */
export async function scanFolder(
  folder: string,
  secrets: readonly Secret[],
  mayHoldVins: (file: string) => boolean,
): Promise<Scan> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const leaksIn = leakFinder(secrets);
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
    leaks.push(...leaksIn(text, name).filter(({ kind }) => kind !== "VIN" || !mayHoldVins(name)));
  }
  return { files, bytes, leaks };
}

/** Throws with the positions found, without the secrets themselves. */
export function assertNoLeak({ leaks }: Scan): void {
  if (leaks.length === 0) return;
  const places = leaks.map(({ file, kind, form, at }) => `${kind} (${form}) in ${file} at ${at}`);
  throw new Error(`Written where it must not be:\n${[...new Set(places)].slice(0, 20).join("\n")}`);
}

/** Files that may contain VINs: the user's settings, their history, and VS Code's cache of a workspace's settings. */
export function isOwnSettings(file: string): boolean {
  return /(?:^|\/)User\/(?:settings\.json$|History\/|caches\/CachedConfigurations\/)/.test(file);
}
