import type { Profiler } from "node:inspector/promises";
import { extensionId } from "../../src/contributions";
import { timeByPlace } from "./host/profile";
import { median, milliseconds } from "./report";

/** What the profiler under `extensions/` writes of a window. */
export interface WindowProfile {
  readonly profile: Profiler.Profile;
  /** The same moment by the clock of the profile (µs) and by that of the host's marks (ms since the epoch). */
  readonly now: { readonly ofProfile: number; readonly ofMarks: number };
}

/** From the beginning of our `activate()` to our item, in ms since the epoch, and what the host did meanwhile. */
export interface ProfiledStart extends WindowProfile {
  readonly from: number;
  readonly to: number;
}

const places = [
  "our main file",
  "our online.js",
  "other extensions",
  "VS Code's own code",
  "collecting garbage",
  "Node itself",
] as const;
type Place = (typeof places)[number];

/** Where the time between activation and the item goes, as sentences: medians over `starts`. */
export function startProfileNote(what: string, starts: readonly ProfiledStart[]): string {
  const spent = starts.map(spentIn);
  const share = (of: (each: (typeof spent)[number]) => number) =>
    `${Math.round(median(spent.map((each) => of(each) / each.total)) * 100)} %`;
  const busy = places.map((place) => `${place} ${share(({ byPlace }) => byPlace.get(place) ?? 0)}`);
  const total = milliseconds(median(spent.map((each) => each.total)));
  return `A profile of the same start in ${starts.length} more windows, ${what}. From the beginning of \`activate()\` to the item it took ${total} under the profiler. Of that time the host's main thread spent in ${busy.join(", ")}; for ${share(({ idle }) => idle)} it waited.`;
}

function spentIn({ profile, now, from, to }: ProfiledStart) {
  const byProfile = (ms: number) => now.ofProfile + (ms - now.ofMarks) * 1000;
  const times = timeByPlace(profile, placeOf, { from: byProfile(from), to: byProfile(to) });
  const byPlace = new Map<Place, number>();
  let idle = 0;
  for (const [name, microseconds] of times) {
    const place = name === "(garbage collector)" ? "collecting garbage" : places.find((each) => each === name);
    const added = place ?? "Node itself";
    if (name === "(idle)") idle += microseconds / 1000;
    else byPlace.set(added, (byPlace.get(added) ?? 0) + microseconds / 1000);
  }
  return { total: to - from, idle, byPlace };
}

/** Whose code stands at `url`; what Node brings is the work of whoever calls it. */
function placeOf(url: string): Place | undefined {
  if (url.startsWith("node:")) return undefined;
  if (url.includes(`/${extensionId}-`)) return url.endsWith("/online.js") ? "our online.js" : "our main file";
  return url.includes("/extensions/") ? "other extensions" : "VS Code's own code";
}
