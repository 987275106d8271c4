import { type Disposable, DisposableStore } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Vin } from "../charging/vin";
import type { Garage } from "./garage";
import type { Role } from "./lease";
import type { Polling, RefreshOutcome, WindowPolling } from "./polling";

export interface LatePollingPorts {
  readonly garage: Garage;
  readonly log: Logger;
  /** Whether there is something to ask for, or to ask with. */
  readonly isNeeded: () => boolean;
  /** Resolves with the same polling each time. */
  readonly load: () => Promise<WindowPolling>;
}

/**
 * The polling of a window whose code is loaded at its first use: once there is a car to ask for, or something to ask with.
 * Before that there is nothing that it would do, and so no timer, no watcher and no file.
 */
export class LatePolling implements Polling, Disposable {
  private readonly store = new DisposableStore();
  private polling: WindowPolling | undefined;
  private wanted = false;

  constructor(private readonly ports: LatePollingPorts) {
    // What earlier windows have left behind is deleted by the polling, which cannot hear of it before it is there.
    this.store.add(ports.garage.onDidForget(() => void (this.polling ?? this.attempt(() => this.forget()))));
  }

  get isOn(): boolean {
    return this.wanted;
  }

  /** What this window is among all; `undefined` while it takes no part. */
  get role(): Role | undefined {
    return this.polling?.role;
  }

  /** The time (ms) between two checks as things stand; `undefined` without cars, calls left or a part in the polling. */
  get intervalMs(): number | undefined {
    return this.polling?.poller.intervalMs;
  }

  /** How many windows take part, as far as is known. Rejects where the folder of all windows cannot be read. */
  async countWindows(): Promise<number> {
    return (await this.polling?.countWindows()) ?? 0;
  }

  on(): void {
    this.wanted = true;
    if (this.polling) this.polling.on();
    else this.configurationChanged();
  }

  off(): void {
    this.wanted = false;
    this.polling?.off();
  }

  /** Settings, cars or credentials have changed, or whether there are any. */
  configurationChanged(): void {
    if (this.polling) this.polling.configurationChanged();
    else if (this.ports.isNeeded()) void this.attempt(() => this.loaded());
  }

  async refresh(vins?: readonly Vin[]): Promise<RefreshOutcome> {
    return this.ports.isNeeded() ? (await this.loaded()).refresh(vins) : { kind: "notReady" };
  }

  async checkDue(): Promise<void> {
    if (this.ports.isNeeded()) await (await this.loaded()).checkDue();
  }

  /** Whether VS Code answers: a window whose page is gone must not act for the user. */
  async isAlive(): Promise<boolean> {
    return (await this.loaded()).isAlive();
  }

  dispose(): void {
    this.wanted = false;
    this.store.dispose();
  }

  private async loaded(): Promise<WindowPolling> {
    const polling = await this.ports.load();
    if (this.polling || this.store.isDisposed) return polling;
    this.polling = polling;
    void polling.showLast();
    if (this.wanted) polling.on();
    return polling;
  }

  private async forget(): Promise<void> {
    await (await this.loaded()).showLast();
    this.ports.garage.forgetAll();
  }

  private async attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.ports.log.error(`The part that asks Volvo could not be loaded: ${errorText(error)}`);
    }
  }
}
