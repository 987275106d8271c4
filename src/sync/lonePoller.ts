import { DisposableStore } from "../base/disposable";
import type { Vin } from "../charging/vin";
import type { Focus } from "./focus";
import { Poller, type PollerPorts } from "./poller";
import { type Credentials, type RefreshOutcome, takeCredentials, type WindowPolling } from "./polling";

export interface LonePollerPorts extends Omit<PollerPorts, "announced" | "focusedAt" | "ready"> {
  readonly focus: Focus;
  readonly credentials: Credentials;
}

/** The polling of a window that shares nothing with others, as in the demo. */
export class LonePoller implements WindowPolling {
  private readonly store = new DisposableStore();
  readonly poller: Poller;
  readonly role = "alone";

  constructor(private readonly ports: LonePollerPorts) {
    const { credentials, focus } = ports;
    this.poller = this.store.add(
      new Poller({
        ...ports,
        ready: () => credentials.current !== undefined,
        focusedAt: () => focus.lastFocusedAt(),
        announced: () => Promise.resolve(),
      }),
    );
    this.store.add(
      focus.onDidChange((isFocused) => {
        if (isFocused) this.poller.focusRegained();
      }),
    );
  }

  leads(): boolean {
    return this.isOn;
  }

  get isOn(): boolean {
    return this.poller.isOn;
  }

  on(): void {
    this.poller.on();
    this.configurationChanged();
  }

  off(): void {
    this.poller.off();
  }

  configurationChanged(): void {
    takeCredentials(this.ports.garage, this.ports.credentials.current);
    this.poller.replan();
  }

  refresh(vins?: readonly Vin[]): Promise<RefreshOutcome> {
    return this.poller.refresh(vins);
  }

  checkDue(): Promise<void> {
    return this.poller.checkDue();
  }

  showLast(): Promise<void> {
    return Promise.resolve();
  }

  permit(): Promise<void> {
    return Promise.resolve();
  }

  countWindows(): Promise<number> {
    return Promise.resolve(1);
  }

  isAlive(): Promise<boolean> {
    return Promise.resolve(true);
  }

  dispose(): void {
    this.store.dispose();
  }
}
