import { marked } from "marked";

/** A document as the Marketplace shows it. */
export interface MarketplacePage {
  /** The targets of its links. */
  readonly links: readonly string[];
  readonly pictures: readonly { readonly address: string; readonly words: string }[];
  /** The possible targets of `#…` links: one per heading. */
  readonly anchors: readonly string[];
  /** The removed parts: scripts, frames, forms, handlers, and addresses that are not https. */
  readonly removed: readonly string[];
}

/** The tags Markdown itself produces. The Marketplace keeps some other HTML, but does not document which. */
const keptTags = new Set(
  ["h1 h2 h3 h4 h5 h6 p a img br hr em strong del code pre blockquote ul ol li", "table thead tbody tr th td"]
    .join(" ")
    .split(" "),
);
const keptAttributes = new Set(["href", "src", "alt", "title", "align", "class", "start"]);

/** Renders a document as the Marketplace does. `text` is the packed document, in which vsce has made all targets absolute. */
export function marketplacePage(text: string): MarketplacePage {
  const html = marked.parse(text, { async: false });
  const links: string[] = [];
  const pictures: { address: string; words: string }[] = [];
  const removed: string[] = [];
  for (const [whole, name = "", rest = ""] of html.matchAll(/<([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/g)) {
    const attributes = attributesOf(rest);
    const isKept = keptTags.has(name) && [...attributes.keys()].every((each) => keptAttributes.has(each));
    const address = attributes.get(name === "img" ? "src" : "href");
    if (!isKept || (address !== undefined && !isShown(name, address))) removed.push(whole);
    else if (name === "img") pictures.push({ address: address ?? "", words: attributes.get("alt") ?? "" });
    else if (name === "a") links.push(address ?? "");
  }
  return { links, pictures, anchors: anchorsOf(html), removed };
}

/** Only https is allowed; an SVG could contain a script. */
function isShown(tag: string, address: string): boolean {
  if (tag === "a" && address.startsWith("#")) return true;
  if (!address.startsWith("https://") || !URL.canParse(address)) return false;
  return tag !== "img" || !new URL(address).pathname.toLowerCase().endsWith(".svg");
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const all = text.matchAll(/([^\s"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g);
  return new Map(
    Array.from(all, ([, name = "", ...values]) => [name.toLowerCase(), plain(values.find((value) => value) ?? "")]),
  );
}

/** Anchors as GitHub and the Marketplace build them; a repeated one gets a number. */
function anchorsOf(html: string): readonly string[] {
  const seen = new Map<string, number>();
  return Array.from(html.matchAll(/<h[1-6]>(.*?)<\/h[1-6]>/gs), ([, heading = ""]) => {
    const words = plain(heading.replace(/<[^>]*>/g, "")).toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${String(count)}`;
  });
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };

function plain(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}
