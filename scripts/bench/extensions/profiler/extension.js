"use strict";

const fs = require("node:fs");
const { Session } = require("node:inspector/promises");
const path = require("node:path");

/** After this time all automatically started extensions have started and painted. */
const settleMs = 3_000;

/**
 * Profiles the host and writes the profile to the folder named by the environment, if that contains a file "wanted".
 * The file holds the sampling interval in microseconds.
 */
async function profile() {
  const folder = process.env["BENCH_PROFILES_FOLDER"];
  const wanted = path.join(folder, "wanted");
  if (!fs.existsSync(wanted)) return;
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: Number(fs.readFileSync(wanted, "utf8")) });
  await session.post("Profiler.start");
  await new Promise((resolve) => globalThis.setTimeout(resolve, settleMs));
  // The same moment on the profile's clock (µs) and on that of the host's marks (ms since the epoch).
  const now = {
    ofProfile: Number(process.hrtime.bigint() / 1000n),
    ofMarks: globalThis.performance.timeOrigin + globalThis.performance.now(),
  };
  const stopped = await session.post("Profiler.stop");
  session.disconnect();
  const file = path.join(folder, `${Date.now()}.json`);
  fs.writeFileSync(`${file}.part`, JSON.stringify({ profile: stopped.profile, now }));
  fs.renameSync(`${file}.part`, file);
}

exports.activate = () => void profile();
