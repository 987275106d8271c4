import assert from "node:assert/strict";
import type { StateFolder } from "../../../src/base/folder";
import { CarKeys, keysOf, saltFile } from "../../../src/windows/carKeys";
import { vinNumber } from "../../support/builders/builders";
import { MemoryDisk, systemError } from "../../support/disk/memoryFolder";

const [vin, other] = [vinNumber(1), vinNumber(2)];

describe("The keys of cars", () => {
  let disk: MemoryDisk;
  let folder: StateFolder;
  const salt = () => disk.contents.get(`storage/${saltFile}`);

  beforeEach(() => {
    disk = new MemoryDisk();
    folder = disk.open("storage");
  });

  it("are the same in all windows, differ between cars, and reveal nothing of the VIN", async () => {
    const [first, second] = [await new CarKeys(folder).current(), await new CarKeys(folder).current()];
    assert.equal(first.id, second.id);
    assert.equal(first.keyOf(vin), second.keyOf(vin));
    assert.notEqual(first.keyOf(vin), first.keyOf(other));
    assert.match(first.keyOf(vin), /^[0-9a-f]{24}$/);
    for (let length = 4; length <= vin.length; length++) {
      assert.ok(![first.id, first.keyOf(vin), salt()].some((text) => text?.includes(vin.slice(-length))));
    }
  });

  it("differ between computers for the same car", async () => {
    const here = await new CarKeys(folder).current();
    const there = await new CarKeys(new MemoryDisk().open("storage")).current();
    assert.notEqual(here.id, there.id);
    assert.notEqual(here.keyOf(vin), there.keyOf(vin));
  });

  it("are created by a writer, and not by a reader", async () => {
    assert.equal(await new CarKeys(folder).withId("01234567"), undefined);
    assert.equal(salt(), undefined);
    await new CarKeys(folder).current();
    assert.match(salt() ?? "", /^[0-9a-f]{32}$/);
  });

  it("are found by the id in a state, even if another window has created their salt later", async () => {
    const [own, others] = [new CarKeys(folder), new CarKeys(folder)];
    const before = await own.current();
    assert.equal((await others.withId(before.id))?.keyOf(vin), before.keyOf(vin));
    await others.forget();
    const after = await others.current();
    assert.notEqual(after.id, before.id);
    assert.equal((await own.withId(after.id))?.keyOf(vin), after.keyOf(vin));
    assert.equal(await own.withId(before.id), undefined, "those of a salt that is gone are not taken for these");
  });

  it("are read from the folder only once", async () => {
    const keys = new CarKeys(folder);
    const { id } = await keys.current();
    let reads = 0;
    const counted = new CarKeys({ ...folder, read: (name) => (reads++, folder.read(name)) });
    for (let times = 0; times < 3; times++) assert.ok(await counted.withId(id));
    await counted.current();
    assert.equal(reads, 1);
  });

  it("never use a salt that another window has deleted", async () => {
    const [own, others] = [new CarKeys(folder), new CarKeys(folder)];
    const before = await own.current();
    await others.forget();
    assert.equal(salt(), undefined);
    assert.equal(await own.withId(""), undefined, "a later state names no salt");
    const after = await own.current();
    assert.notEqual(after.id, before.id);
    assert.equal(keysOf(salt())?.id, after.id);
  });

  const digits = "0123456789abcdef0123456789abcdef";
  for (const damaged of [
    "",
    "0123",
    "x".repeat(32),
    `x${digits}`,
    `${digits}0`,
    "0123456789ABCDEF0123456789ABCDEF",
    "\u0000",
  ]) {
    it(`are created again if the salt is damaged (${JSON.stringify(damaged)})`, async () => {
      disk.put(`storage/${saltFile}`, damaged);
      assert.equal(keysOf(damaged), undefined);
      assert.equal(await new CarKeys(folder).withId("01234567"), undefined);
      const { id } = await new CarKeys(folder).current();
      assert.equal((await new CarKeys(folder).withId(id))?.id, id);
    });
  }

  it("cannot be read if the folder fails, and are not created again then", async () => {
    await new CarKeys(folder).current();
    const before = salt();
    const broken = new CarKeys(
      disk.open("storage", { fault: (call) => (call === "read" ? systemError("EIO") : undefined) }),
    );
    await assert.rejects(broken.current(), { code: "EIO" });
    await assert.rejects(broken.withId("01234567"), { code: "EIO" });
    assert.equal(salt(), before);
  });
});
