/** The environment variables that carry the configuration, as JSON, and the file in which the results are left. */
export const pollFile = { config: "BENCH_POLL_CONFIG", results: "BENCH_POLL_RESULTS" } as const;
