"use strict";

const fs = require("node:fs");

/** Occurs in the stack of every call from the extension under test. */
const underTest = "volvo-charging-status";

/** Appends to the file named by the environment: a plus for each timer set, a minus for each timer ended. */
function note(mark) {
  fs.appendFileSync(process.env["BENCH_TIMERS_FILE"], mark);
}

/** Handles of active timers. */
const pending = new WeakSet();

function end(handle) {
  if (pending.delete(handle)) note("-");
}

function watch(setName, clearName, repeats) {
  const set = globalThis[setName];
  const clear = globalThis[clearName];
  function watchedSet(action, ...parameters) {
    if (!new Error().stack.includes(underTest)) return set(action, ...parameters);
    note("+");
    const handle = set(
      (...values) => {
        if (!repeats) end(handle);
        action(...values);
      },
      ...parameters,
    );
    pending.add(handle);
    return handle;
  }
  function watchedClear(handle) {
    if (typeof handle === "object" && handle !== null) end(handle);
    clear(handle);
  }
  // Node attaches the promise variant to the function.
  globalThis[setName] = Object.setPrototypeOf(watchedSet, set);
  globalThis[clearName] = watchedClear;
}

exports.activate = () => {
  watch("setTimeout", "clearTimeout", false);
  watch("setInterval", "clearInterval", true);
  watch("setImmediate", "clearImmediate", false);
};
