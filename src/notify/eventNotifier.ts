import type { Clock } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import type { Focus } from "../base/focus";
import type { WallTimer } from "../base/wallTimer";
import type { CarStore } from "../charging/carStore";
import { isFresh, isSuperseded, type Notice } from "../charging/notice";

export interface EventNotifierPorts {
  readonly clock: Clock;
  readonly carStore: Pick<CarStore, "current" | "onDidChange">;
  readonly focus: Focus;
  readonly wallTimer: Pick<WallTimer, "onTick">;
  /** Whether the user wants to be told of such events. */
  readonly isWanted: (notice: Notice) => boolean;
  /** Resolves with `true` in one window only. */
  readonly claim: (notice: Notice) => Promise<boolean>;
  /** Removes the claims of other events than these. */
  readonly forgetClaims: (current: ReadonlySet<string>) => Promise<void>;
  /** Whether this window is still there. */
  readonly isAlive: () => Promise<boolean>;
}

/** Where a window claims an event, by its id. */
export const claimsFolder = "events";

/**
 * Tells of each event once over all windows: in the one with focus, or the next to get it while the event is fresh.
 * An event that the settings leave out is not told later either.
 */
export class EventNotifier implements Disposable {
  private readonly store = new DisposableStore();
  private readonly claimed = this.store.add(new Emitter<Notice>());
  /** Fires for each event that this window is to tell of. */
  readonly onDidClaim = this.claimed.event;
  private handled = new Set<string>();

  constructor(private readonly ports: EventNotifierPorts) {
    this.store.add(ports.carStore.onDidChange(() => this.look()));
    this.store.add(ports.focus.onDidChange(() => this.look()));
    this.store.add(ports.wallTimer.onTick(() => this.look()));
  }

  dispose(): void {
    this.store.dispose();
  }

  private look(): void {
    const { clock, carStore, focus, isWanted } = this.ports;
    const { events } = carStore.current;
    const ids = new Set(events.map(({ id }) => id));
    // A level that only an automation waits for does not stand in the way of another.
    const telling = events.filter((event) => event.kind !== "batteryLevel" || isWanted(event));
    const hasPast = [...this.handled].some((id) => !ids.has(id));
    this.handled = new Set([...ids].filter((id) => this.handled.has(id)));
    if (hasPast) void this.ports.forgetClaims(ids);
    for (const event of events) {
      if (this.handled.has(event.id)) continue;
      const isToBeTold = isFresh(event, clock.now()) && isWanted(event) && !isSuperseded(event, telling);
      if (isToBeTold && !focus.isFocused) continue;
      this.handled.add(event.id);
      if (isToBeTold) void this.tell(event);
    }
  }

  private async tell(event: Notice): Promise<void> {
    // Another window shows it, or this one at a later tick.
    if (!(await this.ports.isAlive())) this.handled.delete(event.id);
    else if (await this.ports.claim(event)) this.claimed.fire(event);
  }
}
