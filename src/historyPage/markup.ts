/** Text for HTML and SVG, between tags or within double quotes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element with `content`, which is markup. Numbers are rounded to tenths. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const parts = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(value)}"`);
  const start = `<${name}${parts.join("")}`;
  return content === "" && !withEndTag.has(name) ? `${start}/>` : `${start}>${content}</${name}>`;
}

/** HTML elements that need an end tag: without it they would contain all following elements. */
const withEndTag = new Set(["ul", "li", "td", "th", "p", "span", "tr", "text"]);

function attributeText(value: string | number): string {
  return typeof value === "number" ? tenths(value) : escaped(value);
}

/** A coordinate, rounded to tenths of a pixel. */
export function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}
