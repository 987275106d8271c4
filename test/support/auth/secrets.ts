import type { SecretStore } from "../../../src/auth/credentialStore";
import { type Clock, sleep } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";

export interface SecretTimes {
  /** Time from `store` until VS Code has written the value. A window that dies earlier has stored nothing. */
  readonly flushMs: number;
  /** Further time until another window's copy is updated. */
  readonly arrivalMs: () => number;
}

const desktopTimes: SecretTimes = { flushMs: 100, arrivalMs: () => 50 };

/** The secrets cached by one window. */
interface Copy {
  readonly cache: Map<string, string>;
  readonly changed: Emitter<string>;
  readonly isDead: () => boolean;
  readonly isGone: () => boolean;
  lastArrival: Promise<unknown>;
}

/**
 * VS Code's secrets as seen by the windows of one user. On the desktop each window has a copy that follows the others
 * with a delay. On the web a page reads everything once, gets no change events, and writes everything back at each
 * change.
 */
export class SecretWorld {
  readonly disk = new Map<string, string>();
  private readonly copies = new Set<Copy>();

  constructor(
    private readonly clock: Clock,
    private readonly kind: "desktop" | "web" = "desktop",
    private readonly times: SecretTimes = desktopTimes,
  ) {}

  /**
   * The secrets of a window. `before` is awaited before each call takes effect. A dead window's calls never settle.
   * `isGone` means that VS Code itself is dead: until then, submitted values are written even if the extension host is
   * dead.
   */
  open(
    isDead: () => boolean = () => false,
    before: () => Promise<void> = () => Promise.resolve(),
    isGone: () => boolean = isDead,
  ): SecretStore {
    const cache = new Map(this.disk);
    const copy: Copy = { cache, changed: new Emitter<string>(), isDead, isGone, lastArrival: Promise.resolve() };
    this.copies.add(copy);
    const run = async <T>(action: () => T): Promise<T> => {
      await before();
      return isDead() ? new Promise<never>(() => undefined) : action();
    };
    const write = (key: string, value: string | undefined) => {
      if (copy.cache.get(key) === value) return;
      put(copy.cache, key, value);
      if (this.kind === "web") {
        this.disk.clear();
        for (const [name, content] of copy.cache) this.disk.set(name, content);
      } else {
        void this.spread(copy, key, value);
      }
      copy.changed.fire(key);
    };
    return {
      get: (key) => run(() => copy.cache.get(key)),
      store: (key, value) => run(() => write(key, value)),
      delete: (key) => run(() => write(key, undefined)),
      onDidChange: copy.changed.event,
    };
  }

  private async spread(from: Copy, key: string, value: string | undefined): Promise<void> {
    await sleep(this.clock, this.times.flushMs);
    if (from.isGone()) return;
    put(this.disk, key, value);
    for (const copy of this.copies) {
      if (copy === from || copy.isDead()) continue;
      const arrival = sleep(this.clock, this.times.arrivalMs());
      // Writes arrive in order.
      copy.lastArrival = Promise.all([copy.lastArrival, arrival]).then(() => {
        put(copy.cache, key, value);
        if (!copy.isDead()) copy.changed.fire(key);
      });
    }
  }
}

function put(map: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
