"use strict";

const fs = require("node:fs");
const { Session } = require("node:inspector/promises");
const path = require("node:path");

/** By then all extensions that start by themselves have started and shown what they show. */
const settleMs = 3_000;

/**
 * Profiles the host where the folder that the environment names has a file "wanted", which says how many microseconds lie
 * between two samples, and writes the profile there.
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
  // By the clock of the profile (µs) and by the one of the host's marks (ms since the epoch), at the same moment.
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
