import { escaped } from "./markup";

/** The parts of the page's document that depend on its web view. */
export interface DocumentParts {
  /** The tag of the display language. */
  readonly language: string;
  readonly title: string;
  /** Addresses of page.js and page.css. */
  readonly script: string;
  readonly style: string;
  /** The origin from which the web view loads files. */
  readonly source: string;
  /** Unguessable, and new for each document. */
  readonly nonce: string;
}

/** The HTML document of the page. It can load only its own script and style, and cannot use the network. */
export function pageDocument({ language, title, script, style, source, nonce }: DocumentParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}`;
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(style)}">
</head>
<body>
<script nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
</body>
</html>`;
}
