// Replaces @vscode/spdlog, whose native part is not built: without it VS Code writes no log files, and output channels
// stay empty. Installed as that package's index.js. No rotation, because a test's profile lives for minutes.
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
    // Synchronous and ordered, because tests read these files. The folder may be gone while the host still shuts down.
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

// Single assignments, because VS Code imports this as an ES module, which detects only those names.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
