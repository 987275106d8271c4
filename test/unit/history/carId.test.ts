import assert from "node:assert/strict";
import { carIdSaltFile, carIdsWith, loadCarIds } from "../../../src/history/carId";
import { vinNumber } from "../../support/builders/builders";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { FakeClock } from "../../support/fakeClock";

describe("The id of a car", () => {
  const vin = vinNumber(1);

  it("is the HMAC-SHA-256 of the VIN under the salt, in 16 hexadecimal digits", () => {
    assert.equal(carIdsWith("0123456789abcdef0123456789abcdef")(vin), "e72dbf87c2136e71");
  });

  it("is the same in all windows, which agree on one salt", async () => {
    const disk = new MemoryDisk();
    const clock = new FakeClock();
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => loadCarIds(disk.open("history"), clock)));
    assert.equal(new Set(all.map((idOf) => idOf(vin))).size, 1);
    assert.match(all[0]!(vin), /^[0-9a-f]{16}$/);
    assert.notEqual(all[0]!(vin), all[0]!(vinNumber(2)));
  });

  it("waits for a salt that another window is about to write, and never replaces one", async () => {
    const disk = new MemoryDisk();
    const clock = new FakeClock();
    disk.put(`history/${carIdSaltFile}`, "");
    const loading = loadCarIds(disk.open("history"), clock);
    await clock.advance(100);
    disk.put(`history/${carIdSaltFile}`, "0123456789abcdef0123456789abcdef");
    await clock.advance(1_000);
    assert.equal((await loading)(vin), carIdsWith("0123456789abcdef0123456789abcdef")(vin));
    disk.put(`history/${carIdSaltFile}`, "damaged");
    const failing = assert.rejects(loadCarIds(disk.open("history"), clock), /damaged/);
    await clock.advance(2_000);
    await failing;
    assert.equal(disk.contents.get(`history/${carIdSaltFile}`), "damaged");
  });
});
