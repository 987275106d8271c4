import fs from "node:fs";
import path from "node:path";
import { notices, shippedNames, shippedPackage } from "./notices/notices";

// `npm run notices`: regenerates ThirdPartyNotices.txt from the contents of the production bundle.

const root = process.cwd();
const metafile = JSON.parse(fs.readFileSync(path.join(root, "dist", "meta.json"), "utf8")) as {
  readonly inputs: Readonly<Record<string, unknown>>;
};
const packages = shippedNames(metafile).map((name) => shippedPackage(root, name));
fs.writeFileSync(path.join(root, "ThirdPartyNotices.txt"), notices(packages));
console.log(packages.map(({ name, version }) => `${name} ${version}`).join(", "));
