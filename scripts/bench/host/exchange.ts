import fs from "node:fs/promises";

/** The environment variables that carry the configuration, as JSON, and the file in which the result is left. */
export const exchangeFile = { config: "BENCH_CONFIG", result: "BENCH_RESULT" } as const;

/** Measures inside the extension host with the config of `measureInHost`, to which the result is handed back. */
export async function exchange(measure: (config: unknown) => Promise<unknown>): Promise<void> {
  const config: unknown = JSON.parse(process.env[exchangeFile.config] ?? "");
  await fs.writeFile(process.env[exchangeFile.result] ?? "", JSON.stringify(await measure(config)));
}
