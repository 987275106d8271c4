import path from "node:path";

/** The project's root folder: this file runs from `out/scripts/headless/`. */
export const projectRoot = path.resolve(__dirname, "../../..");

/** The committed lock files of the headless parts. */
export const lockFilesRoot = path.join(projectRoot, "scripts", "headless");

/** The installed headless parts (git-ignored). */
export const installRoot = path.join(projectRoot, ".headless");
