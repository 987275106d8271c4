import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { StoredMark } from "../auth/credentialStore";
import { errorText, type Logger } from "../base/log";

/** The mark as an empty file. A folder that cannot be written costs the message about lost credentials, nothing more. */
export function createStoredMark(file: string, log: Logger): StoredMark {
  return {
    isSet: () =>
      stat(file).then(
        () => true,
        () => false,
      ),
    async set(stored) {
      try {
        if (!stored) {
          await rm(file, { force: true });
          return;
        }
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, "", { mode: 0o600 });
      } catch (error) {
        log.warn(`The note that credentials are stored could not be written: ${errorText(error)}`);
      }
    },
  };
}
