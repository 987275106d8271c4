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

/** The VINs of all tests begin so; no other text of the product does. What is longer than their last characters is a part of one. */
const vinShape = /YV1[A-HJ-NPR-Z0-9]{9,}/gi;

/** Shorter parts of a secret would be found in plain words. */
const partLength = 12;

/** Every form in which a text reaches a file: as it is, in a URL, in JSON, in a header, in UTF-16, as hexadecimal. */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(value);
  const inForm = new URLSearchParams({ "": value }).toString().slice(1);
  const base64 = (before: number, written: string) => {
    const text = Buffer.from(`${"x".repeat(before)}${written}xxx`).toString("base64");
    // What its neighbours have a part in is left out.
    return text.slice(before === 0 ? 0 : 4, -4 - 4);
  };
  const forms: readonly (readonly [string, string])[] = [
    ["plain", bytes.toString("latin1")],
    ["URL", encodeURIComponent(value)],
    ["form", inForm],
    ["JSON", JSON.stringify(value).slice(1, -1)],
    ["UTF-16", Buffer.from(value, "utf16le").toString("latin1")],
    ["hex", bytes.toString("hex")],
    // Volvo ID is told the client secret as a form would hold it, and that in base64 (RFC 6749, 2.3.1).
    ...[0, 1, 2]
      .flatMap((before) => [
        [`base64 (${before})`, base64(before, value)] as const,
        [`base64 of a form (${before})`, base64(before, inForm)] as const,
      ])
      .filter(([, text]) => text.length > 7),
  ];
  return new Map([...forms].reverse().map(([form, text]) => [text, form]));
}

/** Every part of the secrets by which they can be told apart. Of an address the product itself shows the provider. */
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

/** The first three bytes of something looked for: most places of a text begin with no such three. */
function beginning(text: string, at: number): number {
  return (text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16)) & 0xffffff;
}

/** Finds, in texts of bytes as latin1, parts of `secrets`: for each text one place for each kind. */
function partFinder(secrets: readonly Secret[]): (text: string, file: string) => readonly Leak[] {
  const parts = partsOf(secrets);
  const beginnings = new Uint8Array(0x1000000);
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

/** Finds, in texts of bytes as latin1, `secrets` in any of their forms, parts of them, and VINs. */
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
 * Looks through every file below `folder` for `secrets` and their parts, and for VINs. `mayHoldVins` names the files, by their path below
 * the folder, in which the user's own VINs may stand: settings.json.
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
