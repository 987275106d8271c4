import { marked, type Token } from "marked";

/** Where vsce makes relative links of README.md and CHANGELOG.md point to. */
export const repository = "https://github.com/chargeglance/volvo-charging-status";
const filesAt = `${repository}/blob/HEAD/`;
const picturesAt = `${repository}/raw/HEAD/`;

/** The text of a file of the repository, or undefined where there is none. */
export type ReadFile = (file: string) => string | undefined;

/**
 * What of a document would not resolve as the Marketplace shows it: there is no folder beside it, no SVG is shown
 * (vsce refuses it too), and HTML is taken out. `text` as it is packed: vsce makes relative targets absolute.
 */
export function documentFaults(text: string, readFile: ReadFile): readonly string[] {
  return tokensOf(text).flatMap((token) => {
    if (token.type === "html") return [`HTML: ${token.raw.trim()}`];
    if (token.type === "image") return pictureFaults(token["href"] as string, token["text"] as string, readFile);
    return token.type === "link" ? linkFaults(token["href"] as string, text, readFile) : [];
  });
}

function pictureFaults(target: string, alternative: string, readFile: ReadFile): readonly string[] {
  const file = target.startsWith(picturesAt) ? target.slice(picturesAt.length) : undefined;
  const isThere = file !== undefined && readFile(file) !== undefined;
  return [
    ...(isThere ? [] : [`no such picture: ${target}`]),
    ...(/\.(?:png|gif|jpe?g)$/.test(target) ? [] : [`not shown by the Marketplace: ${target}`]),
    ...(alternative.trim() === "" ? [`no words for who does not see it: ${target}`] : []),
  ];
}

function linkFaults(target: string, text: string, readFile: ReadFile): readonly string[] {
  if (target.startsWith("#")) return anchorFaults(target, text, target.slice(1));
  if (!target.startsWith("https://") || !URL.canParse(target)) return [`no address: ${target}`];
  if (!target.startsWith(repository)) return [];
  if (!target.startsWith(filesAt))
    return /^\/(?:issues|releases|compare)\b|^$/.test(target.slice(repository.length))
      ? []
      : [`no such page: ${target}`];
  const [file = "", anchor] = target.slice(filesAt.length).split("#");
  const linked = readFile(file);
  if (linked === undefined) return [`no such file: ${target}`];
  return anchor === undefined ? [] : anchorFaults(target, linked, anchor);
}

function anchorFaults(target: string, text: string, anchor: string): readonly string[] {
  return anchorsOf(text).includes(anchor) ? [] : [`no such heading: ${target}`];
}

/** The anchors of the headings, as GitHub and the Marketplace make them; a repeated one gets a number. */
function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return tokensOf(text).flatMap((token) => {
    if (token.type !== "heading") return [];
    const words = (token["text"] as string).replace(/[`*_]|\]\([^)]*\)|\[/g, "").toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return [count === 0 ? anchor : `${anchor}-${String(count)}`];
  });
}

function tokensOf(text: string): readonly Token[] {
  const found: Token[] = [];
  void marked.walkTokens(marked.lexer(text), (token) => void found.push(token));
  return found;
}
