import { claim } from "../base/claim";
import { type Clock, hourMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter, type Event } from "../base/event";
import { type SignInNotice, signInNotice } from "../auth/signInLifetime";
import type { SessionState } from "../auth/sessionState";

export interface SignInNotifierPorts {
  readonly session: { readonly current: SessionState; readonly onDidChange: Event<SessionState> };
  readonly focus: { readonly isFocused: boolean; readonly onDidChange: Event<boolean> };
  readonly clock: Clock;
  /** Creates a file of this name unless there is one; `false` where there is. Rejects where the folder is of no use. */
  readonly create: (name: string) => Promise<boolean>;
  /** Whether this window is still there. Never rejects. */
  readonly isAlive: () => Promise<boolean>;
}

/** The end of a sign-in comes near while nothing else happens. */
const lookAgainMs = 6 * hourMs;

/**
 * Tells once over all windows that a sign-in has ended, or ends within two weeks: in the window with focus, or the next
 * to get it. Asks nothing while there is nothing to tell.
 */
export class SignInNotifier implements Disposable {
  private readonly store = new DisposableStore();
  private readonly claimed = this.store.add(new Emitter<SignInNotice>());
  /** Fires for each notice that this window is to show. */
  readonly onDidClaim = this.claimed.event;
  private readonly handled = new Set<string>();
  private timer: Disposable | undefined;

  constructor(private readonly ports: SignInNotifierPorts) {
    this.store.add(ports.session.onDidChange(() => this.look()));
    this.store.add(ports.focus.onDidChange(() => this.look()));
  }

  dispose(): void {
    this.timer?.dispose();
    this.store.dispose();
  }

  private look(): void {
    const { session, focus, clock } = this.ports;
    this.timer?.dispose();
    if (session.current.kind === "ready") this.timer = clock.after(lookAgainMs, () => this.look());
    const notice = focus.isFocused ? signInNotice(session.current, clock.now()) : undefined;
    if (!notice || this.handled.has(notice.id)) return;
    this.handled.add(notice.id);
    void this.tell(notice);
  }

  private async tell(notice: SignInNotice): Promise<void> {
    if (!(await this.ports.isAlive())) this.handled.delete(notice.id);
    else if (await claim(this.ports, notice.id)) this.claimed.fire(notice);
  }
}
