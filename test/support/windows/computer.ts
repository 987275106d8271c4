import { limitedFolder } from "../../../src/windows/limitedFolder";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { secondMs, sleep } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import type { StateFolder } from "../../../src/base/folder";
import { Redactor } from "../../../src/base/redactor";
import { createCore } from "../../../src/core/core";
import type { DueAutomation } from "../../../src/notify/automationWatch";
import { parseAutomations } from "../../../src/settings/automations";
import { isNoticeWanted, parseSettings, type Settings } from "../../../src/settings/settings";
import type { Notice } from "../../../src/charging/notice";
import { saltFile } from "../../../src/windows/carKeys";
import type { StateFile } from "../../../src/windows/stateSchema";
import { readState } from "../../../src/windows/stateFile";
import { stateFile, turnOf } from "../../../src/windows/stateFileNames";
import { SecretWorld } from "../auth/secrets";
import { type FolderOptions, MemoryDisk } from "../disk/memoryFolder";
import { MachineClock } from "./clock";
import { WindowsService } from "./service";
import { WindowsVolvoId } from "./volvoId";

export const origin = "https://volvo.test";

/** The interval of a lock's heartbeats, and the silence after which others take the lock over (ms). */
export interface Beats {
  readonly heartbeatMs: number;
  readonly staleMs: number;
}

export const productBeats: Beats = { heartbeatMs: 5 * secondMs, staleMs: 15 * secondMs };

export interface ComputerOptions {
  readonly cars?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secrets?: "desktop" | "web";
  /** Default {@link productBeats}. */
  readonly times?: Beats;
  readonly random?: () => number;
  /** The credentials stored before any window opens: true (default) for a pasted token, false for none. */
  readonly signedIn?: boolean | "volvoId";
  /** The clock's first time, ms since the epoch. */
  readonly startAt?: number;
}

/** The folders that contain a lock, below the shared folder. */
const lockFolders: readonly string[] = ["refresh"];

/** The place of a window's external step. */
export type StepPlace = "folder" | "lock" | "secrets" | "token" | "request";

export interface WindowOptions extends Pick<FolderOptions, "before" | "fault" | "watches"> {
  /** Limits the data that it shares with other windows, as a negative control. Default: no limit. */
  readonly shares?: "allButTheLocks" | "nothing";
  readonly isFocused?: boolean;
  /** The user trusts its workspace; default true. */
  readonly isTrusted?: boolean;
  /** Its workspace folders. */
  readonly folders?: readonly string[];
  /** Called before each external step of the window and after each response. It may kill the window. */
  readonly onStep?: (where: StepPlace) => void;
}

export function vinAt(index: number): string {
  return `YV1TEST${String(index).padStart(10, "0")}`;
}

/** A computer with one user, whose windows share a folder, settings and secrets, and the service that they ask. */
export class Computer {
  readonly clock: MachineClock;
  readonly disk = new MemoryDisk();
  readonly service: WindowsService;
  readonly secrets: SecretWorld;
  readonly volvoId: WindowsVolvoId;
  readonly windows: SimulatedWindow[] = [];
  readonly settingsChanged = new Emitter<Settings>();
  settings: Settings;
  private raw: Record<string, unknown>;

  constructor(readonly options: ComputerOptions = {}) {
    this.clock = new MachineClock(options.startAt);
    this.service = new WindowsService(this.clock);
    const vehicles = Array.from({ length: options.cars ?? 1 }, (_, index) => vinAt(index));
    this.raw = { vehicles, "api.baseUrl": origin, apiVersion: "v2", ...options.settings };
    this.settings = this.parse();
    this.secrets = new SecretWorld(this.clock, options.secrets ?? "desktop");
    this.volvoId = new WindowsVolvoId(this.clock, this.secrets);
    if (options.signedIn === "volvoId") this.volvoId.signIn(origin);
    else if (options.signedIn !== false) this.signIn("token-1");
  }

  /** Stores a pasted token before any window opens. */
  signIn(accessToken: string): void {
    this.secrets.disk.set(secretKeys.apiKey, JSON.stringify({ origin, value: "key" }));
    this.secrets.disk.set(secretKeys.grant, JSON.stringify({ kind: "testToken", origin, accessToken }));
  }

