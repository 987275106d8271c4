import { createHmac, randomBytes } from "node:crypto";
import type { Vin } from "../charging/vin";
import type { HistoryFolder } from "./historyFolder";

/** The file with the salt of the ids, in the history folder. */
export const idSaltFile = "salt";

const saltShape = /^[0-9a-f]{64}$/;
const idShape = /^[0-9a-f]{16}$/;

/** True if `name` is the name of a car's folder in the history folder. */
export function isCarId(name: string): boolean {
  return idShape.test(name);
}

/** The id of a car, 16 hex digits: names its folder and identifies it to other programs. It reveals nothing of the VIN. */
export function carIdOf(salt: string, vin: Vin): string {
  return createHmac("sha256", salt).update(vin).digest("hex").slice(0, 16);
}

/** The ids of cars on this computer. They stay the same as long as there is history, because they name its folders. */
export class CarIds {
  private salt: string | undefined;

  constructor(private readonly folder: Pick<HistoryFolder, "read" | "create" | "files" | "remove">) {}

  /** True once {@link load} or {@link ensure} has read the salt. */
  get areKnown(): boolean {
    return this.salt !== undefined;
  }

  /** `undefined` until {@link load} or {@link ensure} has read the salt. */
  idOf(vin: Vin): string | undefined {
    return this.salt === undefined ? undefined : carIdOf(this.salt, vin);
  }

  /** Reads the salt. `false` if it is missing or damaged. Rejects if the folder cannot be read. */
  async load(): Promise<boolean> {
    if (this.salt !== undefined) return true;
    const text = await this.folder.read(idSaltFile);
    if (text === undefined || !saltShape.test(text)) return false;
    this.salt = text;
    return true;
  }

  /**
   * Creates the salt if there is none. In a turn only. `false` if the salt is lost or damaged although there is history: a
   * new salt would give the same cars other folders. Rejects if the folder cannot be used.
   */
  async ensure(): Promise<boolean> {
    if (await this.load()) return true;
    if (hasHistory(await this.folder.files())) return false;
    // Without history a damaged salt is not needed.
    await this.folder.remove(idSaltFile);
    await this.folder.create(idSaltFile, randomBytes(32).toString("hex"));
    return this.load();
  }

  forget(): void {
    this.salt = undefined;
  }
}

function hasHistory(files: readonly { readonly path: string }[]): boolean {
  return files.some(({ path }) => path.includes("/") && isCarId(path.split("/")[0] ?? ""));
}
