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
  /** Creates a file of this name; `false` if it exists already. Rejects if the folder cannot be used. */
  readonly create: (name: string) => Promise<boolean>;
  /** Whether VS Code still answers in this window. Never rejects. */
  readonly isAlive: () => Promise<boolean>;
}

/** The end of a sign-in approaches without any event, so it is checked at this interval. */
const lookAgainMs = 6 * hourMs;

/**
 * Shows once over all windows that a sign-in has ended, or ends within two weeks: in the focused window, or in the next one
 * to get focus. Makes no call while there is nothing to show.
 */
export class SignInNotifier implements Disposable {
  private readonly store = new DisposableStore();
  private readonly claimed = this.store.add(new Emitter<SignInNotice>());
  /** Fires for each notice that this window must show. */
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
    void this.claimNotice(notice);
  }

  private async claimNotice(notice: SignInNotice): Promise<void> {
    if (!(await this.ports.isAlive())) this.handled.delete(notice.id);
    else if (await claim(this.ports, notice.id)) this.claimed.fire(notice);
  }
}