  change(settings: Readonly<Record<string, unknown>>): void {
    this.raw = { ...this.raw, ...settings };
    this.settings = this.parse();
    this.settingsChanged.fire(this.settings);
  }

  open(options: WindowOptions = {}): SimulatedWindow {
    const window = new SimulatedWindow(this, options);
    this.windows.push(window);
    return window;
  }

  /** The window that sent the last request, open or not. Throws before the first request. */
  get lastAsker(): SimulatedWindow {
    const { lastRequest } = this.service;
    const window = lastRequest && this.windows[lastRequest.from.window];
    if (!window) throw new Error("No window has asked yet");
    return window;
  }

  /** The windows that sent requests at `realMs` ({@link MachineClock.realMs}) or later, each once. */
  askersSince(realMs: number): readonly SimulatedWindow[] {
    const since = this.service.requests.filter((request) => request.realMs >= realMs);
    return [...new Set(since.map(({ from }) => this.windows[from.window]!))];
  }

  /** An open window that did not send the last request. Throws if there is none. */
  get bystander(): SimulatedWindow {
    const window = this.windows.find((each) => !each.isGone && each !== this.lastAsker);
    if (!window) throw new Error("No window except the last asker is open");
    return window;
  }

  /** The paths of all files of the windows. */
  get files(): readonly string[] {
    return [...this.disk.contents.keys()];
  }

  /** The content of the shared state file; `undefined` without one. */
  get stateText(): string | undefined {
    return this.disk.contents.get(this.statePath);
  }

  /** Replaces {@link stateText}. */
  putState(text: string): void {
    this.disk.put(this.statePath, text);
  }

  /** The parsed {@link stateText}; `undefined` if it is unreadable. */
  get state(): StateFile | undefined {
    const reading = readState(this.stateText ?? "");
    return reading.kind === "read" ? reading.file : undefined;
  }

  private get statePath(): string {
    const numbers = this.files.map((path) => turnOf(path.replace("storage/", "")) ?? 0);
    return `storage/${stateFile(Math.max(...numbers))}`;
  }

  /** The salt of the cars' keys in the shared files. */
  get salt(): string | undefined {
    return this.disk.contents.get(saltPath);
  }

  putSalt(text: string): void {
    this.disk.put(saltPath, text);
  }

  run(ms: number): Promise<void> {
    return this.clock.run(ms);
  }

  private parse(): Settings {
    return parseSettings((key) => this.raw[key]);
  }
}

const saltPath = `storage/${saltFile}`;

/** True if `name` is a name of the shared state file. */
export function isStateFile(name: string): boolean {
  return turnOf(name) !== undefined;
}

/** A window with its extension host. */
export class SimulatedWindow {
  readonly core: ReturnType<typeof createCore>;
  readonly log: string[] = [];
  /** The events that it has shown to the user. */
  readonly told: Notice[] = [];
  /** The automations that it has run. */
  readonly ran: DueAutomation[] = [];
  private readonly focusChanged = new Emitter<boolean>();
  private focused: boolean;
  private focusedAt: number;
  private dead = false;
  private isPageClosed = false;
  private answersAtRealMs = -Infinity;
  private suspendedUntilAwakeMs = -Infinity;
  /** The number of checks whether VS Code responds. */
  probes = 0;

