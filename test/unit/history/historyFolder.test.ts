import assert from "node:assert/strict";
import { type HistoryFolder, memoryFolder } from "../../../src/history/historyFolder";
import { MemoryDisk } from "../../support/disk/memoryFolder";

const options = { head: "head", limit: 20 };

const kinds: Readonly<Record<string, () => HistoryFolder>> = {
  "a window that shares nothing": () => memoryFolder(),
  "windows on a disk": () => new MemoryDisk().open("history"),
};

for (const [name, open] of Object.entries(kinds)) {
  describe(`The folder of the history of ${name}`, () => {
    let folder: HistoryFolder;
    let car: HistoryFolder;

    const paths = async (of: HistoryFolder) => (await of.files()).map(({ path, bytes }) => `${path} ${bytes}`).sort();

    beforeEach(() => {
      folder = open();
      car = folder.folder("car");
    });

    it("is empty at first, and has no files", async () => {
      assert.deepEqual(
        [await folder.files(), await folder.read("salt"), await car.read("salt")],
        [[], undefined, undefined],
      );
    });

    it("creates a file once", async () => {
      assert.equal(await folder.create("salt", "first"), true);
      assert.equal(await folder.create("salt", "second"), false);
      assert.equal(await folder.read("salt"), "first");
    });

    it("starts a file with its header, and adds lines up to the limit", async () => {
      assert.equal(await car.append("month", "one", options), true);
      assert.equal(await car.append("month", "two", options), true);
      assert.equal(await car.read("month"), "head\none\ntwo\n");
      assert.equal(await car.append("month", "sevente", options), false, "one character too many");
      assert.equal(await car.append("month", "sevente", { ...options, limit: 21 }), true);
      assert.equal(await car.read("month"), "head\none\ntwo\nsevente\n");
    });

    it("lists all files with their sizes, and those of a car by their names", async () => {
      await folder.create("salt", "123");
      await car.append("month", "one", options);
      await folder.folder("other").append("month", "one", options);
      assert.deepEqual(await paths(folder), ["car/month 9", "other/month 9", "salt 3"]);
      assert.deepEqual(await paths(car), ["month 9"]);
    });

    it("removes a file, all of one car, or everything", async () => {
      await folder.create("salt", "123");
      for (const each of ["car", "other"]) {
        await folder.folder(each).append("month", "one", options);
        await folder.folder(each).append("next", "one", options);
      }
      await car.remove("next");
      assert.deepEqual(await paths(car), ["month 9"]);
      await car.clear();
      assert.deepEqual(await paths(folder), ["other/month 9", "other/next 9", "salt 3"]);
      await folder.clear();
      assert.deepEqual(await paths(folder), []);
    });
  });
}
