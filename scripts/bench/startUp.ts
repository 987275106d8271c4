import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { extensionId } from "../../src/contributions";
import { itemId, Product } from "../../test/ui/scene";
import type { VSCodeVersion } from "../headless/install";
import { Workbench } from "../headless/workbench";
import { sampleMicroseconds } from "./host/profile";
import { loadingNote } from "./loading";
import { countWritten, type Mark, nextWritten, timeOf } from "./marks";
import { median, milliseconds, type Row, type Section } from "./report";
import { atOnce, recordShown, shownLimitMs, shownTimes } from "./shown";
import { type Simulator, startSimulator } from "./simulator";
import { type Phase, type ProfiledStart, startProfileNote, type WindowProfile } from "./startProfile";
import { BenchCode, packYardstick, productVsix } from "./window";

const versions: readonly VSCodeVersion[] = ["1.104", "1.139"];
const fleets = [0, 1, 12];
const nothing = "volvo-bench.nothing";
const mergeConflict = "vscode.merge-conflict";
const peers = [nothing, mergeConflict, "vscode.npm", "vscode.github-authentication"];
const yardsticks = ["nothing", "item", "probe", "profiler"];
const barAboveNothingMs = 6;
const barBeyondItemMs = 4;
const profiledRuns = 5;

/** In ms. */
interface Start {
  readonly load: number;
  readonly activate: number;
}

/** From the start of `activate()` to the item in the window's document, in ms; infinite if it never appeared. */
interface Shown {
  /** Our item, with the last known state. */
  readonly ours: number;
  /** The item of an extension that does nothing else. */
  readonly atOnce: number;
}

interface Run {
  readonly starts: ReadonlyMap<string, Start>;
  /** Absent without a car. */
  readonly shown?: Shown;
}

interface Measured {
  readonly runs: readonly Run[];
  readonly profiled: readonly ProfiledStart[];
}

interface Case {
  readonly version: VSCodeVersion;
  readonly cars: number;
  readonly runs: number;
  /** Additional runs under the profiler. */
  readonly profiledRuns: number;
}

export const startUp: Section = {
  name: "startUp",
  title: "Does it slow the editor? Start-up",
  async measure({ quick, log }) {
    const rows: Row[] = [];
    const profiles: string[] = [];
    const packed = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-"));
    const simulator = await startSimulator(Math.max(...fleets));
    try {
      const extensions: string[] = [];
      for (const name of yardsticks) extensions.push(await packYardstick(name, packed));
      for (const version of quick ? versions.slice(-1) : versions) {
        for (const cars of fleets) {
          const what = `VS Code ${version}, ${cars === 1 ? "1 car" : `${cars} cars`}`;
          log(what);
          const isProfiled = cars === Math.max(...fleets);
          const each = {
            version,
            cars,
            runs: quick ? 3 : 15,
            profiledRuns: isProfiled ? (quick ? 1 : profiledRuns) : 0,
          };
          const { runs, profiled } = await measureStarts(each, simulator, [...extensions, productVsix]);
          rows.push(...rowsOf(what, runs));
          if (isProfiled) profiles.push(startProfileNote(what, profiled));
        }
      }
    } finally {
      await simulator.close();
      await fs.rm(packed, { recursive: true, force: true });
    }
    return {
      rows,
      notes: [
        "Median over windows opened one after the other: loading the main file plus `activate()`, from the extension host's own marks. Beside it, from the same windows: an extension that does nothing and three built into VS Code. Ours opens its window in the next event-loop turn, which the second figure includes and this one does not.",
        "The last known state: from the start of `activate()` to its item in the window's document. A browser window is connected by a socket, a desktop window by a pipe.",
        "Beside it, from the same windows: an extension that only shows an item with one word in its first statements. No extension can be faster, so this is the limit of the machine. The difference is our own work: reading and checking the files of the last known state, and building the item's text.",
        await loadingNote(quick ? 3 : 15),
        ...profiles,
      ],
    };
  },
};

