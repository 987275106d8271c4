import type { CredentialStore } from "../auth/credentialStore";
import { createSession, noVolvoId, type VolvoIdPorts } from "../auth/createSession";
import { grantedVersions } from "../auth/scopes";
import type { Session } from "../auth/session";
import { claim, forgetClaims } from "../base/claim";
import type { Clock } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter, type Event } from "../base/event";
import type { Focus } from "../base/focus";
import type { StateFolder } from "../base/folder";
import type { Logger } from "../base/log";
import type { Redactor } from "../base/redactor";
import { createNumberedLock, type LockTimes } from "../base/numberedLock";
import type { Turn } from "../base/turn";
import { WallTimer } from "../base/wallTimer";
import type { Settings } from "../settings/settings";
import { refusalOf } from "../charging/account";
import type { Automation } from "../charging/automation";
import { History } from "../history/history";
import { type HistoryFolder, memoryFolder } from "../history/historyFolder";
import { CarStore } from "../charging/carStore";
import { claimsFolder, EventNotifier } from "../notify/eventNotifier";
import type { Mode } from "../charging/mode";
import type { Vin } from "../charging/vin";
import type { Notice } from "../charging/notice";
import { Poller } from "../polling/poller";
import type { Credentials, Polling } from "../polling/polling";
import { type Automations, automationsFolder, AutomationWatch, type DueAutomation } from "../notify/automationWatch";
import { ReminderWatch } from "../notify/reminder";
import { type ApiChoice, createVolvoClient, type VolvoClient } from "../volvo/client";
import { createTransport, type Fetch } from "../volvo/transport";
import { createLocalTurns } from "../windows/localTurns";
import { newerVersionError, SharedState } from "../windows/sharedState";
import { lockTimes, type OwnTurns, WindowTurns } from "../windows/turns";

/** A value with an event for each replacement. */
export interface Observable<T> {
  readonly current: T;
  readonly onDidChange: Event<T>;
}

/** The connection of this window to the other windows of the same user. */
export interface Windows {
  /** The shared folder, with a time limit for each call (see `limitedFolder`). */
  readonly folder: StateFolder;
  /** Makes a cheap call to VS Code. It never settles once the window is closed. */
  readonly alive: () => PromiseLike<unknown>;
  /** Whether the user wants notifications of this kind. */
  readonly isWanted: (notice: Notice) => boolean;
  /** Absent if automations do not run. */
  readonly automations?: Automations;
  readonly times?: LockTimes;
}

export interface CorePorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly fetch: Fetch;
  readonly credentials: CredentialStore;
  /** Absent if no sign-in is possible, as in the demo. */
  readonly volvoId?: VolvoIdPorts;
  readonly settings: Observable<Settings>;
  readonly focus: Focus;
  /** Absent if the window shares nothing with others, as in the demo. */
  readonly windows?: Windows;
  /** The history folder if it is not in the shared folder: the demo's is in memory. */
  readonly historyFolder?: HistoryFolder;
  /** A number from 0 to 1. */
  readonly random: () => number;
  readonly isDemo?: boolean;
}

/** The product without an editor: the session, the cars, and the polling that keeps them fresh. */
export interface Core extends Disposable {
  /** True if the cars are simulated. */
  readonly isDemo: boolean;
  readonly session: Session;
  readonly carStore: CarStore;
  readonly polling: Polling;
  readonly client: VolvoClient;
  readonly turns: OwnTurns;
  readonly wallTimer: WallTimer;
  readonly settings: Observable<Settings>;
  readonly history: History;
  /** The id of this window. */
  readonly id: string;
  /** Fires for each notice that this window, and no other, must show. */
  readonly onDidNotify: Event<Notice>;
  /** Fires for each automation that this window, and no other, must run at once. */
  readonly onDidAutomate: Event<DueAutomation>;
  /**
   * Whether VS Code answers. The extension host of a closed window may keep running, but must not act for the user.
   * Never rejects.
   */
  isAlive(): Promise<boolean>;
  /**
   * Pauses the checks in all windows, watches closely, or ends the mode. Rejects without a change if the mode cannot be
   * shared with the other windows.
   */
  setMode(mode: Mode | undefined): Promise<void>;
  /** Deletes the history of these cars, or of all cars that ever had one. Rejects if it cannot be deleted. */
  deleteHistory(vins: readonly Vin[] | "all"): Promise<void>;
  /** Deletes everything that was learned about the cars. Rejects if it cannot be deleted. */
  forgetAll(): Promise<void>;
}

