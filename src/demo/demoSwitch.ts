import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import { errorText, type Logger } from "../base/log";
import type { Core, Observable } from "../core/core";
import type { Settings } from "../settings/settings";

export type StartableCore = Core & { start(): void };

export interface DemoSwitchPorts {
  readonly settings: Observable<Settings>;
  readonly createDemo: () => Promise<StartableCore>;
  /** Called if the demo cannot be started: once each time the setting is turned on. */
  readonly demoFailed: () => void;
  readonly log: Logger;
}

/**
 * Chooses the core: the demo's while the setting `demo` is on, otherwise the real one. While the demo is on, the real
 * core keeps its state and sends no requests. The real core stays visible until the demo has started, and continues if
 * the demo cannot be started.
 */
export class DemoSwitch implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  /** Fires when the shown state has changed. */
  readonly onDidChange = this.changed.event;
  private demo: DisposableStore | undefined;
  private hasFailed = false;
  private core: Core;

  constructor(
    readonly real: StartableCore,
    private readonly ports: DemoSwitchPorts,
  ) {
    this.core = real;
    this.store.add(real);
    this.watch(real, this.store);
    this.store.add(ports.settings.onDidChange(() => this.apply()));
  }

  /** The core whose cars are shown. */
  get current(): Core {
    return this.core;
  }

  start(): void {
    this.real.start();
    this.apply();
  }

  dispose(): void {
    this.demo?.dispose();
    this.store.dispose();
  }

  private apply(): void {
    const isWanted = this.ports.settings.current.demo;
    if (!isWanted) this.hasFailed = false;
    if (isWanted && !this.demo && !this.hasFailed) void this.enterDemo();
    else if (!isWanted && this.demo) this.leaveDemo();
    this.changed.fire();
  }

  private async enterDemo(): Promise<void> {
    const scope = new DisposableStore();
    this.demo = scope;
    this.real.polling.off();
    try {
      const core = scope.add(await this.ports.createDemo());
      if (scope.isDisposed) return;
      this.core = core;
      this.watch(core, scope);
      core.start();
      this.changed.fire();
    } catch (error) {
      this.ports.log.error(`The demo could not be started: ${errorText(error)}`);
      if (scope.isDisposed) return;
      this.hasFailed = true;
      this.leaveDemo();
      this.changed.fire();
      this.ports.demoFailed();
    }
  }

  private leaveDemo(): void {
    this.core = this.real;
    this.demo?.dispose();
    this.demo = undefined;
    this.real.polling.on();
  }

  private watch(core: Core, scope: DisposableStore): void {
    scope.add(core.carStore.onDidChange(() => this.changed.fire()));
    scope.add(core.history.onDidChange(() => this.changed.fire()));
    scope.add(core.session.onDidChange(() => this.changed.fire()));
    scope.add(core.settings.onDidChange(() => this.changed.fire()));
  }
}
