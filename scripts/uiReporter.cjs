// Prints a UI test that failed and is tried again, with its error. Mocha's own reporters say nothing about it.
"use strict";

const Mocha = require("mocha");

class UiReporter extends Mocha.reporters.Spec {
  constructor(/** @type {Mocha.Runner} */ runner, /** @type {Mocha.MochaOptions} */ options) {
    super(runner, options);
    runner.on(Mocha.Runner.constants.EVENT_TEST_RETRY, (test, error) => {
      console.log(`    ↻ ${test.title} failed and is tried again:\n${error.stack ?? error.message}`);
    });
  }
}

module.exports = UiReporter;
