import { type Profiler, Session } from "node:inspector/promises";
import path from "node:path";

/** The time distribution of this process's main thread. */
export interface Profile {
  /** The share of time spent waiting, 0 to 1: for answers, and for files, which Node handles on other threads. */
  readonly idle: number;
  /** Shares of the rest, 0 to 1 each, largest first. */
  readonly shares: readonly { readonly place: string; readonly share: number }[];
}

/** A time span on V8's monotonic clock, in microseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The place of the file at `url`; `undefined` to attribute it to its caller. */
type PlaceOf = (url: string) => string | undefined;

export const sampleMicroseconds = 200;

/** Runs `work` under V8's profiler. */
export async function profiled(work: () => Promise<void>): Promise<Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: sampleMicroseconds });
    await session.post("Profiler.start");
    await work();
    return summaryOf((await session.post("Profiler.stop")).profile);
  } finally {
    session.disconnect();
  }
}

function summaryOf(profile: Profiler.Profile): Profile {
  const spent = new Map(timeByPlace(profile, moduleOf));
  const idleTime = spent.get("(idle)") ?? 0;
  spent.delete("(idle)");
  const busyTime = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return {
    idle: idleTime / (idleTime + busyTime),
    shares: [...spent].map(([place, time]) => ({ place, share: time / busyTime })).sort((a, b) => b.share - a.share),
  };
}

/** The time (µs) by place, of the whole profile or of a span. V8's own work is in parentheses. */
export function timeByPlace(
  { nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile,
  placeOf: PlaceOf,
  { from, to }: Span = { from: -Infinity, to: Infinity },
): ReadonlyMap<string, number> {
  const places = placesOf(nodes, placeOf);
  const spent = new Map<string, number>();
  let at = startTime;
  samples.forEach((id, index) => {
    at += timeDeltas[index] ?? 0;
    const place = places.get(id) ?? "";
    // Each sample lasts until the next one.
    const end = at + (timeDeltas[index + 1] ?? 0);
    const within = Math.min(end, to) - Math.max(at, from);
    if (within > 0) spent.set(place, (spent.get(place) ?? 0) + within);
  });
  return spent;
}

/** The place of each node, by its id. */
function placesOf(nodes: readonly Profiler.ProfileNode[], placeOf: PlaceOf): ReadonlyMap<number, string> {
  const places = new Map<number, string>();
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  // A caller always precedes its callees.
  for (const { id, callFrame } of nodes) {
    const { functionName, url } = callFrame;
    const isEngine = url === "" && functionName.startsWith("(");
    // Built-ins such as `replace` count for the calling module.
    const own = isEngine ? functionName : url === "" ? undefined : placeOf(url);
    places.set(id, own ?? places.get(callers.get(id) ?? -1) ?? "");
  }
  return places;
}

/** The folder of our own code, or the module of other code. */
function moduleOf(url: string): string {
  if (url.startsWith("node:")) return url;
  const file = url.replace(/^file:\/\//, "");
  if (file.includes("/code-server/")) return `VS Code's ${path.basename(file)}`;
  const [, dependency] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  return dependency ?? path.dirname(path.relative(path.resolve(__dirname, "..", "..", ".."), file));
}
