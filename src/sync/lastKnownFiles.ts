/** What is known of all cars, for the windows that do not poll and for the next one that opens. */
export const snapshotFile = "snapshot.json";

/** What the names of cars in files are made with. */
export const saltFile = "salt";

/** What is needed to show what was last known, in the folder of all windows. */
export const lastKnownFiles: readonly string[] = [snapshotFile, saltFile];
