import { decode } from "./encodedText";
import { KnownValues } from "./knownValues";

const mask = "•••";

/**
 * A pattern with optional groups. `hidden` (or `hiddenWord`) is at the end of the match; without it the whole match is
 * masked. The text of the group `before`, which directly precedes the match, is masked too.
 */
type Shape = RegExp;

/**
 * The patterns of secrets and personal data in decoded text. Matching each pattern takes time linear in the length of
 * the text. Plain words and small numbers in the place of a secret ("basic settings", "code=ENOTFOUND") stay readable,
 * because diagnosis needs them. Created at first use, because compiling `\p{…}` takes a moment.
 */
let shapes: readonly Shape[] | undefined;
const makeShapes = (): readonly Shape[] => [
  /\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)[\s+]+(?![a-z]+(?![\w~+/=-]))(?<hidden>[\w~+/.=-]{6,})/g,
  // Searches backwards from the dot. Searching forwards from each "eyJ" would take quadratic time.
  /\.(?<=\b(?<before>eyJ[\w-]{4,})\.)[\w-]+(?:\.[\w-]*)?/g,
  /\b(?:access_token|refresh_token|id_token|client_secret|code_verifier|vcc[-_]api[-_]key|authorization)["']?\s*[=:]\s*(?:"(?<hidden>(?:[^"\\]|\\[^])+)|["']?(?<hiddenWord>[^\s"'&,;}\\]+))/gi,
  /["']token["']\s*:\s*["'](?<hidden>[^\s"'\\]+)/g,
  /\b(?:code|state|token)=(?!(?:[a-z]+|[A-Z][A-Z_]*|\d{1,5})(?![\w%~+/.=-]))(?<hidden>[^\s"'&,;}\\]+)/g,
  // The maximum lengths of an address (RFC 5321, 4.5.3.1).
  /@(?<=(?<before>[\p{L}\p{N}._%+-]{1,64})@)[\p{L}\p{N}.-]{1,255}\.\p{L}{2,}/gu,
  /(?<![A-Z0-9])[0-9a-f]{32,}(?![A-Z0-9])/gi,
];

/** VINs keep their last four characters, the only part that the product shows by default. */
const vinShape = /(?<![A-Z0-9])(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])/gi;
const vinTailLength = 4;

/** Enough for JSON in JSON in a URL, plus one level. */
const deepestEncoding = 4;

/**
 * The limit is needed because access tokens change every few minutes. Each read of the credentials learns the current
 * secrets again, so these are never dropped.
 */
const mostSecrets = 50;

/** A part of the text, as offsets in the original text, and its replacement `by`. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** Receives a part of the searched text that must be masked: start, length and replacement. */
type Report = (from: number, length: number, by: string) => void;

/** Finds secrets and VINs by their value instead of by a pattern. */
export interface KnownSpans {
  /** If true, VINs lose their last four characters as well. */
  readonly hidesVinTails: boolean;
  find(text: string, report: Report): void;
}

const nothingKnown: KnownSpans = { hidesVinTails: false, find: () => undefined };

/**
 * `text` with secrets and personal data masked, by pattern (bearer tokens, JWTs, keys, e-mail addresses, VINs, OAuth
 * parameters) and by the values that `known` finds. Searches the text itself and the text with each level of encoding
 * removed: JSON escapes, percent-encoding, HTML entities. Takes time linear in the length of the text.
 */
export function maskText(text: string, known = nothingKnown): string {
  const spans: Span[] = [];
  let at: Uint32Array | undefined;
  for (let plain = text, depth = 0; ; depth++) {
    spansIn(plain, known, (from, length, by) => {
      const to = from + length;
      spans.push({ from: at?.[from] ?? from, to: at?.[to] ?? to, by });
    });
    const decoded = depth < deepestEncoding ? decode(plain) : undefined;
    if (!decoded) return masked(text, spans);
    for (let unit = 0; at && unit < decoded.at.length; unit++) decoded.at[unit] = at[decoded.at[unit] ?? 0] ?? 0;
    at = decoded.at;
    plain = decoded.text;
  }
}

function spansIn(text: string, known: KnownSpans, report: Report): void {
  known.find(text, report);
  for (const match of text.matchAll(vinShape)) reportVin(match.index, match[0].length, known, report);
  shapes ??= makeShapes();
  for (const shape of shapes) {
    for (const { 0: whole, index, groups } of text.matchAll(shape)) {
      const before = groups?.["before"] ?? "";
      const hidden = groups?.["hidden"] ?? groups?.["hiddenWord"] ?? whole;
      const end = index + whole.length;
      report(end - hidden.length - before.length, hidden.length + before.length, mask);
    }
  }
}

function reportVin(from: number, length: number, { hidesVinTails }: KnownSpans, report: Report): void {
  report(from, hidesVinTails ? length : length - vinTailLength, "…");
}

/**
 * The single redactor for all text that leaves the process after start-up. It masks patterns as {@link maskText} does,
 * and also the values of the most recently learned secrets and of the configured VINs.
 */
export class Redactor implements KnownSpans {
  /** Each secret with its forms in decoded text, least recently learned first. */
  private readonly secrets = new Map<string, readonly string[]>();
  private vins: readonly string[] = [];
  private known: { readonly secrets: KnownValues; readonly vins: KnownValues } | undefined;
  hidesVinTails = false;

  /**
   * Masks this value from now on, as long as it is among the 50 most recently learned ones. Ignores values under four
   * characters, because masking them would garble plain words.
   */
  learn(secret: string): void {
    if (secret.length < 4) return;
    const forms = this.secrets.get(secret);
    this.secrets.delete(secret);
    this.secrets.set(secret, forms ?? formsOf(secret));
    if (forms) return;
    for (const oldest of this.secrets.keys()) {
      if (this.secrets.size <= mostSecrets) break;
      this.secrets.delete(oldest);
    }
    this.known = undefined;
  }

  /** Masks these VINs from now on, even inside longer words. Replaces the VINs of the previous call. */
  learnVins(vins: readonly string[]): void {
    this.vins = vins.flatMap((vin) => [vin.toUpperCase(), vin.toLowerCase()]);
    this.known = undefined;
  }

  /** True if `redact` would change `text`. */
  finds(text: string): boolean {
    return this.redact(text) !== text;
  }

  redact(text: string): string {
    return maskText(text, this);
  }

  find(text: string, report: Report): void {
    this.known ??= {
      secrets: new KnownValues(new Set([...this.secrets.values()].flat())),
      vins: new KnownValues(this.vins),
    };
    this.known.secrets.find(text, (from, length) => report(from, length, mask));
    this.known.vins.find(text, (from, length) => reportVin(from, length, this, report));
  }
}

/** `text` with each span replaced; overlapping spans are replaced as one. */
function masked(text: string, spans: Span[]): string {
  const [first, ...others] = spans.sort((a, b) => a.from - b.from);
  if (!first) return text;
  let result = "";
  let end = 0;
  let joined = first;
  for (const next of others) {
    if (next.from < joined.to || next.from === joined.from) {
      const by = joined.by === mask ? mask : next.by;
      joined = { from: joined.from, to: Math.max(joined.to, next.to), by };
      continue;
    }
    result += text.slice(end, joined.from) + joined.by;
    end = joined.to;
    joined = next;
  }
  return result + text.slice(end, joined.from) + joined.by + text.slice(joined.to);
}

/** The forms that a secret can have in decoded text: unchanged, decoded, form-encoded, and in base64. */
function formsOf(secret: string): readonly string[] {
  // A lone surrogate cannot be encoded in UTF-8.
  const forms = [secret, secret.replace(/[\ud800-\udfff]/gu, "\ufffd")];
  for (let inner = decode(secret); inner && forms.length < deepestEncoding + 2; inner = decode(inner.text)) {
    forms.push(inner.text);
  }
  forms.push(...forms.map((form) => form.replaceAll(" ", "+")));
  const inForm = new URLSearchParams({ "": secret }).toString().slice(1);
  for (const text of [secret, inForm]) forms.push(...base64Of(text));
  return [...new Set(forms)].filter((form) => form.length >= 4);
}

/**
 * The base64 characters that encode this text alone, without the characters that also encode neighboring text. They
 * occur in the base64 of every text that contains this one, such as a client id followed by its secret (RFC 6749,
 * 2.3.1). One entry for each alignment and alphabet.
 */
function base64Of(text: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const own = bytes.toString("base64").slice(before && before + 1, Math.floor((bytes.length * 4) / 3));
    return own.length < 6 ? [] : [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
