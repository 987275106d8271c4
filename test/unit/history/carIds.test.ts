import assert from "node:assert/strict";
import { CarIds, idSaltFile, isCarId } from "../../../src/history/carIds";
import { type HistoryFolder, memoryFolder } from "../../../src/history/historyFolder";
import { vinNumber } from "../../support/builders/builders";

const vin = vinNumber(1);
const salt = "0123456789abcdef".repeat(4);
const month = { head: "head", limit: 1000 };

describe("The ids of cars", () => {
  let files: Map<string, string>;
  let folder: HistoryFolder;
  let reads: number;
  let ids: CarIds;

  beforeEach(() => {
    files = new Map();
    folder = memoryFolder(files);
    reads = 0;
    const counted = { ...folder, read: (name: string) => (reads++, folder.read(name)) };
    ids = new CarIds(counted);
  });

  it("are known once there is a salt, and differ between two cars", async () => {
    assert.deepEqual([await ids.load(), ids.idOf(vin)], [false, undefined]);
    files.set(idSaltFile, salt);
    assert.equal(await ids.load(), true);
    assert.ok(isCarId(ids.idOf(vin) ?? ""));
    assert.notEqual(ids.idOf(vin), ids.idOf(vinNumber(2)));
    reads = 0;
    assert.deepEqual([await ids.load(), await ids.ensure(), reads], [true, true, 0], "read once");
    assert.equal(files.get(idSaltFile), salt);
  });

  it("need a salt of exactly 64 hex digits", async () => {
    for (const damaged of ["", salt.slice(1), `${salt}0`, `x${salt}`, salt.toUpperCase()]) {
      files.set(idSaltFile, damaged);
      assert.deepEqual([await ids.load(), ids.idOf(vin)], [false, undefined]);
    }
  });

  it("get a new salt if there is no history, even in place of a damaged one", async () => {
    files.set(idSaltFile, "damaged");
    files.set("0123456789abcdef", "a file");
    files.set("other/2026-11.jsonl", "of another kind");
    assert.equal(await ids.ensure(), true);
    assert.match(files.get(idSaltFile) ?? "", /^[0-9a-f]{64}$/);
  });

  it("never get a new salt while there is history of a car", async () => {
    files.set(idSaltFile, "damaged");
    await folder.folder("0123456789abcdef").append("2026-11.jsonl", "{}", month);
    assert.equal(await ids.ensure(), false);
    assert.equal(files.get(idSaltFile), "damaged");
  });

  it("change once the salt is deleted", async () => {
    await ids.ensure();
    const before = ids.idOf(vin);
    files.clear();
    ids.forget();
    assert.equal(ids.idOf(vin), undefined);
    await ids.ensure();
    assert.notEqual(ids.idOf(vin), before);
    assert.equal(ids.idOf(vin)?.length, 16);
  });

  it("have 16 hex digits", () => {
    assert.ok(isCarId("0123456789abcdef"));
    for (const name of ["", "0123456789abcde", "0123456789abcdef0", "x0123456789abcdef", "0123456789ABCDEF", "salt"])
      assert.ok(!isCarId(name), name);
  });
});
