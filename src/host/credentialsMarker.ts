import type { StoredMark } from "../auth/credentialStore";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";

/** Exists if credentials are stored. */
export const storedMarkFile = "credentials-stored";

/** The mark as an empty file. If it cannot be written, the product only lacks the message about lost credentials. */
export function createStoredMark(folder: Pick<StateFolder, "create" | "remove" | "version">, log: Logger): StoredMark {
  return {
    isSet: () =>
      folder.version(storedMarkFile).then(
        (version) => version !== undefined,
        () => false,
      ),
    async set(stored) {
      try {
        if (stored) await folder.create(storedMarkFile, "");
        else await folder.remove(storedMarkFile);
      } catch (error) {
        log.warn(`The marker file for stored credentials could not be written: ${errorText(error)}`);
      }
    },
  };
}
