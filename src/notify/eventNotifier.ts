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
  /** Whether the user wants notifications of this kind. */
  readonly isWanted: (notice: Notice) => boolean;
  /** Resolves with `true` in one window only. */
  readonly claim: (notice: Notice) => Promise<boolean>;
  /** Removes the claims of all other events. */
  readonly forgetClaims: (current: ReadonlySet<string>) => Promise<void>;
  /** Whether VS Code still answers in this window. */
  readonly isAlive: () => Promise<boolean>;
}

/** The folder in which windows claim events by their ids. */
export const claimsFolder = "events";

/**
 * Shows each event once over all windows: in the focused window, or in the next one to get focus while the event is fresh.
 * An event that is switched off in the settings is not shown later either.
 */
export class EventNotifier implements Disposable {
  private readonly store = new DisposableStore();
  private readonly claimed = this.store.add(new Emitter<Notice>());
  /** Fires for each event that this window must show. */
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
    // A level that only an automation waits for does not supersede another level.
    const superseding = events.filter((event) => event.kind !== "batteryLevel" || isWanted(event));
    const haveExpired = [...this.handled].some((id) => !ids.has(id));
    this.handled = new Set([...ids].filter((id) => this.handled.has(id)));
    if (haveExpired) void this.ports.forgetClaims(ids);
    for (const event of events) {
      if (this.handled.has(event.id)) continue;
      const isWorthShowing = isFresh(event, clock.now()) && isWanted(event) && !isSuperseded(event, superseding);
      if (isWorthShowing && !focus.isFocused) continue;
      this.handled.add(event.id);
      if (isWorthShowing) void this.claimEvent(event);
    }
  }

  private async claimEvent(event: Notice): Promise<void> {
    // Leaves it to another window, or to this one at a later tick.
    if (!(await this.ports.isAlive())) this.handled.delete(event.id);
    else if (await this.ports.claim(event)) this.claimed.fire(event);
  }
}
