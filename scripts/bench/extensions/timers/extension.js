"use strict";

const fs = require("node:fs");

/** In the stack of whatever the extension under test calls. */
const underTest = "volvo-charging-status";

/** Appends a plus to the file that the environment names for each timer that is set, a minus for each that ends. */
function note(mark) {
  fs.appendFileSync(process.env["BENCH_TIMERS_FILE"], mark);
}

/** Handles of the timers that have not ended. */
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
  // Node hangs the variant for promises on the function.
  globalThis[setName] = Object.setPrototypeOf(watchedSet, set);
  globalThis[clearName] = watchedClear;
}

exports.activate = () => {
  watch("setTimeout", "clearTimeout", false);
  watch("setInterval", "clearInterval", true);
  watch("setImmediate", "clearImmediate", false);
};
