import type { StoredMark } from "../auth/credentialStore";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";

const fileName = "credentials-stored";

/** The mark as an empty file. If the folder cannot be written, only the message about lost credentials is missing. */
export function createStoredMark(folder: Pick<StateFolder, "create" | "remove" | "version">, log: Logger): StoredMark {
  return {
    isSet: () =>
      folder.version(fileName).then(
        (version) => version !== undefined,
        () => false,
      ),
    async set(stored) {
      try {
        if (stored) await folder.create(fileName, "");
        else await folder.remove(fileName);
      } catch (error) {
        log.warn(`The marker file for stored credentials could not be written: ${errorText(error)}`);
      }
    },
  };
}
