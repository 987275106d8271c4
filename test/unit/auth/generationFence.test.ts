import assert from "node:assert/strict";
import { createGenerationFence } from "../../../src/auth/generationFence";
import { FakeClock } from "../../support/fakeClock";
import { MemoryDisk } from "../../support/disk/memoryFolder";

describe("the newest generation of a sign-in", () => {
  const clock = new FakeClock();

  it("is the number written last, with its time", async () => {
    const fence = createGenerationFence(new MemoryDisk().open("refresh"), clock);
    assert.deepEqual([await fence.read(), await fence.writtenAt()], [0, 0]);
    await fence.write(52_416);
    assert.deepEqual([await fence.read(), await fence.writtenAt()], [52_416, clock.now()]);
  });

  it("is unknown if the file contains no number, or one that no sign-in can reach", async () => {
    for (const content of ["", "garbage", "-1 5", "1.5 5", "16000001 5", String(Number.MAX_SAFE_INTEGER), "1e300"]) {
      const disk = new MemoryDisk();
      disk.put("refresh/refresh.generation", content);
      assert.equal(await createGenerationFence(disk.open("refresh"), clock).read(), 0, content);
    }
  });
});
