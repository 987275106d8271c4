// `npm run release:tag -- v1.2.3`: exits with an error if the tag must not be released. In a workflow it also outputs
// the version and whether it is a pre-release. Node runs this file directly, so the first job of a release needs no
// packages.
import fs from "node:fs";
import { createRequire } from "node:module";
import type * as Version from "./version";

// Node needs the file extension, which TypeScript and the compiled tests do not accept.
const { isPreRelease, tagFault } = createRequire(`${process.cwd()}/package.json`)(
  "./scripts/release/version.ts",
) as typeof Version;

const { version } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { readonly version: string };
const fault = tagFault(process.argv[2] ?? "", version, fs.readFileSync("CHANGELOG.md", "utf8"));
if (fault !== undefined) {
  console.error(fault);
  process.exit(1);
}
const output = process.env["GITHUB_OUTPUT"];
if (output !== undefined)
  fs.appendFileSync(output, `version=${version}\npre-release=${String(isPreRelease(version))}\n`);
console.log(`${version} is a ${isPreRelease(version) ? "pre-release" : "release"}.`);
