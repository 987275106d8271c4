import assert from "node:assert/strict";
import { DisposableStore, toDisposable } from "../../../src/base/disposable";

describe("a disposable", () => {
  it("runs its action once, even if it is disposed repeatedly", () => {
    let runs = 0;
    const disposable = toDisposable(() => runs++);
    disposable.dispose();
    disposable.dispose();
    assert.equal(runs, 1);
  });

  it("does not run its action again from within it, nor after it threw", () => {
    let runs = 0;
    const disposable = toDisposable(() => {
      runs++;
      disposable.dispose();
      throw new Error("failed");
    });
    assert.throws(() => disposable.dispose(), /failed/);
    disposable.dispose();
    assert.equal(runs, 1);
  });
});

describe("a store of disposables", () => {
  it("disposes last in, first out, and each member once", () => {
    const store = new DisposableStore();
    const order: number[] = [];
    for (const number of [1, 2, 3]) store.add({ dispose: () => order.push(number) });
    store.dispose();
    store.dispose();
    assert.deepEqual(order, [3, 2, 1]);
    assert.equal(store.isDisposed, true);
  });

  it("returns each added member", () => {
    const member = toDisposable(() => undefined);
    assert.equal(new DisposableStore().add(member), member);
  });

  it("disposes late members at once, also those added during disposal", () => {
    const store = new DisposableStore();
    const order: string[] = [];
    store.add({
      dispose: () => {
        store.add({ dispose: () => order.push("brought") });
        order.push("member");
      },
    });
    store.dispose();
    store.add({ dispose: () => order.push("late") });
    assert.deepEqual(order, ["brought", "member", "late"]);
  });

  it("disposes all members even if one throws, and throws the first error", () => {
    const store = new DisposableStore();
    const order: number[] = [];
    for (const number of [1, 2, 3]) {
      store.add({
        dispose: () => {
          order.push(number);
          if (number > 1) throw new Error(`error ${number}`);
        },
      });
    }
    assert.throws(() => store.dispose(), /error 3/);
    assert.deepEqual(order, [3, 2, 1]);
  });
});
