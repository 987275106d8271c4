import assert from "node:assert/strict";
import { DisposableStore, toDisposable } from "../../../src/base/disposable";

describe("A disposable", () => {
  it("runs its action once, however often it is disposed", () => {
    let runs = 0;
    const disposable = toDisposable(() => runs++);
    disposable.dispose();
    disposable.dispose();
    assert.equal(runs, 1);
  });

  it("does not run it again from within it, nor after it threw", () => {
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

describe("A store of disposables", () => {
  it("disposes last in, first out, and each once", () => {
    const store = new DisposableStore();
    const order: number[] = [];
    for (const number of [1, 2, 3]) store.add({ dispose: () => order.push(number) });
    store.dispose();
    store.dispose();
    assert.deepEqual(order, [3, 2, 1]);
    assert.equal(store.isDisposed, true);
  });

  it("gives back what it takes", () => {
    const member = toDisposable(() => undefined);
    assert.equal(new DisposableStore().add(member), member);
  });

  it("disposes at once what comes too late, also what a member brings while it is disposed", () => {
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

  it("lets no member that throws keep the others alive, and throws the first error", () => {
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
