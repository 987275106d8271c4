import path from "node:path";

/** The project's root folder: this file runs from `out/scripts/headless/`. */
export const projectRoot = path.resolve(__dirname, "../../..");

/** Where the lock files of the headless parts are committed. */
export const lockFilesRoot = path.join(projectRoot, "scripts", "headless");

/** Where those parts get installed (git-ignored). */
export const installRoot = path.join(projectRoot, ".headless");
