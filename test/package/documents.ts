import { type MarketplacePage, marketplacePage } from "./marketplacePage";
import { pngSize } from "./png";

/** The base to which vsce resolves relative links of README.md and CHANGELOG.md. */
export const repository = "https://github.com/chargeglance/volvo-charging-status";
const filesAt = `${repository}/blob/HEAD/`;
const picturesAt = `${repository}/raw/HEAD/`;

/** A file of the repository, or undefined if it does not exist. */
export type ReadFile = (file: string) => Buffer | undefined;

/**
 * Lists broken links, missing pictures and missing alternative text of a document as the Marketplace shows it, which has
 * no other files of the repository. `text` is the packed document.
 */
export function documentFaults(text: string, readFile: ReadFile): readonly string[] {
  const page = marketplacePage(text);
  return [
    ...page.removed.map((html) => `taken out: ${html}`),
    ...page.pictures.flatMap(({ address, words }) => pictureFaults(address, words, readFile)),
    ...page.links.flatMap((address) => linkFaults(address, page, readFile)),
  ];
}

function pictureFaults(address: string, words: string, readFile: ReadFile): readonly string[] {
  const picture = address.startsWith(picturesAt) ? readFile(address.slice(picturesAt.length)) : undefined;
  const size = picture && pngSize(picture);
  return [
    ...(picture ? [] : [`no such picture: ${address}`]),
    ...(picture && !(size && size.width > 0 && size.height > 0) ? [`no PNG: ${address}`] : []),
    ...(words.trim() === "" ? [`no alternative text: ${address}`] : []),
  ];
}

function linkFaults(address: string, page: MarketplacePage, readFile: ReadFile): readonly string[] {
  if (address.startsWith("#")) return anchorFaults(address, page, address.slice(1));
  if (!address.startsWith(repository)) return [];
  if (!address.startsWith(filesAt))
    return /^\/(?:issues|releases|compare)\b|^$/.test(address.slice(repository.length))
      ? []
      : [`no such page: ${address}`];
  const [file = "", anchor] = address.slice(filesAt.length).split("#");
  const linked = readFile(file);
  if (linked === undefined) return [`no such file: ${address}`];
  return anchor === undefined ? [] : anchorFaults(address, marketplacePage(linked.toString()), anchor);
}

function anchorFaults(address: string, { anchors }: MarketplacePage, anchor: string): readonly string[] {
  return anchors.includes(decodeURIComponent(anchor)) ? [] : [`no such heading: ${address}`];
}
