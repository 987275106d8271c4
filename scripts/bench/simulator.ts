import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

interface Ready {
  /** Three origins, one for each client. */
  readonly origins: readonly string[];
  readonly accessToken: string;
  readonly apiKey: string;
  readonly vins: readonly string[];
}

/** The load of one origin so far. */
export interface Served {
  readonly connections: number;
  readonly requests: number;
}

/** A simulated Volvo in another process. */
export interface Simulator extends Ready {
  /** The load of each origin. */
  served(): Promise<readonly Served[]>;
  close(): Promise<void>;
}

/** Starts a simulator with this number of cars, whose state does not change. Each answer takes `delayMs`. */
export async function startSimulator(cars: number, delayMs = 0): Promise<Simulator> {
  const child = spawn(process.execPath, [path.join(__dirname, "simulatorProcess.js"), String(cars), String(delayMs)]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout });
  const next = async () => JSON.parse(((await once(lines, "line")) as [string])[0]) as unknown;
  return {
    ...((await next()) as Ready),
    async served() {
      const answer = next();
      child.stdin.write("\n");
      return (await answer) as readonly Served[];
    },
    async close() {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
