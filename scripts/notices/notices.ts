import fs from "node:fs";
import path from "node:path";

/**
 * The reviewed libraries, which may ship: the purpose of each, and the license holder if the package has no license
 * text. A test fails if the bundle contains any other library.
 */
const reviewed: Readonly<Record<string, { readonly use: string; readonly mitHolder?: string }>> = {
  "@vscode/l10n": { use: "texts in the editor's language", mitHolder: "Microsoft Corporation" },
  oauth4webapi: { use: "requests and checks of OAuth 2.0 with PKCE" },
  valibot: { use: "checks of what is read from Volvo, from secrets and from state files" },
};

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly source: string;
  readonly text: string;
}

/** The packages in the bundles, from esbuild's metafile. */
export function shippedNames(metafile: { readonly inputs: Readonly<Record<string, unknown>> }): readonly string[] {
  const names = Object.keys(metafile.inputs).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/**
 * Reads a package in node_modules. Throws if it is not reviewed, not pinned in `dependencies`, or its license is not
 * MIT. A release's bill of materials lists `dependencies`, so all shipped packages must be there.
 */
export function shippedPackage(root: string, name: string): ShippedPackage {
  const review = reviewed[name];
  if (!review) throw new Error(`${name} ships, but is not a reviewed package (scripts/notices)`);
  const own = readJson(path.join(root, "package.json"));
  const folder = path.join(root, "node_modules", name);
  const { version, license, repository } = readJson(path.join(folder, "package.json"));
  if (version === undefined || own.dependencies?.[name] !== version)
    throw new Error(`${name} is not pinned to ${String(version)} in dependencies`);
  if (license !== "MIT") throw new Error(`${name} has another license than reviewed: ${String(license)}`);
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry));
  const text = file ? fs.readFileSync(path.join(folder, file), "utf8") : mit(name, review.mitHolder);
  const source = (typeof repository === "string" ? repository : (repository?.url ?? ""))
    .replace(/^git\+/, "")
    .replace(/^(?:github:)?([\w.-]+\/[\w.-]+)$/, "https://github.com/$1")
    .replace(/\.git$/, "");
  return { name, version, license, source, text: text.replaceAll("\r\n", "\n").trim() };
}

/** The content of ThirdPartyNotices.txt. */
export function notices(packages: readonly ShippedPackage[]): string {
  const line = "-".repeat(80);
  return [
    "Third-party notices",
    "",
    "Volvo Charging Status contains code of these packages:",
    "",
    ...packages.map(({ name, version, license }) => `- ${name} ${version} (${license}): ${reviewed[name]?.use ?? ""}`),
    ...packages.flatMap(({ name, version, source, text }) => ["", line, `${name} ${version}`, source, line, "", text]),
    "",
  ].join("\n");
}

interface Manifest {
  readonly version?: string;
  readonly license?: string;
  readonly repository?: string | { readonly url?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readJson(file: string): Manifest {
  return JSON.parse(fs.readFileSync(file, "utf8")) as Manifest;
}

function mit(name: string, holder: string | undefined): string {
  if (holder === undefined) throw new Error(`${name} has no license text`);
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;
}