/** Builds the core from its parts. Makes no call to VS Code or Volvo before `start`. */
export function createCore(ports: CorePorts): Core & { start(): void; finish(): Promise<void> } {
  const { clock, log, settings, focus, windows, random } = ports;
  const store = new DisposableStore();
  const id = crypto.randomUUID();
  const automations = () => windows?.automations?.list() ?? [];
  const levels = () => [
    settings.current.notifications.batteryLevels,
    ...automations().flatMap(({ level }) => (level === undefined ? [] : [[level]])),
  ];
  const carStore = store.add(new CarStore(levels));
  const wallTimer = store.add(new WallTimer(clock, focus));
  const spendCall = () => {
    const now = clock.now();
    const refusal = refusalOf(carStore.current.account, settings.current.dailyCallBudget, now);
    if (!refusal) carStore.requested(id, now);
    return refusal;
  };
  const folder = windows?.folder;
  const state = folder && store.add(new SharedState({ folder, carStore, clock, log }));
  const times = windows?.times ?? lockTimes;
  function createTurns(): OwnTurns {
    if (!windows || !folder || !state) return createLocalTurns(clock, spendCall);
    const lock = createNumberedLock(folder.folder("refresh"), clock, times);
    return store.add(
      new WindowTurns({ lock, times, state, clock, log, focus, alive: windows.alive, spend: spendCall }),
    );
  }
  const turns = createTurns();
  const session: Session = store.add(
    createSession({
      store: ports.credentials,
      volvoId: ports.volvoId ?? noVolvoId,
      turns,
      backoff: {
        get: () => carStore.current.account.renewal,
        set: (renewal) =>
          carStore.updateAccount(({ renewal: _, ...account }) => (renewal ? { ...account, renewal } : account)),
      },
      isQuiet: () => polling.isQuiet,
      clock,
      log,
      addresses: () => {
        const { baseUrl, issuer } = settings.current;
        return { origin: baseUrl === undefined ? "" : new URL(baseUrl).origin, issuer };
      },
    }),
  );
  const transport = createTransport({
    fetch: ports.fetch,
    clock,
    log,
    authorizer: session,
    baseUrl: () => settings.current.baseUrl ?? "",
  });
  const client = createVolvoClient({
    transport,
    clock,
    log,
    redactor: ports.redactor,
    currentChoice: () => apiChoice(settings.current, session),
    memory: {
      get: () => carStore.current.account.workingVersion,
      set: (workingVersion) => carStore.versionFound(workingVersion),
    },
  });
  const credentials: Credentials = {
    get current() {
      const { current } = session;
      return current.kind === "ready" && settings.current.baseUrl !== undefined ? current.credentials : undefined;
    },
    get generation() {
      return session.generation;
    },
    get renewal() {
      return session.blockedRenewal;
    },
    get isSignedOut() {
      return session.current.kind === "incomplete";
    },
  };
  const history = store.add(
    new History({
      ...{ carStore, clock, log },
      folder: ports.historyFolder ?? folder?.folder("history") ?? memoryFolder(),
      settings: () => settings.current.history,
      capacityOf: (vin) => settings.current.vehicles.find((car) => car.vin === vin)?.batteryKwh,
    }),
  );
  const polling: Poller = store.add(
    new Poller({
      ...{ clock, client, carStore, history, log, credentials, focus, turns, wallTimer, id, random },
      heartbeatMs: times.heartbeatMs,
      ...(state && { state }),
      settings: () => scheduleSettings(settings.current, automations()),
    }),
  );
  const notified = store.add(new Emitter<Notice>());
  const automated = store.add(new Emitter<DueAutomation>());
  const isAlive = () => turns.isAlive();
  if (windows && folder) {
    const { isWanted } = windows;
    const claims = folder.folder(claimsFolder);
    const eventNotifier = store.add(
      new EventNotifier({
        ...{ clock, carStore, focus, wallTimer, isWanted, isAlive },
        claim: (notice) => claim(claims, notice.id),
        forgetClaims: (current) => forgetClaims(claims, current),
      }),
    );
    store.add(eventNotifier.onDidClaim((notice) => notified.fire(notice)));
    if (windows.automations) {
      const automationWatch = store.add(
        new AutomationWatch({
          ...windows.automations,
          ...{ clock, carStore, settings, focus, wallTimer, log, id, isAlive },
          carIds: () => history.carIds(),
          folder: folder.folder(automationsFolder),
        }),
      );
      store.add(automationWatch.onDidClaim((due) => automated.fire(due)));
    }
    const reminders = folder.folder("reminders");
    store.add(new ReminderWatch({ clock, carStore, log, settings, folder: reminders, wallTimer, turns, polling }));
  }

  const updateRedactor = ({ presenterMode, vehicles }: Settings) => {
    ports.redactor.hidesVinTails = presenterMode;
    ports.redactor.learnVins(vehicles.map(({ vin }) => vin));
  };
  updateRedactor(settings.current);
  carStore.configure(settings.current.vehicles);
  let versionBefore = versionSettings(settings.current);
  store.add(
    settings.onDidChange((changed) => {
      updateRedactor(changed);
      // The working version was found with the old settings, so a change discards it.
      const versionNow = versionSettings(changed);
      if (versionNow !== versionBefore) carStore.updateAccount(({ workingVersion: _, ...account }) => account);
      versionBefore = versionNow;
      carStore.configure(changed.vehicles);
      session.addressesChanged();
      polling.configurationChanged();
    }),
  );
  store.add(session.onDidChange(() => polling.configurationChanged()));

  async function change(action: (turn: Turn) => Promise<void> | void): Promise<void> {
    const outcome = await turns.take("change", async (turn) => action(turn));
    if (!outcome) throw new Error("No turn to change the shared state: busy");
    polling.configurationChanged();
  }

  async function setMode(mode: Mode | undefined): Promise<void> {
    let before: { readonly mode: Mode | undefined } | undefined;
    try {
      await change(async (turn) => {
        before ??= { mode: carStore.current.mode };
        if (!turn.isExclusive) throw new Error("The folder that the windows share cannot be used");
        if (carStore.current.sharing === "newer") throw newerVersionError();
        carStore.modeChanged(mode);
        await turn.write();
      });
    } catch (error) {
      if (before) carStore.modeChanged(before.mode);
      throw error;
    }
  }

  return {
    ...{
      isDemo: ports.isDemo ?? false,
      session,
      carStore,
      history,
      polling,
      client,
      turns,
      wallTimer,
      settings,
      id,
      isAlive,
    },
    onDidNotify: notified.event,
    onDidAutomate: automated.event,
    setMode,
    deleteHistory: (vins) =>
      change(async (turn) => {
        await (vins === "all" ? history.deleteAll() : history.delete(vins));
        await turn.write();
      }),
    forgetAll: () =>
      change(async () => {
        await history.forget();
        if (state) await state.forget();
        else carStore.forgetAll(clock.now());
      }),
    start() {
      history.start();
      polling.on();
      void session.reload();
    },
    /** Call before the process ends. Turns polling off, and waits for a running renewal or turn. */
    async finish() {
      polling.off();
      await session.whenIdle();
      await turns.whenIdle();
    },
    dispose: () => store.dispose(),
  };
}

/** The settings for planning checks. An automation on plugging in or unplugging counts like that notification. */
function scheduleSettings(settings: Settings, automations: readonly Automation[]): Settings {
  const waitsFor = (event: "connected" | "disconnected") => automations.some(({ on }) => on === event);
  const { notifications } = settings;
  const connected = notifications.connected || waitsFor("connected");
  const disconnected = notifications.disconnected || waitsFor("disconnected");
  return { ...settings, notifications: { ...notifications, connected, disconnected } };
}

function versionSettings({ apiVersion, baseUrl = "" }: Settings): string {
  return `${apiVersion} ${baseUrl}`;
}

function apiChoice(settings: Settings, { current }: Session): ApiChoice {
  const ready = current.kind === "ready" ? current : undefined;
  const scope = [ready?.credentials ?? "", settings.baseUrl ?? "", settings.apiVersion].join(" ");
  const granted = grantedVersions(ready?.account.kind === "volvoId" ? ready.account.scopes : []);
  return { setting: settings.apiVersion, scope, granted, tokenIsForOneApi: ready?.account.kind === "testToken" };
}
