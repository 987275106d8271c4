import fs from "node:fs/promises";

/** The environment variables for the configuration, as JSON, and for the result file. */
export const exchangeFile = { config: "BENCH_CONFIG", result: "BENCH_RESULT" } as const;

/** Runs `measure` in the extension host with the config of `measureInHost`, and returns its result to it. */
export async function exchange(measure: (config: unknown) => Promise<unknown>): Promise<void> {
  const config: unknown = JSON.parse(process.env[exchangeFile.config] ?? "");
  await fs.writeFile(process.env[exchangeFile.result] ?? "", JSON.stringify(await measure(config)));
}
