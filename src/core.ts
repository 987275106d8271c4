import type { CredentialStore } from "./auth/credentialStore";
import { createSession, noVolvoId, type VolvoIdPorts } from "./auth/createSession";
import type { Session } from "./auth/session";
import type { Clock } from "./base/clock";
import { type Disposable, DisposableStore } from "./base/disposable";
import { Emitter, type Event } from "./base/event";
import type { StateFolder } from "./base/folder";
import { lazy } from "./base/lazy";
import type { Logger, Redactor } from "./base/log";
import type { Settings } from "./settings";
import type { Focus } from "./sync/focus";
import { Garage } from "./sync/garage";
import { LatePolling } from "./sync/latePolling";
import type { LeaseTimes } from "./sync/lease";
import type { News, NewsKind } from "./sync/news";
import type { LoadReminder } from "./sync/remindWhenSet";
import type { VolvoClient } from "./volvo/client";
import type { Fetch } from "./volvo/transport";

/** Something that holds a value and tells when it is replaced. */
export interface Observable<T> {
  readonly current: T;
  readonly onDidChange: Event<T>;
}

/** What windows of one user share. */
export interface Windows {
  readonly folder: StateFolder;
  /** Asks VS Code something cheap; it never settles once the window is gone. */
  readonly alive: () => PromiseLike<unknown>;
  /** Whether the user wants to be told of such things. */
  readonly isWanted: (kind: NewsKind) => boolean;
  /** None where nobody is reminded. */
  readonly loadReminder?: LoadReminder;
  readonly times?: LeaseTimes;
}

export interface CorePorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly fetch: Fetch;
  readonly credentials: CredentialStore;
  /** None where nobody can sign in, as in the demo. */
  readonly volvoId?: VolvoIdPorts;
  readonly settings: Observable<Settings>;
  readonly focus: Focus;
  /** None where the window is on its own, as in the demo. */
  readonly windows?: Windows;
  /** 0 to 1. */
  readonly random: () => number;
  readonly isDemo?: boolean;
}

/** The product without an editor: who the user is, what is known of the cars, and what keeps that fresh. */
export interface Core extends Disposable {
  /** Its cars are simulated. */
  readonly isDemo: boolean;
  readonly session: Session;
  readonly garage: Garage;
  readonly polling: LatePolling;
  /** Loaded at its first use. */
  readonly client: () => Promise<VolvoClient>;
  readonly settings: Observable<Settings>;
  /** There is something to tell, and this of all windows is to tell it. */
  readonly onDidHappen: Event<News>;
}

/** Builds the core and joins its parts. Nothing is asked of VS Code or Volvo before `start`. */
export function createCore(ports: CorePorts): Core & { start(): void; finish(): Promise<void> } {
  const { clock, log, settings } = ports;
  const store = new DisposableStore();
  const garage = store.add(new Garage());
  const session = store.add(
    createSession({
      store: ports.credentials,
      volvoId: ports.volvoId ?? noVolvoId,
      clock,
      log,
      addresses: () => {
        const { baseUrl, issuer } = settings.current;
        return { origin: baseUrl === undefined ? "" : new URL(baseUrl).origin, issuer };
      },
    }),
  );
  const happened = store.add(new Emitter<News>());
  const tell = (news: News) => happened.fire(news);
  const online = lazy(async () => {
    const hasShownLast = await showLast();
    const { createOnline } = await import("./online");
    return store.add(createOnline({ ...ports, garage, session, tell, hasShownLast }));
  });
  /** What was last known, before what asks Volvo is loaded. Resolves with whether there was anything. */
  async function showLast(): Promise<boolean> {
    const { windows } = ports;
    if (!windows || garage.current.cars.length === 0) return false;
    const { showLastKnown } = await import("./lastKnown");
    // Where the demo is to be shown, these cars are not, not even for a moment.
    return polling.isOn && showLastKnown({ folder: windows.folder, garage, clock });
  }
  const polling = store.add(
    new LatePolling({
      garage,
      log,
      isNeeded: () => garage.current.cars.length > 0 || session.current.kind === "ready",
      load: async () => (await online()).polling,
    }),
  );

  const hideInLog = ({ presenterMode }: Settings) => (ports.redactor.hidesVinTails = presenterMode);
  hideInLog(settings.current);
  garage.configure(settings.current.vehicles);
  store.add(
    settings.onDidChange((changed) => {
      hideInLog(changed);
      garage.configure(changed.vehicles);
      session.addressesChanged();
      polling.configurationChanged();
    }),
  );
  store.add(session.onDidChange(() => polling.configurationChanged()));

  return {
    isDemo: ports.isDemo ?? false,
    session,
    garage,
    polling,
    client: async () => (await online()).client,
    settings,
    onDidHappen: happened.event,
    start() {
      polling.on();
      void session.reload();
    },
    /** Before the process ends: others may lead at once, and nothing that was begun is cut off. */
    async finish() {
      polling.off();
      await session.whenIdle();
    },
    dispose: () => store.dispose(),
  };
}
