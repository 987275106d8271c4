import type { StoredMark } from "../auth/credentialStore";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";

const fileName = "credentials-stored";

/** The mark as an empty file. A folder that cannot be written costs the message about lost credentials, nothing more. */
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
        log.warn(`The note that credentials are stored could not be written: ${errorText(error)}`);
      }
    },
  };
}
