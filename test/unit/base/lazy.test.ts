import assert from "node:assert/strict";
import { lazy } from "../../../src/base/lazy";

describe("lazy", () => {
  it("creates nothing before the first call, and one value for all callers", async () => {
    let made = 0;
    const get = lazy(() => Promise.resolve(++made));
    assert.equal(made, 0);
    assert.deepEqual(await Promise.all([get(), get()]), [1, 1]);
    assert.equal(await get(), 1);
  });

  it("retries after a failure, which all waiting callers receive", async () => {
    let tries = 0;
    const get = lazy(() => (++tries === 1 ? Promise.reject(new Error("gone")) : Promise.resolve(tries)));
    const first = await Promise.allSettled([get(), get()]);
    assert.deepEqual(
      first.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(await get(), 2);
  });
});