  constructor(
    private readonly computer: Computer,
    options: WindowOptions,
  ) {
    const { clock: machine, disk, service, secrets } = computer;
    const isDead = () => this.dead;
    const clock = machine.forProcess(isDead, () => this.suspendedUntilAwakeMs);
    const resumed = () => sleep(machine, this.suspendedUntilAwakeMs - machine.awakeMs);
    this.focused = options.isFocused ?? false;
    this.focusedAt = clock.now();
    const redactor = new Redactor();
    const settings = {
      get current() {
        return computer.settings;
      },
      onDidChange: computer.settingsChanged.event,
    };
    const write = (message: string) => void this.log.push(message);
    const isFocused = () => this.focused;
    const lastFocusedAt = () => (this.focused ? clock.now() : this.focusedAt);
    const step = (where: StepPlace) => options.onStep?.(where);
    const store = secrets.open(
      () => this.dead || this.isPageClosed,
      () => Promise.resolve(step("secrets")),
      () => this.isPageClosed,
    );
    const folderAt = (path: string, where: StepPlace) =>
      disk.open(path, {
        ...options,
        isDead,
        before: async (call, name) => {
          if (this.isSuspended) await resumed();
          step(where);
          await options.before?.(call, name);
        },
      });
    const number = computer.windows.length;
    const shared = folderAt("storage", "folder");
    const lockRoot = options.shares ? `storage-${number}` : "storage";
    const grantLock = folderAt(`${lockRoot}/refresh`, "lock");
    const folder: StateFolder = {
      ...shared,
      folder: (name) => {
        if (name === "refresh") return grantLock;
        return lockFolders.includes(name) ? folderAt(`${lockRoot}/${name}`, "folder") : shared.folder(name);
      },
    };
    this.core = createCore({
      clock,
      redactor,
      log: { trace: write, debug: write, info: write, warn: write, error: write },
      fetch: async (url, init) => {
        step("request");
        if (this.dead) return new Promise<never>(() => undefined);
        const answer = await service.fetch(url, init, { window: number });
        step("request");
        if (this.isSuspended) await resumed();
        return answer;
      },
      ...(computer.options.signedIn === "volvoId" && {
        volvoId: computer.volvoId.ports(grantLock, clock, () => step("token"), isDead),
      }),
      credentials: new CredentialStore({
        secrets: store,
        mark: { isSet: () => Promise.resolve(false), set: () => Promise.resolve() },
        clock,
        redactor,
      }),
      settings,
      focus: {
        get isFocused() {
          return isFocused();
        },
        lastFocusedAt,
        onDidChange: this.focusChanged.event,
      },
      random: computer.options.random ?? (() => 0.5),
      ...(options.shares !== "nothing" && {
        windows: {
          folder: limitedFolder(folder, clock),
          alive: () => {
            this.probes++;
            if (this.isPageClosed) return new Promise<never>(() => undefined);
            const waitMs = this.answersAtRealMs - machine.realMs;
            return waitMs > 0 ? sleep(clock, waitMs) : Promise.resolve();
          },
          automations: {
            list: () => parseAutomations(computer.settings.automations, computer.settings.vehicles).automations,
            onDidChange: computer.settingsChanged.event,
            mayRun: ({ folder: wanted }) =>
              (options.isTrusted ?? true) && (wanted === undefined || (options.folders ?? []).includes(wanted)),
          },
          isWanted: (notice) => isNoticeWanted(notice, computer.settings),
          ...(computer.options.times && { times: computer.options.times }),
        },
      }),
    });
    this.core.onDidNotify((event) => this.told.push(event));
    this.core.onDidAutomate((due) => this.ran.push(due));
    this.core.start();
  }

  /** Closed or killed. */
  get isGone(): boolean {
    return this.dead;
  }

  /** The state of the first car that the window shows. */
  get shown(): string | undefined {
    return this.core.carStore.current.cars[0]?.reading?.connection.value.kind;
  }

  get isFocused(): boolean {
    return this.focused;
  }

  focus(isFocused = true): void {
    if (this.focused === isFocused) return;
    if (!isFocused) this.focusedAt = this.computer.clock.now();
    this.focused = isFocused;
    this.focusChanged.fire(isFocused);
  }

  /** The user closes it: VS Code lets the extension clean up. */
  close(): void {
    this.core.dispose();
    this.dead = true;
  }

  /** kill -9 of its extension host. VS Code still writes the secrets that it was given. */
  kill(): void {
    this.dead = true;
  }

  /** True while its process is suspended or VS Code does not respond. */
  get isStalled(): boolean {
    return this.isSuspended || this.answersAtRealMs > this.computer.clock.realMs;
  }

  private get isSuspended(): boolean {
    return this.suspendedUntilAwakeMs > this.computer.clock.awakeMs;
  }

  /** Suspends its process for `ms`, at any point of its work, while all others run. An earlier suspension goes on. */
  suspend(ms: number): void {
    this.suspendedUntilAwakeMs = Math.max(this.suspendedUntilAwakeMs, this.computer.clock.awakeMs + ms);
  }

  /** VS Code does not respond for `ms`. */
  stall(ms: number): void {
    this.answersAtRealMs = this.computer.clock.realMs + ms;
  }

  /** The page is closed and its extension host runs on: VS Code never responds again. */
  abandon(): void {
    this.isPageClosed = true;
  }
}
