import assert from "node:assert/strict";
import { Emitter, once } from "../../../src/base/event";

describe("an event", () => {
  it("reaches its listeners in the order of registration", () => {
    const emitter = new Emitter<string>();
    const heard: string[] = [];
    emitter.event((value) => heard.push(`first ${value}`));
    emitter.event((value) => heard.push(`second ${value}`));
    emitter.fire("a");
    assert.deepEqual(heard, ["first a", "second a"]);
  });

  it("calls a function registered twice two times, until each registration is disposed", () => {
    const emitter = new Emitter<number>();
    let heard = 0;
    const listener = (value: number) => (heard += value);
    const first = emitter.event(listener);
    const second = emitter.event(listener);
    emitter.fire(1);
    first.dispose();
    first.dispose();
    emitter.fire(10);
    assert.equal(heard, 12);
    second.dispose();
    emitter.fire(100);
    assert.equal(heard, 12);
  });

  it("reaches the listeners after one that throws, whose error is not lost", async () => {
    const emitter = new Emitter<void>();
    const failure = new Error("failed");
    let heard = 0;
    emitter.event(() => {
      throw failure;
    });
    emitter.event(() => heard++);
    const others = process.rawListeners("unhandledRejection") as NodeJS.UnhandledRejectionListener[];
    process.removeAllListeners("unhandledRejection");
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    emitter.fire();
    assert.equal(heard, 1);
    assert.equal(await unhandled, failure);
    for (const other of others) process.on("unhandledRejection", other);
  });

  it("skips listeners that were disposed by an earlier one, and those added while it fires", () => {
    const emitter = new Emitter<void>();
    const heard: string[] = [];
    emitter.event(() => {
      heard.push("first");
      second.dispose();
      emitter.event(() => heard.push("new"));
    });
    const second = emitter.event(() => heard.push("second"));
    emitter.fire();
    assert.deepEqual(heard, ["first"]);
  });

  it("has no listeners after its emitter is disposed", () => {
    const emitter = new Emitter<void>();
    let heard = 0;
    emitter.event(() => heard++);
    emitter.dispose();
    emitter.fire();
    assert.equal(heard, 0);
  });

  it("calls a one-time listener once, even if it fires within that call", () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    once(emitter.event, (value) => {
      heard.push(value);
      emitter.fire(value + 1);
    });
    emitter.fire(1);
    emitter.fire(5);
    assert.deepEqual(heard, [1]);
    const never = once(emitter.event, (value) => heard.push(value));
    never.dispose();
    emitter.fire(9);
    assert.deepEqual(heard, [1]);
  });
});
