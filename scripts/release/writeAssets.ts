// `npm run release:assets`: packs the extension and writes the released files to out/release.
import { releaseFolder, writeAssets } from "./assets";

for (const file of writeAssets(process.cwd()).keys()) console.log(`${releaseFolder}/${file}`);
