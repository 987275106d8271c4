import type { Profiler } from "node:inspector/promises";
import { extensionId } from "../../src/contributions";
import { timeByPlace } from "./host/profile";
import { median, milliseconds } from "./report";

/** A file written by the profiler under `extensions/`. */
export interface WindowProfile {
  readonly profile: Profiler.Profile;
  /** The same moment on the profile's clock (µs) and on that of the host's marks (ms since the epoch). */
  readonly now: { readonly ofProfile: number; readonly ofMarks: number };
}

/** In ms since the epoch. */
export interface Phase {
  readonly from: number;
  readonly to: number;
}

export interface ProfiledStart extends WindowProfile {
  /** Loading of our main file and `activate()`, without the gap between them. */
  readonly loadAndActivate: readonly Phase[];
  /** From the start of `activate()` to our item. */
  readonly untilShown: Phase;
}

const compiling = "V8's compiler and Node's loader";
const loadedAtUse = ["product.js"] as const;
const places = [
  compiling,
  "our main file",
  ...loadedAtUse.map((file) => `our ${file}` as const),
  "other extensions",
  "VS Code's own code",
  "collecting garbage",
  "Node itself",
] as const;
type Place = (typeof places)[number] | "(idle)";

/** The time distribution, as sentences: medians over `starts`. */
export function startProfileNote(what: string, starts: readonly ProfiledStart[]): string {
  const loading = sharesOf(starts, ({ loadAndActivate }) => loadAndActivate);
  const showing = sharesOf(starts, ({ untilShown }) => [untilShown]);
  return `A profile of ${starts.length} more windows, ${what}. Load + activate, ${loading.total} under the profiler: ${loading.shares}. From the start of \`activate()\` to the item, ${showing.total}: ${showing.shares}.`;
}

function sharesOf(starts: readonly ProfiledStart[], phasesOf: (start: ProfiledStart) => readonly Phase[]) {
  const totals = starts.map((start) => phasesOf(start).reduce((sum, { from, to }) => sum + to - from, 0));
  const spent = starts.map((start) => spentIn(start, phasesOf(start)));
  const share = (place: Place) => median(spent.map((times, index) => (times.get(place) ?? 0) / (totals[index] ?? NaN)));
  const known = places.map((place) => [place, share(place)] as const).filter(([, part]) => part >= 0.005);
  const shares = [...known.sort(([, a], [, b]) => b - a), ["waiting", share("(idle)")] as const];
  return {
    total: milliseconds(median(totals)),
    shares: shares.map(([place, part]) => `${place} ${Math.round(part * 100)} %`).join(", "),
  };
}

/** The time (ms) by place. */
function spentIn({ profile, now }: WindowProfile, phases: readonly Phase[]): ReadonlyMap<Place, number> {
  const byProfile = (ms: number) => now.ofProfile + (ms - now.ofMarks) * 1000;
  const spent = new Map<Place, number>();
  for (const { from, to } of phases) {
    for (const [name, microseconds] of timeByPlace(profile, placeOf, { from: byProfile(from), to: byProfile(to) })) {
      const place = knownPlace(name);
      spent.set(place, (spent.get(place) ?? 0) + microseconds / 1000);
    }
  }
  return spent;
}

function knownPlace(name: string): Place {
  if (name === "(idle)") return name;
  return name === "(garbage collector)"
    ? "collecting garbage"
    : (places.find((each) => each === name) ?? "Node itself");
}

/** The owner of the code at `url`. Node's built-ins count for their caller, except for module loading. */
function placeOf(url: string): Place | undefined {
  if (url.startsWith("node:internal/modules/")) return compiling;
  if (url.startsWith("node:")) return undefined;
  if (url.includes(`/${extensionId}-`)) {
    const file = loadedAtUse.find((each) => url.endsWith(`/${each}`));
    return file ? `our ${file}` : "our main file";
  }
  return url.includes("/extensions/") ? "other extensions" : "VS Code's own code";
}
