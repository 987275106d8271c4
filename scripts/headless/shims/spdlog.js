// Replaces the index.js of @vscode/spdlog, whose native part is not built. Without it VS Code writes no log files, and
// output channels stay empty. Does not rotate files, because a test's profile exists for minutes.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const levels = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = levels.indexOf("info");
    this.format = (level, message) => {
      const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
      return `${local.toISOString().slice(0, -1).replace("T", " ")} [${level}] ${message}\n`;
    };
  }
  log(level, message) {
    if (levels.indexOf(level) < this.level) return;
    // Synchronous and in order, because tests read these files. The folder may be deleted while the host shuts down.
    try {
      fs.appendFileSync(this.file, this.format(level, message));
    } catch {
      // Nothing to write to.
    }
  }
  trace(message) {
    this.log("trace", message);
  }
  debug(message) {
    this.log("debug", message);
  }
  info(message) {
    this.log("info", message);
  }
  warn(message) {
    this.log("warning", message);
  }
  error(message) {
    this.log("error", message);
  }
  critical(message) {
    this.log("critical", message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.format = (_level, message) => message;
  }
  flush() {}
  drop() {}
}

async function createLogger(name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger("rotating", name, file);
}

// One assignment per name: VS Code imports this file as an ES module, and Node detects only such exports.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
