import { setTimeout as delay } from "node:timers/promises";
import type { StateFolder } from "../../../src/base/folder";

/** Longer than the time between two calls of one action. */
const quietMs = 5;

/** Counts the calls of a folder and its subfolders. */
export class FolderCalls {
  /** The number of calls so far, by name. */
  readonly counts = new Map<string, number>();
  private inFlight = 0;

  /** `folder` with its calls counted here. */
  of(folder: StateFolder): StateFolder {
    return new Proxy(folder, {
      get: (target, name: keyof StateFolder) => {
        if (name === "folder") return (below: string) => this.of(target.folder(below));
        const call = target[name].bind(target) as (...parameters: unknown[]) => unknown;
        return (...parameters: unknown[]) => {
          this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
          const answer = call(...parameters);
          if (answer instanceof Promise) void this.untilSettled(answer);
          return answer;
        };
      },
    });
  }

  /** Resolves once no call has been in flight for a moment. */
  async idle(): Promise<void> {
    do await delay(quietMs);
    while (this.inFlight > 0);
  }

  private async untilSettled(answer: Promise<unknown>): Promise<void> {
    this.inFlight++;
    await answer.catch(() => undefined);
    this.inFlight--;
  }
}
