import { type Disposable, DisposableStore } from "./base/disposable";
import { Emitter } from "./base/event";
import { errorText, type Logger } from "./base/log";
import type { Core, Observable } from "./core";
import type { Settings } from "./settings";

export type StartableCore = Core & { start(): void };

/**
 * Which core is on: the real one, or while the setting says so the demo's. The real one keeps what it knows while the
 * demo runs and asks for nothing.
 */
export class Stage implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  /** Something of what is to be shown has changed. */
  readonly onDidChange = this.changed.event;
  private demo: DisposableStore | undefined;
  private core: Core;

  constructor(
    readonly real: StartableCore,
    private readonly settings: Observable<Settings>,
    private readonly createDemo: () => Promise<StartableCore>,
    private readonly log: Logger,
  ) {
    this.core = real;
    this.store.add(real);
    this.watch(real, this.store);
    this.store.add(settings.onDidChange(() => this.apply()));
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
    if (this.settings.current.demo && !this.demo) void this.enterDemo();
    else if (!this.settings.current.demo && this.demo) this.leaveDemo();
    this.changed.fire();
  }

  private async enterDemo(): Promise<void> {
    const scope = new DisposableStore();
    this.demo = scope;
    this.real.poller.off();
    try {
      const core = scope.add(await this.createDemo());
      if (scope.isDisposed) return;
      this.core = core;
      this.watch(core, scope);
      core.start();
      this.changed.fire();
    } catch (error) {
      this.log.error(`The demo could not be started: ${errorText(error)}`);
    }
  }

  private leaveDemo(): void {
    this.core = this.real;
    this.demo?.dispose();
    this.demo = undefined;
    this.real.poller.on();
  }

  private watch(core: Core, scope: DisposableStore): void {
    scope.add(core.garage.onDidChange(() => this.changed.fire()));
    scope.add(core.session.onDidChange(() => this.changed.fire()));
    scope.add(core.settings.onDidChange(() => this.changed.fire()));
  }
}
