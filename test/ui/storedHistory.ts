import fs from "node:fs/promises";
import path from "node:path";
import type { Vin } from "../../src/charging/vin";
import { extensionId } from "../../src/contributions";
import { carIdOf, idSaltFile } from "../../src/history/carIds";
import type { Row } from "../../src/history/model";
import { headLine, monthFile, monthOf } from "../../src/history/rows";
import type { UiSession } from "./session";

/** Writes a recorded history of each car to disk. `head` is the first line of each file. */
export async function putHistory(
  session: Pick<UiSession, "server">,
  histories: Readonly<Record<string, readonly Row[]>>,
  head: string = headLine,
): Promise<void> {
  const storage = path.join(session.server.folders.serverDataDir, "data", "User", "globalStorage");
  const folder = path.join(storage, extensionId.toLowerCase(), "history");
  const salt = "5a".repeat(32);
  for (const [car, rows] of Object.entries(histories)) {
    const own = path.join(folder, carIdOf(salt, car as Vin));
    await fs.mkdir(own, { recursive: true });
    for (const month of new Set(rows.map(({ t }) => monthOf(t)))) {
      const lines = [head, ...rows.filter(({ t }) => monthOf(t) === month).map((row) => JSON.stringify(row))];
      await fs.writeFile(path.join(own, monthFile(month)), `${lines.join("\n")}\n`);
    }
  }
  await fs.writeFile(path.join(folder, idSaltFile), salt);
}