async function measureStarts(each: Case, simulator: Simulator, extensions: readonly string[]): Promise<Measured> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "volvo-bench-starts-"));
  const marks = path.join(folder, "marks");
  const profiles = path.join(folder, "profiles");
  for (const made of [marks, profiles]) await fs.mkdir(made);
  const { version, cars } = each;
  const code = await BenchCode.start({
    version,
    extensions,
    frontDoor: true,
    settings: {
      "volvoCharging.api.baseUrl": simulator.origins[0],
      "volvoCharging.vehicles": simulator.vins.slice(0, cars),
      "volvoCharging.refreshInterval": 3600,
      "volvoCharging.apiVersion": "v2",
    },
    env: {
      BENCH_MARKS_FOLDER: marks,
      BENCH_PROFILES_FOLDER: profiles,
      BENCH_EXTENSIONS: JSON.stringify([...peers, atOnce, extensionId]),
    },
  });
  try {
    const window = await Workbench.open(code.context, code.server, { folder: code.folder, statusBarItem: itemId });
    if (cars > 0) {
      const product = new Product(window);
      await product.connectByHand(simulator.accessToken, undefined, simulator.apiKey);
      await product.item.waitFor((item) => item.text.includes("AC"));
    }
    await nextWritten(marks, 0);
    const { page } = window;
    await recordShown(page);
    const runs: Run[] = [];
    while (runs.length < each.runs) {
      const starts = await reloaded(page, marks);
      const shown = cars > 0 && { shown: await shownIn(page, starts) };
      runs.push({ starts: new Map([...peers, extensionId].map((id) => [id, startOf(id, starts)])), ...shown });
    }
    await fs.writeFile(path.join(profiles, "wanted"), String(sampleMicroseconds));
    const profiled: ProfiledStart[] = [];
    while (profiled.length < each.profiledRuns) profiled.push(await profiledStart(page, marks, profiles));
    return { runs, profiled };
  } finally {
    await code.close();
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Reloads the window and resolves with the marks of its host. */
async function reloaded(page: Page, marks: string): Promise<readonly Mark[]> {
  const seen = await countWritten(marks);
  await page.reload();
  return nextWritten<readonly Mark[]>(marks, seen);
}

async function profiledStart(page: Page, marks: string, profiles: string): Promise<ProfiledStart> {
  const seen = await countWritten(profiles);
  const starts = await reloaded(page, marks);
  const profile = await nextWritten<WindowProfile>(profiles, seen);
  const time = (name: string) => timeOf(name, extensionId, starts);
  const phase = (name: string): Phase => ({ from: time(`will${name}`), to: time(`did${name}`) });
  return {
    ...profile,
    loadAndActivate: [phase("LoadExtensionCode"), phase("ActivateExtension")],
    untilShown: { from: time("willActivateExtension"), to: (await shownTimes(page))(extensionId) },
  };
}

async function shownIn(page: Page, marks: readonly Mark[]): Promise<Shown> {
  const shownAt = await shownTimes(page);
  const after = (id: string) => shownAt(id) - timeOf("willActivateExtension", id, marks);
  return { ours: after(extensionId), atOnce: after(atOnce) };
}

function startOf(id: string, marks: readonly Mark[]): Start {
  return {
    load: timeOf("didLoadExtensionCode", id, marks) - timeOf("willLoadExtensionCode", id, marks),
    activate: timeOf("didActivateExtension", id, marks) - timeOf("willActivateExtension", id, marks),
  };
}

function rowsOf(what: string, runs: readonly Run[]): readonly Row[] {
  const of = (id: string) => {
    const starts = runs.flatMap(({ starts: all }) => all.get(id) ?? []);
    const load = median(starts.map((start) => start.load));
    const activate = median(starts.map((start) => start.activate));
    return { load, activate, sum: median(starts.map((start) => start.load + start.activate)) };
  };
  const own = of(extensionId);
  const bar = of(nothing).sum + barAboveNothingMs;
  const beside = peers.map((id) => `${id.replace(/^.*\./, "")} ${milliseconds(of(id).sum)}`);
  const rows: Row[] = [
    {
      figure: `load + activate, ${what}`,
      ours: `${milliseconds(own.sum)} (${milliseconds(own.load)} + ${milliseconds(own.activate)})`,
      beside: beside.join(", "),
      bar: `≤ nothing + ${barAboveNothingMs} ms, < merge-conflict`,
      isMet: own.sum <= bar && own.sum < of(mergeConflict).sum,
    },
  ];
  const shown = runs.flatMap((run) => run.shown ?? []);
  if (shown.length > 0) {
    const ours = shown.map((each) => each.ours);
    const beyond = shown.map((each) => each.ours - each.atOnce);
    rows.push({
      figure: `last known state shown, ${what}`,
      ours: `${shownText(median(ours))}, at most ${shownText(Math.max(...ours))}`,
      beside: `an item and no more ${shownText(median(shown.map((each) => each.atOnce)))}, ours beyond it ${milliseconds(median(beyond))}`,
      bar: `≤ an item and no more + ${barBeyondItemMs} ms`,
      isMet: median(beyond) <= barBeyondItemMs,
    });
  }
  return rows;
}

function shownText(ms: number): string {
  return Number.isFinite(ms) ? milliseconds(ms) : `not within ${shownLimitMs / 1000} s`;
}
