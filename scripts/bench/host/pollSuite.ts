import fs from "node:fs/promises";
import { Bench, type PollConfig } from "./pollBench";
import { pollFile } from "./pollFile";

/** Runs inside the extension host, where its `fetch` is. */
export async function run(): Promise<void> {
  const config = JSON.parse(process.env[pollFile.config] ?? "") as PollConfig;
  const bench = await Bench.start(config);
  try {
    await fs.writeFile(process.env[pollFile.results] ?? "", JSON.stringify(await bench.measure()));
  } finally {
    await bench.close();
  }
}
